"""The data folder: private to its user, one runner at a time, and enough room on its disk."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.runtime.postgres import DATA_DIR, make_data_dir

PRIVATE = 0o077  # umask: nothing for other users
FOLDERS = ("broker", "checkpoints", "mail", "media")
LOCK = DATA_DIR / "run.lock"


class AlreadyRuns(Exception):
    """Another process runs the product on this data folder. The message is a sentence for the terminal."""


def keep_private() -> None:
    """From now on this process makes files for its user only; folders that an older version made are closed, too.

    The database's own folder is private by itself. Where its server runs as another user, the data folder lets that
    user pass (0711), and nobody list it.
    """
    os.umask(PRIVATE)
    for folder in FOLDERS:
        path = DATA_DIR / folder
        if path.is_dir() and path.stat().st_mode & PRIVATE and path.stat().st_uid == os.geteuid():
            path.chmod(0o700)


@contextmanager
def claimed(address: str) -> Iterator[None]:
    """Be the only runner on the data folder until the block ends; ``address`` is where it can be found.

    A POSIX lock: it belongs to this process alone, is not inherited by a fork and gone when it dies.
    Raises ``AlreadyRuns``.
    """
    make_data_dir()
    with LOCK.open("a+") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as taken:
            file.seek(0)
            raise AlreadyRuns(_sentence(file.read())) from taken
        file.truncate(0)
        file.write(f"process {os.getpid()}, {address}")
        file.flush()
        yield


def check_not_claimed() -> None:
    """Raises ``AlreadyRuns`` while somebody runs the product on the data folder."""
    if not LOCK.exists():
        return
    with LOCK.open("a+") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as taken:
            file.seek(0)
            raise AlreadyRuns(_sentence(file.read())) from taken


def low_space(*, low: int, folder: Path = DATA_DIR) -> str:
    """A sentence when less than ``low`` bytes are free on the folder's disk, else ""."""
    free = shutil.disk_usage(folder).free
    if free >= low:
        return ""
    return (
        f"Only {free // 1024**2} MB are free on the disk of {folder}. Make room before it is full: "
        "then nothing can be stored, and the database stops."
    )


def _sentence(holder: str) -> str:
    return (
        f"Homeward already runs on the data folder {DATA_DIR} ({holder or 'starting'}). "
        "Stop it there first, or choose another folder and port: HOMEWARD_DATA=… PORT=… make demo"
    )
