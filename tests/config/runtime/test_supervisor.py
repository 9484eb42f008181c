"""``manage.py run`` in a data folder and on a port of its own, as ``make run`` starts it."""

import os
import re
import secrets
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from threading import Timer

import pytest
from django.conf import settings

PYTHON = [sys.executable, "manage.py"]


@pytest.fixture
def environment_of_nobody() -> dict[str, str]:
    """A data folder that the database's user can reach and no other process has, and none of what the test run sets."""
    folder = Path(os.environ["HOMEWARD_DATA"]) / f"run-{secrets.token_hex(4)}"
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
    for file in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parents.setdefault(int(file.read_text().rpartition(")")[2].split()[1]), []).append(int(file.parent.name))
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


@pytest.mark.slow
def test_ctrl_c_stops_web_workers_scheduler_and_database(
    product: subprocess.Popen[str], environment: dict[str, str]
) -> None:
    lines_until(product, "Ctrl-C stops everything")
    with urllib.request.urlopen(f"http://127.0.0.1:{environment['PORT']}/readyz", timeout=40) as answer:
        assert (answer.status, answer.read()) == (200, b"ok")
    pid_file = Path(environment["HOMEWARD_DATA"]) / "postgres" / "data" / "postmaster.pid"
    running = descendants(product.pid) | {int(pid_file.read_text().split()[0])}
    assert len(running) >= 5  # web and its child, worker and its children, scheduler, database
    product.send_signal(signal.SIGINT)
    assert "Nothing is lost" in lines_until(product, "Nothing is lost")
    assert product.wait(timeout=40) == 0
    assert [pid for pid in running if is_alive(pid)] == []
    assert not pid_file.exists()


