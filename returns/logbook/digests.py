"""Digests that logbook entries pin besides the history: of pictures, sign-offs, refunds.

Each app registers how records of its kinds are read.

``LogEntry.digests`` is ``{"kind:name": digest}``; names are public tokens, never primary keys.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from uuid import UUID

from returns.models import Evidence, LogEntry
from signoff.models import SignOff
from signoff.pictures.models import Picture

#: name → digests that were pinned, to name → those that still agree; names that are gone are left out
type Check = Callable[[Mapping[str, Collection[str]]], Mapping[str, Collection[str]]]

TOKEN = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
EVIDENCE, SIGN_OFF = "evidence", "sign_off"
_CHECKS: dict[str, Check] = {}


def register_digests(kind: str, check: Check) -> None:
    """Let entries pin records of ``kind``, which ``check`` compares when the logbook is verified."""
    _CHECKS[kind] = check


def pinned_pictures(kind: str, pictures: Iterable[Picture]) -> dict[str, str]:
    """What an entry pins of ``pictures``."""
    return {f"{kind}:{picture.token}": picture.digest() for picture in pictures}


def pinned_sign_off(sign_off: SignOff) -> dict[str, str]:
    """What an entry pins of a sign-off: its hash, which is its name as well."""
    return {f"{SIGN_OFF}:{sign_off.hash}": sign_off.hash}


def tokens_in(names: Iterable[str]) -> list[UUID]:
    """Those of ``names`` that can be a picture's token; a forged entry may contain anything."""
    return [UUID(name) for name in names if TOKEN.fullmatch(name)]


def check_pictures(rows: Iterable[Picture], pinned: Mapping[str, Collection[str]]) -> dict[str, list[str]]:
    """The answer of a ``Check`` about pictures; ``rows`` are those found under the names."""
    return {str(row.token): [digest for digest in pinned[str(row.token)] if row.agrees_with(digest)] for row in rows}


def check_evidence(pinned: Mapping[str, Collection[str]]) -> dict[str, list[str]]:
    """The ``Check`` of pictures that shoppers have sent."""
    return check_pictures(Evidence.objects.filter(token__in=tokens_in(pinned), case__isnull=False), pinned)


def check_sign_offs(pinned: Mapping[str, Collection[str]]) -> dict[str, list[str]]:
    """The ``Check`` of sign-offs. What they say is proven by their own hashes, see ``signoff.signoffs.proof``."""
    found = SignOff.objects.filter(hash__in=list(pinned)).values_list("hash", flat=True)
    return {name: [name] for name in found}


class Pinned:
    """The pinned digests of some entries, compared with the records, one kind after another."""

    def __init__(self, entries: Iterable[LogEntry]) -> None:
        wanted: dict[str, dict[str, set[str]]] = {}
        for entry in entries:
            for key, digest in entry.digests.items():
                kind, _, name = key.partition(":")
                wanted.setdefault(kind, {}).setdefault(name, set()).add(str(digest))
        self._found = {kind: dict(_CHECKS[kind](names)) if kind in _CHECKS else {} for kind, names in wanted.items()}

    def differing(self, entry: LogEntry) -> Iterable[tuple[str, bool]]:
        """Pinned records of ``entry`` that have changed, and whether each still exists."""
        for key, digest in sorted(entry.digests.items()):
            kind, _, name = key.partition(":")
            agreeing = self._found[kind].get(name)
            if agreeing is None or str(digest) not in agreeing:
                yield key, agreeing is not None
