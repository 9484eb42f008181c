"""Run several processes as one with honcho: they start together, and when one ends or a signal comes, all stop.

Each process has a session of its own, so a Ctrl-C in the terminal reaches only us and we decide the order. honcho
prints what they say, each line with the name of its process.
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
    when_told: Callable[[], None],
    grace: float = GRACE,
) -> str:
    """Run ``commands`` until one of them ends or a signal comes; returns the name of the one that ended, or "".

    ``when_started`` is called once, in a thread, with a function that says whether all are still running;
    ``when_told`` before the processes are stopped because of a signal.
    """
    supervisor = Supervisor(when_started=when_started, when_told=when_told, grace=grace)
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
    """Prints what the processes say, and not what honcho says about them."""

    def write(self, message: Message) -> None:
        if message.name != SYSTEM_PRINTER_NAME:
            super().write(message)


class Leaders(ProcessManager):
    """Sends SIGTERM to a session's first process only: honcho sends it to all, which would end tasks midway."""

    def terminate(self, pid: int) -> None:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)


class Supervisor(Manager):
    """honcho's manager with our grace, SIGHUP, and a stop that also works before all have started.

    ``ended`` is None while all run, then the name of the process that ended by itself, or "" after a signal.
    """

    def __init__(
        self, *, when_started: Callable[[Callable[[], bool]], None], when_told: Callable[[], None], grace: float
    ) -> None:
        super().__init__(ChildLines(sys.stdout))
        self._procmgr = Leaders()
        self.when_told = when_told
        self.grace = grace
        self.ended: str | None = None
        self.kill_at = 0.0
        self.greeter = Thread(target=when_started, args=[lambda: self.ended is None], daemon=True)

    def _start(self) -> None:
        """Fork first, then start the thread: a fork would copy its locks."""
        signal.signal(signal.SIGHUP, signal.SIG_IGN)  # inherited by honcho's processes, which must outlive a terminal
        super()._start()
        signal.signal(signal.SIGHUP, lambda *_: self.terminate())
        self.greeter.start()

    def alarmed(self, *args: Any) -> None:
        """The handler of SIGALRM: time to try again, or to kill."""
        if self.ended is None:
            self.terminate()
        else:
            self.kill()

    def terminate(self) -> None:
        """Ask all to end, and have them killed after the grace. A second signal changes nothing."""
        if self.ended is not None:
            return
        if not self._all_started():  # honcho does not know all process ids yet
            signal.setitimer(signal.ITIMER_REAL, RETRY)
            return
        self.ended = next((name for name, process in self._processes.items() if "returncode" in process), "")
        if not self.ended:
            self.when_told()
        self.kill_at = time.monotonic() + self.grace
        signal.setitimer(signal.ITIMER_REAL, self.grace)
        super().terminate()

    def kill(self) -> None:
        """honcho wants this five seconds after the first process ended, and never when none ends: the alarm does it."""
        if time.monotonic() >= self.kill_at:
            super().kill()

    def clean_up(self) -> None:
        """Leave no process, timer or thread behind, whatever ended the loop."""
        signal.setitimer(signal.ITIMER_REAL, 0)
        self.kill_at = 0
        self.ended = self.ended or ""
        for process in self._processes.values():
            if pid := process.get("pid"):
                self._procmgr.kill(pid)  # also what a process that ended alone has left in its session
        for process in self._processes.values():
            if wrapper := process.get("process"):
                wrapper.join()
        if self.greeter.ident is not None:
            self.greeter.join(timeout=self.grace)
