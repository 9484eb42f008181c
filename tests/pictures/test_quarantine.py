"""The helper process: warm, confined, replaced when it dies, never shared with a forked child."""

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings

from signoff.pictures.sandbox import client
from signoff.pictures.sandbox.client import Helper
from tests.datafiles import needed


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "original").write_bytes(needed("photos/jpeg_named.png").read_bytes())
    return tmp_path


@pytest.fixture
def helper() -> Iterator[Helper]:
    helper = Helper()
    yield helper
    helper.stop()


def test_a_helper_that_was_killed_is_replaced(helper: Helper, folder: Path) -> None:
    assert b'"width": 128' in helper.ask(folder)
    first = helper.process
    first.kill()
    first.wait()
    assert b'"width": 128' in helper.ask(folder)
    assert helper.process.pid != first.pid


def test_a_helper_that_dies_at_the_wrong_moment_is_replaced_too(helper: Helper, folder: Path) -> None:
    helper.ask(folder)
    os.kill(helper.process.pid, 9)  # nobody has looked yet
    os.waitid(os.P_PID, helper.process.pid, os.WEXITED | os.WNOWAIT)
    assert b'"width": 128' in helper.ask(folder)


def test_the_helper_leaves_when_nobody_is_left_to_ask(helper: Helper, folder: Path) -> None:
    helper.ask(folder)
    helper.channel.close()
    assert helper.process.wait(timeout=10) == 0


def test_threads_share_the_helper(helper: Helper, folder: Path) -> None:
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(helper.ask, [folder] * 12))
    assert all(b'"width": 128' in answer for answer in answers)


def test_a_worker_that_dies_over_a_picture_has_refused_it() -> None:
    assert client.understood(b"") == {"refused": "damaged", "why": "no answer"}


def test_a_forked_child_starts_its_own(folder: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from signoff.pictures.sandbox import client as q\n"
        "ask = lambda: q.examine(Path(sys.argv[1]))['width']\n"
        "assert ask() == 128; parent = q._helper.process.pid\n"
        "child = os.fork()\n"
        "assert ask() == 128; assert (q._helper.process.pid == parent) == (child > 0)\n"
        "child and sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))\n"
    )
    command = [sys.executable, "-W", "error", "-c", code, str(folder)]
    done = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_no_decoder_is_loaded_into_the_process_that_serves_pages() -> None:
    code = (
        "import sys, signoff.pictures.sandbox.client, signoff.pictures.sandbox.limits; sys.exit('PIL' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=settings.BASE_DIR, check=False).returncode == 0


def test_the_worker_starts_without_django() -> None:
    code = "import sys, signoff.pictures.sandbox.forkserver; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=settings.BASE_DIR, check=False).returncode == 0
