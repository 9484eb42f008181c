"""``manage.py run`` in a data folder and on a port of its own, as ``make run`` starts it."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest
from django.conf import settings

from config.runtime import supervisor

PYTHON = [sys.executable, "manage.py"]


@pytest.fixture
def environment_of_nobody(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A data folder that the database's user can reach, and none of what the test run sets."""
    folder = Path(os.environ["HOMEWARD_DATA"]) / tmp_path_factory.mktemp("run").name
    kept = {name: value for name, value in os.environ.items() if name not in {"HOMEWARD_TEST", "DATABASE_URL", "DEMO"}}
    return kept | {
        "HOMEWARD_DATA": str(folder),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PORT": str(a_free_port()),
        "WEB_CONCURRENCY": "1",
    }


@pytest.fixture
def environment(environment_of_nobody: dict[str, str]) -> Iterator[dict[str, str]]:
    yield environment_of_nobody
    subprocess.run([*PYTHON, "database", "forget"], env=environment_of_nobody, cwd=settings.BASE_DIR, check=True)


@contextmanager
def running(environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """``manage.py run`` until the block ends."""
    process = subprocess.Popen(
        [*PYTHON, "run"],
        env=environment,
        cwd=settings.BASE_DIR,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    yield process
    if process.poll() is None:
        process.terminate()
    process.communicate(timeout=60)


@pytest.fixture
def product(environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    with running(environment) as process:
        yield process


def a_free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def lines_until(process: subprocess.Popen[str], words: str) -> str:
    assert process.stdout
    seen = ""
    for line in process.stdout:
        seen += line
        if words in line:
            return seen
    pytest.fail(f"It ended without saying {words!r}:\n{seen}")


def descendants(pid: int) -> set[int]:
    """All processes below ``pid``, by the kernel's own list."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parents.setdefault(int(stat.read_text().rpartition(")")[2].split()[1]), []).append(int(stat.parent.name))
    found: set[int] = set()
    ahead = [pid]
    while ahead:
        children = parents.get(ahead.pop(), [])
        found |= set(children)
        ahead += children
    return found


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_ctrl_c_stops_web_workers_scheduler_and_database(
    product: subprocess.Popen[str], environment: dict[str, str]
) -> None:
    lines_until(product, "Ctrl-C stops everything")
    with urllib.request.urlopen(f"http://127.0.0.1:{environment['PORT']}/readyz", timeout=10) as answer:
        assert (answer.status, answer.read()) == (200, b"ok")
    pid_file = Path(environment["HOMEWARD_DATA"]) / "postgres" / "data" / "postmaster.pid"
    running = descendants(product.pid) | {int(pid_file.read_text().split()[0])}
    assert len(running) >= 5  # web and its child, worker and its children, scheduler, database
    product.send_signal(signal.SIGINT)
    assert "Nothing is lost" in lines_until(product, "Nothing is lost")
    assert product.wait(timeout=10) == 0
    assert [pid for pid in running if is_alive(pid)] == []
    assert not pid_file.exists()


def test_the_demo_shows_pages_while_it_is_filled_and_begins_anew_when_that_was_stopped(
    environment: dict[str, str],
) -> None:
    environment["DEMO"] = "1"
    with running(environment) as first:
        lines_until(first, "Ctrl-C stops everything")
        with urllib.request.urlopen(f"http://127.0.0.1:{environment['PORT']}/", timeout=10) as answer:
            page = answer.read().decode()
        found = re.search(r"still being filled: (\d+) of 400 orders", page)
        assert found
        assert 20 <= int(found[1]) < 400
        first.send_signal(signal.SIGINT)
        lines_until(first, "the next start begins it anew")
    with running(environment) as second:
        lines_until(second, "it begins anew")
        lines_until(second, "Ctrl-C stops everything")


def test_a_taken_port_is_a_sentence_and_not_a_traceback(environment: dict[str, str]) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", int(environment["PORT"])))
        taken.listen()
        done = subprocess.run([*PYTHON, "run"], env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True)
    assert done.returncode == 1
    assert f"Port {environment['PORT']} is not free." in done.stderr
    assert "Traceback" not in done.stderr


def test_when_one_process_ends_the_others_are_stopped() -> None:
    long, short = [sys.executable, "-c", "import time; time.sleep(60)"], [sys.executable, "-c", ""]
    begun = time.monotonic()
    ended = supervisor.run(
        {"long": long, "short": short}, when_started=lambda all_run: None, when_told=lambda: pytest.fail("nobody did")
    )
    assert ended == "short"
    assert time.monotonic() - begun < 10


def test_a_child_that_does_not_listen_is_ended_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "GRACE", 1)
    deaf = [sys.executable, "-c", "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"]

    before = descendants(os.getpid())

    def when_started(all_run: object) -> None:
        time.sleep(1)
        os.kill(os.getpid(), signal.SIGTERM)

    assert supervisor.run({"deaf": deaf}, when_started=when_started, when_told=lambda: None) == ""
    assert descendants(os.getpid()) <= before
