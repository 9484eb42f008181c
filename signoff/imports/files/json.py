"""JSON files: one order, a list of them, or an envelope; every value knows its path from the root."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from signoff.imports.files.sniff import UnreadableFile, read_blocks

MAX_BYTES = 64 * 1024**2
SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")


@dataclass(frozen=True, slots=True)
class Node:
    """A value and where it stands. What is not there is a node of ``None``."""

    value: Any
    path: str = "$"

    def __getitem__(self, key: str) -> "Node":
        value = self.value.get(key) if isinstance(self.value, dict) else None
        return Node(value, f"{self.path}.{key}")

    def __bool__(self) -> bool:
        return bool(self.value)

    def each(self) -> Iterator["Node"]:
        """The members of a list; of anything else nothing."""
        if isinstance(self.value, list):
            for place, value in enumerate(self.value):
                yield Node(value, f"{self.path}[{place}]")

    def has(self, *keys: str) -> bool:
        return isinstance(self.value, dict) and self.value.keys() >= set(keys)

    @property
    def text(self) -> str:
        """A scalar as text; empty for nothing, lists and objects."""
        if isinstance(self.value, bool):
            return str(self.value).lower()
        return str(self.value) if isinstance(self.value, str | int | Decimal) else ""


class JsonDocument:
    """One JSON file, read whole (at most 64 MB): shops page what their API gives out."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.root = Node(_parse(b"".join(read_blocks(path, most=MAX_BYTES))))


def _parse(raw: bytes) -> Any:
    try:
        text = raw.decode(json.detect_encoding(raw))
        content = json.loads(text, parse_float=Decimal, parse_constant=_reject_constant)
        return _replace_surrogates(content) if SURROGATE_ESCAPE.search(text) else content
    except (ValueError, ArithmeticError, RecursionError) as wrong:
        raise UnreadableFile(_("The file is not JSON: %(why)s.") % {"why": wrong}) from wrong


def _replace_surrogates(value: Any) -> Any:
    """Without halves of characters, which JSON can write and nothing can keep."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return list(map(_replace_surrogates, value))
    return (
        {_replace_surrogates(key): _replace_surrogates(one) for key, one in value.items()}
        if isinstance(value, dict)
        else value
    )


def _reject_constant(word: str) -> None:
    raise ValueError(_("%(word)s is no number") % {"word": word})
