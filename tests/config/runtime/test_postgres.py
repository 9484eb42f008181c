"""The embedded database server in a data folder of its own, started and stopped as the command line does it."""

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

Embedded = Callable[..., str]


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Each worker's own, and reachable for the server's user: pytest's folders are not when root runs the tests."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    return Path(os.environ["HOMEWARD_DATA"]) / f"{worker}-{tmp_path_factory.mktemp('embedded').name}"


@pytest.fixture
def python(folder: Path) -> Iterator[Embedded]:
    """Runs Python code with ``config.runtime.postgres`` imported as ``e`` and returns what it printed."""
    environment = {**os.environ, "HOMEWARD_DATA": str(folder)}
    environment.pop("DATABASE_URL", None)
    environment.pop("HOMEWARD_TEST")  # no haste here: what was committed must survive

    def run(code: str) -> str:
        command = [sys.executable, "-c", f"from config.runtime import postgres as e\n{code}"]
        done = subprocess.run(
            command, env=environment, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True, check=True, timeout=90
        )
        return done.stdout.strip()

    yield run
    run("e.forget()")


def test_it_starts_keeps_its_rows_over_a_kill_and_stops(python: Embedded, folder: Path) -> None:
    where = python("e.ensure(); e.ensure(); print(e.SOCKET_DIR)")
    with psycopg.connect(host=where, user="postgres", dbname="homeward", autocommit=True) as session:
        session.execute("CREATE TABLE kept (word text)")
        session.execute("INSERT INTO kept VALUES ('归程')")
    pid_file = folder / "postgres" / "data" / "postmaster.pid"
    os.kill(int(pid_file.read_text().split()[0]), signal.SIGKILL)
    python("e.ensure()")
    with psycopg.connect(host=where, user="postgres", dbname="homeward") as session:
        assert session.execute("SELECT word FROM kept").fetchall() == [("归程",)]
        assert session.execute("SHOW listen_addresses").fetchone() == ("",)
        session.execute("CREATE EXTENSION pg_trgm")
        assert session.execute("SELECT show_trgm('归程') <> '{}'").fetchone() == (True,)
    python("e.stop()")
    assert not pid_file.exists()
    assert python("print(e.is_running())") == "False"


def test_two_processes_at_once_start_one_server(python: Embedded) -> None:
    code = "import multiprocessing as m; m.set_start_method('fork'); a = [m.Process(target=e.ensure) for _ in 'abc']"
    assert (
        python(f"{code}; [p.start() for p in a]; [p.join() for p in a]; print([p.exitcode for p in a])") == "[0, 0, 0]"
    )
    assert python("print(e.is_running())") == "True"


def test_its_socket_is_private_and_short(python: Embedded) -> None:
    where = Path(python("e.ensure(); print(e.SOCKET_DIR)"))
    assert stat.S_IMODE(where.stat().st_mode) == 0o700
    assert len(str(where / ".s.PGSQL.5432")) <= 107


def test_a_socket_folder_of_somebody_else_is_refused(python: Embedded, tmp_path: Path) -> None:
    target = tmp_path / "elsewhere"
    target.mkdir()
    code = f"""
import os
os.symlink({str(target)!r}, e.SOCKET_DIR)
try:
    e.ensure()
except e.EmbeddedDatabaseError as error:
    print(error)
finally:
    os.unlink(e.SOCKET_DIR)
"""
    assert "belongs to another user" in python(code)


def test_with_a_database_named_nothing_is_started(python: Embedded) -> None:
    assert (
        python("import os; os.environ['DATABASE_URL'] = 'postgres://x'; e.ensure(); print(e.DATA_DIR.exists())")
        == "False"
    )


def test_the_kept_key_is_the_same_for_all_and_private(python: Embedded, folder: Path) -> None:
    keys = {python("print(e.stored_secret())") for _ in range(2)}
    assert len(keys) == 1
    assert len(keys.pop()) >= 50
    assert stat.S_IMODE((folder / "secret_key").stat().st_mode) == 0o600


def test_importing_the_settings_writes_nothing(python: Embedded, folder: Path) -> None:
    python("import config.settings")
    assert not folder.exists()
