"""Celery broker in the file system, for installations without another: kombu's transport with a few differences.

Messages are renamed into place when they are complete, because a worker that reads half a message dies. Folders are
made when needed. When many messages are queued, a new one is dropped: every message only says "look at the rows", so
the queued ones suffice. The file name shows whether a message is a nudge, so the queue can be checked for one.
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
    """Transport options of kombu's filesystem transport; the interval in seconds."""

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
MAX_QUEUED = 50
MAX_WAIT = 0.5  # seconds
NUDGE = "config.tasks.wake"
NUDGE_MARK = "-nudge."


def has_waiting_nudge() -> bool:
    """Whether a nudge is queued that no worker has taken; its worker will see everything that is committed now."""
    try:
        return any(NUDGE_MARK in name for name in os.listdir(OPTIONS["data_folder_in"]))
    except FileNotFoundError:
        return False


class Channel(filesystem.Channel):
    def __init__(self, connection: Any, **kwargs: Any) -> None:
        for name in ("data_folder_in", "control_folder"):
            Path(connection.client.transport_options[name]).mkdir(parents=True, exist_ok=True)
        super().__init__(connection, **kwargs)

    def _put(self, queue: str, payload: dict[str, Any], **kwargs: Any) -> None:  # type: ignore[override]  # bases disagree
        if self._size(queue) >= MAX_QUEUED:
            return
        folder = Path(self.data_folder_out)
        draft = folder / f"{time.time_ns()}-{payload['properties']['delivery_tag']}.draft"
        draft.write_text(dumps(payload))
        mark = NUDGE_MARK if payload["headers"].get("task") == NUDGE else "."
        draft.rename(folder / f"{draft.stem}{mark}{queue}.msg")


class Transport(filesystem.Transport):
    Channel = Channel

    def drain_events(self, connection: Any, timeout: float | None = None, **options: Any) -> None:
        """Poll often, so that a worker notices soon that it should stop."""
        super().drain_events(connection, timeout=min(timeout or MAX_WAIT, MAX_WAIT), **options)


def register() -> None:
    """Use this transport for ``filesystem://`` URLs."""
    TRANSPORT_ALIASES["filesystem"] = f"{__name__}:Transport"
