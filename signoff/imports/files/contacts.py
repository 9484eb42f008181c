"""E-mail addresses as files write them: with names, several in a cell, behind ``mailto:``."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

MAX_LENGTH = 254
BETWEEN = re.compile(r"[;,|/\n、，；]")
IN_BRACKETS = re.compile(r"[<(\[]([^<>()\[\]]*@[^<>()\[\]]*)[>)\]]")
DECORATION = re.compile(r"mailto:|[\s<>\"']", re.IGNORECASE)


class Emails(NamedTuple):
    """The first usable address, or an empty text, and whether the cell has anything else."""

    address: str
    has_more: bool


@lru_cache(maxsize=4096)
def read_emails(text: str) -> Emails:
    """Read the addresses of a cell: ``Anna <a@b.example>``, ``a@b.example; c@d.example``.

    Words before an address without brackets may be a part of it that a space has cut off, so it is not usable.
    """
    text = unicodedata.normalize("NFKC", text).strip() if text else ""
    for candidate in _candidates(text):
        address = DECORATION.sub("", candidate) if " " not in candidate.strip() else candidate.strip()
        if len(address) <= MAX_LENGTH and _is_valid(address):
            return Emails(address, bool(DECORATION.sub("", text.replace(address, "", 1))))
    return Emails("", bool(text))


def _candidates(text: str) -> Iterator[str]:
    for piece in BETWEEN.split(text):
        if match := IN_BRACKETS.search(piece):
            yield match[1]
        elif all("@" in word for word in piece.split()):
            yield from piece.split()


def _is_valid(address: str) -> bool:
    try:
        validate_email(address)
    except ValidationError:
        return False
    return True
