"""Several processes run as one: all start together, and when one ends or we are told to stop, all stop.

Each child has a session of its own, so a Ctrl-C in the terminal reaches only us and we decide the order.
"""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
GRACE = 15  # seconds between the friendly word and the other


class Told(Exception):
    """A signal told us to stop; not an error."""


def run(
    commands: dict[str, Sequence[str]],
    *,
    when_started: Callable[[Callable[[], bool]], None],
    when_told: Callable[[], None],
) -> str:
    """Run ``commands`` until one of them ends or a signal comes; returns the name of the one that ended, or "".

    ``when_started`` is called once, with a function that says whether all are still running;
    ``when_told`` before the children are stopped because of a signal.
    """
    children: dict[str, subprocess.Popen[bytes]] = {}
    before = {number: signal.signal(number, _tell) for number in SIGNALS}
    try:
        for name, command in commands.items():
            children[name] = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)  # noqa: S603
        when_started(lambda: _ended(children) == "")
        while not (name := _ended(children)):
            time.sleep(0.2)
        return name
    except Told:
        when_told()
        return ""
    finally:
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)  # an impatient second Ctrl-C must not leave children behind
        _stop(list(children.values()))
        for number, handler in before.items():
            signal.signal(number, handler)


def _tell(number: int, frame: FrameType | None) -> None:
    raise Told


def _ended(children: dict[str, subprocess.Popen[bytes]]) -> str:
    return next((name for name, child in children.items() if child.poll() is not None), "")


def _stop(children: list[subprocess.Popen[bytes]]) -> None:
    """Ask every child to end, wait, then end its whole group."""
    for child in children:
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + GRACE
    for child in children:
        with suppress(subprocess.TimeoutExpired):
            child.wait(timeout=max(0.0, deadline - time.monotonic()))
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)  # also what a child that died alone has left
        child.wait()
