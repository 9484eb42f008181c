"""Process supervisor on top of honcho: all start together, and when one ends or a signal comes, all stop.

Each process has a session of its own, so a Ctrl-C in the terminal reaches only the supervisor, which decides the
order. honcho prefixes each line of output with the name of its process.
"""

import os
import shlex
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from threading import Thread
from typing import Any

from honcho.compat import ProcessManager
from honcho.manager import SYSTEM_PRINTER_NAME, Manager
from honcho.printer import Message, Printer

HANDLED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGALRM)
GRACE = 15  # seconds between SIGTERM and SIGKILL; gunicorn waits 8 for requests, Celery for the tasks it has begun
RETRY = 0.1  # seconds


def run(
    commands: Mapping[str, Sequence[str]],
    *,
    when_started: Callable[[Callable[[], bool]], None],
    when_signalled: Callable[[], None],
    grace: float = GRACE,
) -> str:
    """Run ``commands`` until one of them ends or a signal comes; returns the name of the one that ended, or "".

    ``when_started`` is called once, in a thread, with a function that says whether all are still running;
    ``when_signalled`` before the processes are stopped because of a signal.
    """
    supervisor = Supervisor(when_started=when_started, when_signalled=when_signalled, grace=grace)
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    for name, command in commands.items():
        supervisor.add_process(name, f"exec {shlex.join(command)} </dev/null", env=environment)
    before = {number: signal.getsignal(number) for number in HANDLED}
    signal.signal(signal.SIGALRM, supervisor.alarmed)
    try:
        supervisor.loop()
    finally:
        supervisor.clean_up()
        for number, handler in before.items():
            signal.signal(number, handler)
    return supervisor.ended or ""


class ChildLines(Printer):
    """Prints the output of the processes, without honcho's own messages."""

    def write(self, message: Message) -> None:
        if message.name != SYSTEM_PRINTER_NAME:
            super().write(message)


class SessionLeaders(ProcessManager):
    """Sends SIGTERM to a session's first process only; honcho sends it to the whole group, which would abort tasks."""

    def terminate(self, pid: int) -> None:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)


class Supervisor(Manager):
    """honcho's manager with our grace period, SIGHUP, and a stop that also works before all have started.

    ``ended`` is None while all run, then the name of the process that ended by itself, or "" after a signal.
    """

    def __init__(
        self, *, when_started: Callable[[Callable[[], bool]], None], when_signalled: Callable[[], None], grace: float
    ) -> None:
        super().__init__(ChildLines(sys.stdout))
        self._procmgr = SessionLeaders()
        self.when_signalled = when_signalled
        self.grace = grace
        self.ended: str | None = None
        self.kill_at = 0.0
        self.start_thread = Thread(target=when_started, args=[lambda: self.ended is None], daemon=True)

    def _start(self) -> None:
        """Start the processes, then the thread: a fork would copy the locks that the thread holds."""
        signal.signal(signal.SIGHUP, signal.SIG_IGN)  # inherited by honcho's processes, which must outlive a terminal
        super()._start()
        signal.signal(signal.SIGHUP, lambda *_: self.terminate())
        self.start_thread.start()

    def alarmed(self, *args: Any) -> None:
        """Handler of SIGALRM: retry the stop, or kill."""
        if self.ended is None:
            self.terminate()
        else:
            self.kill()

    def terminate(self) -> None:
        """Send SIGTERM to all, and SIGKILL after the grace period. A second signal changes nothing."""
        if self.ended is not None:
            return
        if not self._all_started():  # honcho does not know all process ids yet
            signal.setitimer(signal.ITIMER_REAL, RETRY)
            return
        self.ended = next((name for name, process in self._processes.items() if "returncode" in process), "")
        if not self.ended:
            self.when_signalled()
        self.kill_at = time.monotonic() + self.grace
        signal.setitimer(signal.ITIMER_REAL, self.grace)
        super().terminate()

    def kill(self) -> None:
        """Kill all, but not before our grace period ends; honcho would do it after five seconds, or never."""
        if time.monotonic() >= self.kill_at:
            super().kill()

    def clean_up(self) -> None:
        """Stop the timer, every process and the thread, however the loop ended."""
        signal.setitimer(signal.ITIMER_REAL, 0)
        self.kill_at = 0
        self.ended = self.ended or ""
        for process in self._processes.values():
            if pid := process.get("pid"):
                self._procmgr.kill(pid)  # also children that a process left in its session
        for process in self._processes.values():
            if wrapper := process.get("process"):
                wrapper.join()
        if self.start_thread.ident is not None:
            self.start_thread.join(timeout=self.grace)
