"""Detects the kind of an uploaded file by its first bytes, never by its name, and limits its size."""

import gzip
import re
import zlib
from collections.abc import Iterator
from enum import Enum
from io import BufferedReader
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

MAX_BYTES = 2 * 1024**3
MAX_UNPACKED_BYTES = 2 * 1024**3
BLOCK_SIZE = 1024**2
GZIP = b"\x1f\x8b"
SNIFF_BYTES = 4096
CONTROL_CHARACTERS = re.compile(rb"[\x00-\x08\x0e-\x1f]")
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
FOREIGN_FORMATS = (
    (b"\xd0\xcf\x11\xe0", gettext_lazy("This is a spreadsheet in the old XLS format. Save it as XLSX or CSV UTF-8.")),
    (b"\xff\xd8\xff", gettext_lazy("This is a picture, not a list of orders.")),
    (b"\x89PNG", gettext_lazy("This is a picture, not a list of orders.")),
    (b"GIF8", gettext_lazy("This is a picture, not a list of orders.")),
    (b"RIFF", gettext_lazy("This is a picture or a video, not a list of orders.")),
    (b"%PDF", gettext_lazy("This is a PDF. Export the orders as CSV, XLSX or JSON instead.")),
    (b"<", gettext_lazy("This is a web page or XML. Export the orders as CSV, XLSX or JSON instead.")),
    (b"7z\xbc\xaf", gettext_lazy("This is an archive. Unzip it and upload the files inside.")),
    (b"Rar!", gettext_lazy("This is an archive. Unzip it and upload the files inside.")),
)


class UnreadableFile(Exception):
    """The file as a whole cannot be read; the message is a sentence for the merchant."""


class FileKind(Enum):
    TABLE = "csv"
    SHEET = "xlsx"
    DOCUMENT = "json"


def detect_kind(path: Path) -> FileKind:
    """The kind of a file. Raises ``UnreadableFile`` for other kinds and, before reading, for a file too big."""
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise UnreadableFile(too_big_text(size, MAX_BYTES))
        with open_unpacked(path) as file:
            start = file.read(SNIFF_BYTES)
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableFile(read_error_text(error)) from error
    return _kind(start)


def detect_kind_of_start(start: bytes) -> FileKind:
    """The same from the first ``SNIFF_BYTES`` bytes of a file. Raises ``UnreadableFile``."""
    if start.startswith(GZIP):
        try:
            start = zlib.decompressobj(wbits=31).decompress(start, SNIFF_BYTES)
        except zlib.error as error:
            raise UnreadableFile(read_error_text(error)) from error
    return _kind(start[:SNIFF_BYTES])


def _kind(start: bytes) -> FileKind:
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not text:
        raise UnreadableFile(_("The file is empty."))
    if start.startswith(b"PK\x03\x04"):
        return FileKind.SHEET
    for magic, sentence in FOREIGN_FORMATS:
        if text.startswith(magic):
            raise UnreadableFile(str(sentence))
    if text.startswith((b"{", b"[")):
        return FileKind.DOCUMENT
    if not start.startswith(UTF16_MARKS) and len(CONTROL_CHARACTERS.findall(start)) * 20 > len(start):
        raise UnreadableFile(_("This is not a text file. Export the orders as CSV, XLSX or JSON."))
    return FileKind.TABLE


def open_unpacked(path: Path) -> gzip.GzipFile | BufferedReader:
    """Open the file for reading bytes, unpacked if it is gzipped."""
    with path.open("rb") as file:
        packed = file.read(2) == GZIP
    return gzip.open(path, "rb") if packed else path.open("rb")


def read_blocks(path: Path, *, max_bytes: int = MAX_UNPACKED_BYTES) -> Iterator[bytes]:
    """The file in blocks. Raises ``UnreadableFile`` if damaged, or unpacked bigger than ``max_bytes`` (zip bombs)."""
    total = 0
    try:
        with open_unpacked(path) as file:
            while block := file.read(BLOCK_SIZE):
                total += len(block)
                if total > max_bytes:
                    raise UnreadableFile(too_big_text(total, max_bytes))
                yield block
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableFile(read_error_text(error)) from error


def read_error_text(error: Exception) -> str:
    return _("The file cannot be read: %(why)s.") % {"why": error}


def too_big_text(size: int, limit: int) -> str:
    return _("The file is %(size)d MB; the limit is %(most)d MB. Split it and upload the parts.") % {
        "size": max(size // 1024**2, limit // 1024**2 + 1),
        "most": limit // 1024**2,
    }
