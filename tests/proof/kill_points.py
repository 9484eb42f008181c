"""SIGKILL at a chosen place: a process that has everything loaded forks, and the child kills itself at its n-th event.

The events are the instructions of some code of ours, or the lines of some libraries, counted while an action runs.
"""

import gc
import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import CodeType

from django.db import connections

TOOL = 4
monitoring = sys.monitoring
EVENTS = monitoring.events
AT_ONCE = 2  # children at a time

type Action = Callable[[], object]


class Watch:
    """Counts the events of the code that ``ours`` chooses; at number ``deadly`` the process dies."""

    def __init__(self, event: int, ours: Callable[[CodeType], bool]) -> None:
        self.event, self.ours = event, ours
        self.codes: set[CodeType] = set()
        self.seen = self.deadly = 0

    def learn(self, action: Action) -> None:
        """Run the action and note which code it goes through."""
        monitoring.restart_events()
        monitoring.register_callback(TOOL, EVENTS.PY_START, self._notice)
        monitoring.set_events(TOOL, EVENTS.PY_START)
        action()
        monitoring.set_events(TOOL, EVENTS.NO_EVENTS)
        monitoring.register_callback(TOOL, self.event, self._count)
        for code in self.codes:
            monitoring.set_local_events(TOOL, code, self.event)

    def count(self, action: Action) -> int:
        """How many events the action goes through."""
        self.seen = 0
        action()
        return self.seen

    def _notice(self, code: CodeType, offset: int) -> object:
        if self.ours(code):
            self.codes.add(code)
        return monitoring.DISABLE

    def _count(self, code: CodeType, place: int) -> None:
        self.seen += 1
        if self.seen == self.deadly:
            os.kill(os.getpid(), signal.SIGKILL)


@contextmanager
def watching(event: int, ours: Callable[[CodeType], bool]) -> Iterator[Watch]:
    """A watch that is put away at the end."""
    watch = Watch(event, ours)
    monitoring.use_tool_id(TOOL, "killing")
    try:
        yield watch
    finally:
        for code in watch.codes:
            monitoring.set_local_events(TOOL, code, EVENTS.NO_EVENTS)
        monitoring.set_events(TOOL, EVENTS.NO_EVENTS)
        monitoring.restart_events()
        monitoring.free_tool_id(TOOL)


def kill_each(watch: Watch, actions: Sequence[tuple[int, Action]]) -> int:
    """Run each action in a child that dies at its event; returns how many died so, the others ended before."""
    connections.close_all()  # a child must not end its parent's session
    gc.freeze()  # or collecting copies all memory into every child
    try:
        running: list[int] = []
        killed = 0
        for deadly, action in actions:
            running.append(_child(watch, deadly, action))
            if len(running) == AT_ONCE:
                killed += _died(running.pop(0))
        return killed + sum(_died(pid) for pid in running)
    finally:
        gc.unfreeze()


def _child(watch: Watch, deadly: int, action: Action) -> int:
    pid = os.fork()
    if pid:
        return pid
    try:
        watch.seen, watch.deadly = 0, deadly
        action()
    except BaseException:  # nobody above would ever show it
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(0)


def _died(pid: int) -> bool:
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL


def spread(count: int, among: int) -> list[int]:
    """``count`` numbers between 1 and ``among``, evenly; all of them where there are no more."""
    return [1 + n * among // count for n in range(count)] if count < among else list(range(1, among + 1))