def status_of(environment: dict[str, str], path: str = "/readyz") -> int:
    """The status that the product answers; 0 for no answer."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{environment['PORT']}{path}", timeout=40) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def modes_below(folder: Path) -> dict[str, str]:
    """What other users may do with anything in the folder.

    Left out are the database's own files, which are private as a whole, and the copy of its programs, which is no data:
    it is there when the server's user cannot reach the installed ones.
    """
    others = {"data", "postgres-bin"}
    found = {
        path: path.lstat().st_mode for path in folder.rglob("*") if others.isdisjoint(path.relative_to(folder).parts)
    }
    return {
        str(path.relative_to(folder)): f"{stat.S_IMODE(mode):o}"
        for path, mode in found.items()
        if mode & 0o077 and not stat.S_ISSOCK(mode)
    }


@pytest.mark.long
@pytest.mark.slow
def test_it_lives_on_when_the_database_dies_and_a_second_start_stops_nothing(environment: dict[str, str]) -> None:
    environment["DISK_LOW_MB"] = str(10**9)
    folder = Path(environment["HOMEWARD_DATA"])
    pid_file = folder / "postgres" / "data" / "postmaster.pid"
    old_umask = os.umask(0o022)
    with running(environment) as product:
        said = lines_until(product, "Ctrl-C stops everything")
        assert f"MB are free on the disk of {folder}. Make room before it is full" in said
        assert status_of(environment) == 200

        first = int(pid_file.read_text().split()[0])
        os.kill(first, signal.SIGKILL)
        lines_until(product, "The database had stopped. It is being started again")
        until(lambda: status_of(environment) == 200)
        assert int(pid_file.read_text().split()[0]) != first

        for start in (environment, environment | {"PORT": str(a_free_port())}):
            second = subprocess.run([*PYTHON, "run"], env=start, cwd=settings.BASE_DIR, capture_output=True, text=True)
            assert second.returncode == 1
            assert f"Homeward already runs on the data folder {folder} (process {product.pid}, http://" in second.stderr
        for action in ("stop", "forget"):
            refused = subprocess.run(
                [*PYTHON, "database", action], env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True
            )
            assert (refused.returncode, "already runs on the data folder" in refused.stderr) == (1, True)
        assert status_of(environment) == 200

        subprocess.run([*PYTHON, "shell", "-c", WRITE], env=environment, cwd=settings.BASE_DIR, check=True)
        until(lambda: (folder / "checkpoints").exists())  # by an hourly job, which never ran before
        assert modes_below(folder) == {}
        assert stat.S_IMODE(folder.stat().st_mode) == (0o711 if os.geteuid() == 0 else 0o700)
    os.umask(old_umask)


WRITE = """
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.mail import send_mail
default_storage.save("pictures/ab/a.jpg", ContentFile(b"x"))
send_mail("Subject", "Words", None, ["ada@shop.example"])
"""


def until(true: Callable[[], bool]) -> None:
    """Wait until ``true`` says so; a minute at most."""
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.2)


@pytest.mark.long
@pytest.mark.slow
def test_a_database_that_ran_before_is_left_running(environment: dict[str, str]) -> None:
    subprocess.run([*PYTHON, "database", "start"], env=environment, cwd=settings.BASE_DIR, check=True)
    with running(environment) as product:
        lines_until(product, "Ctrl-C stops everything")
    asked = subprocess.run(
        [*PYTHON, "database", "status"], env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True
    )
    assert asked.stdout.strip() == "running"
    subprocess.run([*PYTHON, "database", "stop"], env=environment, cwd=settings.BASE_DIR, check=True)


@pytest.mark.long
@pytest.mark.slow
def test_the_demo_shows_pages_while_it_is_filled_and_begins_anew_when_that_was_stopped(
    environment: dict[str, str],
) -> None:
    environment["DEMO"] = "1"
    with running(environment) as first:
        lines_until(first, "Ctrl-C stops everything")
        with urllib.request.urlopen(f"http://127.0.0.1:{environment['PORT']}/", timeout=40) as answer:
            page = answer.read().decode()
        found = re.search(r"still being filled: (\d+) of 400 orders", page)
        assert found
        assert 20 <= int(found[1]) < 400
        first.send_signal(signal.SIGINT)
        lines_until(first, "the next start begins it anew")
    with running(environment) as second:
        lines_until(second, "it begins anew")
        lines_until(second, "Filling the demo's shops")


def test_a_taken_port_is_a_sentence_and_not_a_traceback(environment: dict[str, str]) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", int(environment["PORT"])))
        taken.listen()
        done = subprocess.run([*PYTHON, "run"], env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True)
    assert done.returncode == 1
    assert f"Port {environment['PORT']} is not free." in done.stderr
    assert "Traceback" not in done.stderr


def program(*lines: str) -> list[str]:
    return [sys.executable, "-c", "\n".join(["import signal, subprocess, sys, time", *lines])]


PATIENCE = 30
SLEEPING = program("print('sleeping'); time.sleep(60)")
SHORT = program("print('I am done')")
DEAF = program("signal.signal(signal.SIGTERM, signal.SIG_IGN)", "print('deaf'); time.sleep(60)")
SLOW = program(
    "signal.signal(signal.SIGTERM, lambda *_: (time.sleep(7), print('finished what was begun'), sys.exit()))",
    "print('slow'); time.sleep(60)",
)
WITH_A_POOL = program(
    "code = 'import time; time.sleep(2); print(\"the task is done\")'",
    "child = subprocess.Popen([sys.executable, '-c', code])",
    "signal.signal(signal.SIGTERM, lambda *_: sys.exit(child.wait()))",
    "print('working'); time.sleep(60)",
)
LEFT_BEHIND = program(
    "quiet = {'stdout': subprocess.DEVNULL, 'stderr': subprocess.DEVNULL}",
    "print('left', subprocess.Popen(['sleep', '60'], **quiet).pid)",
)


@contextmanager
def supervised(grace: float = 15, **commands: list[str]) -> Iterator[subprocess.Popen[str]]:
    """``config.runtime.supervisor.run`` in a process of its own, which says what it was told and what it returned.

    It is killed after ``PATIENCE`` seconds, and what waits for its words fails then.
    """
    script = (
        "from config.runtime.supervisor import run\n"
        f"ended = run({commands!r}, grace={grace}, when_started=lambda all_run: print('all started', flush=True),"
        " when_signalled=lambda: print('told to stop', flush=True))\n"
        "print('returned', repr(ended), flush=True)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=settings.BASE_DIR,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    watchdog = Timer(PATIENCE, process.kill)
    watchdog.start()
    yield process
    watchdog.cancel()
    process.kill()
    process.communicate()


def rest_of(process: subprocess.Popen[str], below: set[int]) -> str:
    """What it says until it has returned; nothing of it is alive then."""
    said = lines_until(process, "returned")
    assert process.wait(timeout=40) == 0
    assert [pid for pid in below if is_alive(pid)] == []
    return said


def test_when_one_process_ends_the_others_are_stopped() -> None:
    begun = time.monotonic()
    with supervised(long=SLEEPING, short=SHORT) as process:
        said = lines_until(process, "returned")
    assert "returned 'short'" in said
    assert "told to stop" not in said
    assert re.search(r"^[0-9:]+ short +\| I am done$", said, re.MULTILINE)
    assert time.monotonic() - begun < 20


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_all_and_is_said_once(number: signal.Signals) -> None:
    with supervised(one=SLEEPING, two=SLEEPING) as process:
        lines_until(process, "sleeping")
        lines_until(process, "sleeping")
        below = descendants(process.pid)
        os.killpg(process.pid, number)  # as a terminal does: honcho's own processes hear it too
        os.killpg(process.pid, number)
        said = rest_of(process, below)
    assert said.count("told to stop") == 1
    assert "returned ''" in said
    assert "Traceback" not in said


def test_a_signal_before_all_have_started_stops_all() -> None:
    with supervised(**{f"number{number}": SLEEPING for number in range(9)}) as process:
        while not descendants(process.pid):
            time.sleep(0.001)
        process.send_signal(signal.SIGTERM)
        said = rest_of(process, descendants(process.pid))
    assert "returned ''" in said
    assert "Traceback" not in said


def test_a_process_that_does_not_listen_is_ended_all_the_same() -> None:
    with supervised(grace=1, deaf=DEAF) as process:
        lines_until(process, "deaf")
        below = descendants(process.pid)
        process.send_signal(signal.SIGTERM)
        assert "returned ''" in rest_of(process, below)


def test_a_process_may_take_its_time_to_end() -> None:
    """Longer than the five seconds that honcho gives."""
    with supervised(slow=SLOW, quick=SLEEPING) as process:
        lines_until(process, "slow")
        process.send_signal(signal.SIGTERM)
        assert "finished what was begun" in rest_of(process, set())


def test_a_pool_finishes_the_task_it_has_begun() -> None:
    with supervised(pool=WITH_A_POOL) as process:
        lines_until(process, "working")
        process.send_signal(signal.SIGTERM)
        assert "the task is done" in rest_of(process, descendants(process.pid))


def test_what_a_process_leaves_in_its_session_is_ended_too() -> None:
    with supervised(parent=LEFT_BEHIND) as process:
        left = int(lines_until(process, "left").split()[-1])
        assert "returned 'parent'" in rest_of(process, {left})
