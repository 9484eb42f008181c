"""Files that somebody has sent, laid out to be read."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.utils.translation import gettext as _

from signoff.imports.files.cells import HIDDEN
from signoff.imports.files.head import Head, head_of

LONGEST_NAME = 180  # bytes; file systems take 255


def safe_name(sent: str) -> str:
    """What the sender calls a file: without folders, and without marks that turn or hide what follows."""
    last = HIDDEN.sub("", sent).replace("\x00", "").replace("\\", "/").rpartition("/")[2].strip()
    return last.encode()[:LONGEST_NAME].decode(errors="ignore").strip(". ") or _("file")


@contextmanager
def at_hand(files: Iterable[Any]) -> Iterator[list[Path]]:
    """Paths to the stored files (rows with ``name`` and ``file``) under their senders' names, until the end.

    Where the storage is not on disk they are copied. Raises ``FileNotFoundError`` for one that is gone.
    """
    with TemporaryDirectory(prefix="import-") as folder:
        yield [_lay(sent, Path(folder) / str(place)) for place, sent in enumerate(files)]


@contextmanager
def beginning_of(files: Iterable[Any]) -> Iterator[Head]:
    """The beginnings of the stored files, open until the end. Raises ``Unreadable`` and as ``at_hand``."""
    with at_hand(files) as paths, TemporaryDirectory(prefix="head-") as folder:
        yield head_of(paths, Path(folder))


def _lay(sent: Any, folder: Path) -> Path:
    folder.mkdir()
    path = folder / safe_name(sent.name)
    if not sent.file or not sent.file.storage.exists(sent.file.name):
        raise FileNotFoundError(path.name)
    try:
        path.symlink_to(sent.file.path)
    except NotImplementedError:
        with sent.file.open("rb") as stored, path.open("wb") as copy:
            for block in stored.chunks():
                copy.write(block)
    return path
