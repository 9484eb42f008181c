"""Ask a confined process about a file that nobody trusts yet.

One warm helper (``zygote``) per process of ours, started when first needed: a picture then costs a fork instead
of 0.1 s of imports. Threads share it; a forked child of ours (gunicorn, celery) starts its own.
"""

import atexit
import json
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from signoff.db.required import required
from signoff.pictures.sandbox.limits import WALL_SECONDS

ROOT = Path(__file__).resolve().parents[3]
AT_ONCE = 2
PATIENCE = WALL_SECONDS + 5
# One arena: glibc would otherwise reserve 64 MB of address space per thread, against the worker's limit.
# And large pages: a fresh process spends a third of its time on getting memory, small page by small page.
ENVIRONMENT = {"MALLOC_ARENA_MAX": "1", "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1", "LANG": "C.UTF-8"}
PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "TMPDIR")


class Helper:
    """The warm worker and the way to it. ``AT_ONCE`` bounds what uploads can take of the machine's memory."""

    def __init__(self) -> None:
        self.turns = threading.BoundedSemaphore(AT_ONCE)
        self.lock = threading.Lock()
        self.process: subprocess.Popen[bytes] | None = None
        self.door: socket.socket | None = None

    def ask(self, folder: Path) -> bytes:
        """The worker's answer about FOLDER/original; empty when it died over it."""
        with self.turns:
            mine, theirs = socket.socketpair()
            with mine:
                with theirs:
                    self._hand_over(folder, theirs)
                mine.settimeout(PATIENCE)
                return _read_all(mine)

    def _hand_over(self, folder: Path, reply: socket.socket) -> None:
        with self.lock:
            if self.process is None or self.process.poll() is not None:
                self._start()
            try:
                self._send(folder, reply)
            except (BrokenPipeError, ConnectionResetError):  # it died since we looked
                self._start()
                self._send(folder, reply)

    def _send(self, folder: Path, reply: socket.socket) -> None:
        socket.send_fds(required(self.door), [os.fsencode(folder)], [reply.fileno()])

    def _start(self) -> None:
        self.stop()
        self.door, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "signoff.pictures.sandbox.forkserver"],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd=ROOT,
                env=ENVIRONMENT | {name: os.environ[name] for name in PASSED_ON if name in os.environ},
                start_new_session=True,
            )

    def stop(self) -> None:
        """End the helper; pictures it is at work on are still finished."""
        if self.door is not None:
            self.door.close()
        if self.process is not None:
            self.process.terminate()
            self.process.wait()

    def disown(self) -> None:
        """Forget, in a forked child, the helper that belongs to the parent."""
        if self.door is not None:
            self.door.close()
        if self.process is not None:
            self.process.returncode = 0


_helper = Helper()


def examine(folder: Path) -> dict[str, Any]:
    """What ``worker.answer`` says about FOLDER/original."""
    return understood(_helper.ask(folder))


def understood(answer: bytes) -> dict[str, Any]:
    """The worker's JSON; one that died over a picture without a word has refused it as damaged."""
    return json.loads(answer) if answer else {"refused": "damaged", "why": "no answer"}


def _read_all(answer: socket.socket) -> bytes:
    """Everything until the other side hangs up; nothing if that takes longer than any worker may live."""
    told = b""
    try:
        while part := answer.recv(65536):
            told += part
    except TimeoutError:
        return b""
    return told


def _start_over() -> None:
    global _helper
    _helper.disown()
    _helper = Helper()


atexit.register(lambda: _helper.stop())
os.register_at_fork(after_in_child=_start_over)
