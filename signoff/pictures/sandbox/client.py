"""Client of the sandbox process.

Each of our processes starts one ``forkserver`` when first needed: a picture then costs a fork instead of 0.1 s of
imports. Threads share it; a forked child of ours (gunicorn, celery) starts its own.
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
TIMEOUT = WALL_SECONDS + 5
# One arena: glibc would otherwise reserve 64 MB of address space per thread, against the worker's limit.
# And large pages: a fresh process spends a third of its time on getting memory, small page by small page.
ENVIRONMENT = {"MALLOC_ARENA_MAX": "1", "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1", "LANG": "C.UTF-8"}
NO_ANSWER = "no answer"
PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "TMPDIR")


class Helper:
    """The fork server and its socket. ``AT_ONCE`` limits the memory that uploads can use."""

    def __init__(self) -> None:
        self.turns = threading.BoundedSemaphore(AT_ONCE)
        self.lock = threading.Lock()
        self.process: subprocess.Popen[bytes] | None = None
        self.channel: socket.socket | None = None

    def ask(self, folder: Path) -> bytes:
        """The worker's answer about FOLDER/original; empty if it died."""
        with self.turns:
            parent_end, child_end = socket.socketpair()
            with parent_end:
                with child_end:
                    self._hand_over(folder, child_end)
                parent_end.settimeout(TIMEOUT)
                return _read_all(parent_end)

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
        socket.send_fds(required(self.channel), [os.fsencode(folder)], [reply.fileno()])

    def _start(self) -> None:
        self.stop()
        self.channel, child_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with child_end:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "signoff.pictures.sandbox.forkserver"],
                stdin=child_end.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd=ROOT,
                env=ENVIRONMENT | {name: os.environ[name] for name in PASSED_ON if name in os.environ},
                start_new_session=True,
            )

    def stop(self) -> None:
        """Stop the fork server; its workers still finish."""
        if self.channel is not None:
            self.channel.close()
        if self.process is not None:
            self.process.terminate()
            self.process.wait()

    def disown(self) -> None:
        """Drop the parent's fork server after a fork."""
        if self.channel is not None:
            self.channel.close()
        if self.process is not None:
            self.process.returncode = 0


_helper = Helper()


def examine(folder: Path) -> dict[str, Any]:
    """The answer of ``worker.answer`` about FOLDER/original."""
    return understood(_helper.ask(folder))


def understood(answer: bytes) -> dict[str, Any]:
    """The worker's JSON; a worker that died without an answer has refused the picture as damaged."""
    return json.loads(answer) if answer else {"refused": "damaged", "why": NO_ANSWER}


def _read_all(answer: socket.socket) -> bytes:
    """All bytes until the worker closes the socket; b"" if it exceeds its time limit."""
    received = b""
    try:
        while part := answer.recv(65536):
            received += part
    except TimeoutError:
        return b""
    return received


def _start_over() -> None:
    global _helper
    _helper.disown()
    _helper = Helper()


atexit.register(lambda: _helper.stop())
os.register_at_fork(after_in_child=_start_over)
