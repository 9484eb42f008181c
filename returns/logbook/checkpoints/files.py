"""A checkpoint: one file outside the database that pins the heads of chains, sealed, chained and signed.

Pure: knows files and a key, no database. A file has one line of JSON for each case whose chain has grown, and
a last line, the seal: digest of the lines, digest of the checkpoint before, signature. A file is written
beside its place, put there whole, and never touched again.
"""

import hashlib
import hmac
import json
import os
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from itertools import islice
from pathlib import Path

from signoff.db.digests import canonical, digest

SUFFIX = ".jsonl"
#: 1: hashes covered row ids and transaction numbers; 2: they cover what was said
FORMAT = 2


class Broken(ValueError):
    """The content of the file does not match its signature."""


class OtherFormat(Broken):
    """The file was written by another version, whose hashes were computed in another way."""


@dataclass(frozen=True)
class Head:
    """The end of one case's chain: ``seq`` and ``hash`` of its last entry; ``number`` is the case's.

    In the book of sign-offs each has a line: its key, the order's number, its place among its corrections, its hash.
    """

    case: int
    number: str
    seq: int
    hash: str


@dataclass(frozen=True)
class Seal:
    """Header of a checkpoint file: what it covers, and its signature.

    Every row of the book whose ``id`` is at most ``floor`` or whose transaction is below ``low`` is covered
    by this checkpoint or one before it. ``heads`` counts the lines, ``entries`` the rows of the book, ``lines`` is
    the digest of the lines, ``previous`` that of the checkpoint before.
    """

    book: str
    number: int
    at: str
    low: int
    floor: int
    heads: int
    entries: int
    previous: str
    lines: str = ""
    signature: str = ""
    format: int = FORMAT

    @property
    def digest(self) -> str:
        """Of everything but the signature."""
        return digest({name: value for name, value in asdict(self).items() if name != "signature"})

    def signed(self, key: str) -> "Seal":
        return Seal(**asdict(self) | {"signature": self._signature(key)})

    def is_signed(self, key: str) -> bool:
        return hmac.compare_digest(self.signature, self._signature(key))

    def _signature(self, key: str) -> str:
        return hmac.new(key.encode(), self.digest.encode(), hashlib.sha256).hexdigest()


NAMES = {field.name for field in fields(Seal)}


def paths(folder: Path) -> dict[int, Path]:
    """The checkpoints in ``folder`` by number, in order."""
    found = {int(path.stem): path for path in folder.glob(f"*{SUFFIX}") if path.stem.isdecimal()}
    return dict(sorted(found.items()))


def write(folder: Path, seal: Seal, heads: Iterable[Head], *, key: str) -> Seal | None:
    """Write the checkpoint file and return its seal; None, and no file, where there are no heads.

    ``heads`` and ``lines`` of ``seal`` are counted here. Raises ``FileExistsError`` where the place is taken.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            lines, count = hashlib.sha256(), 0
            for count, head in enumerate(heads, start=1):  # noqa: B007 - the last count is read below
                line = canonical(asdict(head)) + b"\n"
                lines.update(line)
                file.write(line)
            if not count:
                return None
            seal = Seal(**asdict(seal) | {"heads": count, "lines": lines.hexdigest()}).signed(key)
            file.write(canonical(asdict(seal)) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        os.chmod(draft, 0o400)
        os.link(draft, folder / f"{seal.number:08}{SUFFIX}")
    finally:
        os.unlink(draft)
    return seal


def seal_of(path: Path, *, key: str) -> Seal:
    """The seal alone, its signature checked. Raises ``Broken``."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 4096))
        return _seal(file.read().splitlines()[-1:], key=key)


def opened(path: Path, *, key: str) -> Seal:
    """The seal, after every line was compared with it. Raises ``Broken``."""
    lines, last, count = hashlib.sha256(), b"", -1
    with path.open("rb") as file:
        for line in file:
            lines.update(last)
            last, count = line, count + 1
    seal = _seal([last], key=key)
    if (seal.lines, seal.heads, f"{seal.number:08}") != (lines.hexdigest(), count, path.stem):
        raise Broken
    return seal


def heads_of(path: Path, seal: Seal) -> Iterator[Head]:
    """The heads in a file that was ``opened``."""
    with path.open("rb") as file:
        for line in islice(file, seal.heads):
            yield Head(**json.loads(line))


def _seal(lines: list[bytes], *, key: str) -> Seal:
    try:
        facts = json.loads(lines[0])
        if "signature" in facts and facts.get("format") != FORMAT:
            raise OtherFormat
        seal = Seal(**facts)
        whole = set(facts) == NAMES and seal.is_signed(key)
    except OtherFormat:
        raise
    except (IndexError, ValueError, TypeError, AttributeError) as error:
        raise Broken from error
    if not whole:
        raise Broken
    return seal
