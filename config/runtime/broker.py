"""A broker made of files, for installations that name none: kombu's own, with a few differences.

A message appears whole or not at all, because a worker that meets half a message dies. The folders are made
when needed. And when many messages wait already, another one is dropped: each says no more than "look at
the rows", and so does the one before it. A nudge that nobody has taken yet can be seen by its file's name.
"""

import os
import time
from pathlib import Path
from typing import Any, TypedDict

from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps

from config.runtime import postgres

FOLDER = postgres.DATA_DIR / "broker"


class Options(TypedDict):
    """What the filesystem transport of kombu understands; the interval in seconds."""

    data_folder_in: str
    data_folder_out: str
    control_folder: str
    polling_interval: float


OPTIONS: Options = {
    "data_folder_in": str(FOLDER / "messages"),
    "data_folder_out": str(FOLDER / "messages"),
    "control_folder": str(FOLDER / "control"),
    "polling_interval": 0.3,
}
ENOUGH = 50
PATIENCE = 0.5  # seconds
NUDGE = "config.tasks.wake"
MARK = "-nudge."


def a_nudge_waits() -> bool:
    """Whether a nudge is queued that no worker has taken; the worker that takes it sees all that is committed now."""
    try:
        return any(MARK in name for name in os.listdir(OPTIONS["data_folder_in"]))
    except FileNotFoundError:
        return False


class Channel(filesystem.Channel):
    def __init__(self, connection: Any, **kwargs: Any) -> None:
        for name in ("data_folder_in", "control_folder"):
            Path(connection.client.transport_options[name]).mkdir(parents=True, exist_ok=True)
        super().__init__(connection, **kwargs)

    def _put(self, queue: str, payload: dict[str, Any], **kwargs: Any) -> None:  # type: ignore[override]  # bases disagree
        if self._size(queue) >= ENOUGH:
            return
        folder = Path(self.data_folder_out)
        draft = folder / f"{time.time_ns()}-{payload['properties']['delivery_tag']}.draft"
        draft.write_text(dumps(payload))
        mark = MARK if payload["headers"].get("task") == NUDGE else "."
        draft.rename(folder / f"{draft.stem}{mark}{queue}.msg")


class Transport(filesystem.Transport):
    Channel = Channel

    def drain_events(self, connection: Any, timeout: float | None = None, **options: Any) -> None:
        """Poll often, so that a worker that shall stop notices soon."""
        super().drain_events(connection, timeout=min(timeout or PATIENCE, PATIENCE), **options)


def register() -> None:
    """Make ``filesystem://`` mean this broker."""
    TRANSPORT_ALIASES["filesystem"] = f"{__name__}:Transport"
