"""JSON files: nodes that know their path from the root, for messages about rejected values."""

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
    """A value with its path. A missing key gives a node with the value ``None``."""

    value: Any
    path: str = "$"

    def __getitem__(self, key: str) -> "Node":
        value = self.value.get(key) if isinstance(self.value, dict) else None
        return Node(value, f"{self.path}.{key}")

    def __bool__(self) -> bool:
        return bool(self.value)

    def elements(self) -> Iterator["Node"]:
        """The members of a list; none for any other value."""
        if isinstance(self.value, list):
            for place, value in enumerate(self.value):
                yield Node(value, f"{self.path}[{place}]")

    def has(self, *keys: str) -> bool:
        return isinstance(self.value, dict) and self.value.keys() >= set(keys)

    @property
    def text(self) -> str:
        """A scalar as text; "" for null, lists and objects."""
        if isinstance(self.value, bool):
            return str(self.value).lower()
        return str(self.value) if isinstance(self.value, str | int | Decimal) else ""


class JsonDocument:
    """One JSON file, read whole (at most 64 MB): shops' APIs give out orders in pages."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.root = Node(_parse(b"".join(read_blocks(path, max_bytes=MAX_BYTES))))


def _parse(raw: bytes) -> Any:
    try:
        text = raw.decode(json.detect_encoding(raw))
        content = json.loads(text, parse_float=Decimal, parse_constant=_reject_constant)
        return _replace_surrogates(content) if SURROGATE_ESCAPE.search(text) else content
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise UnreadableFile(_("The file is not JSON: %(why)s.") % {"why": error}) from error


def _replace_surrogates(value: Any) -> Any:
    """Replace lone surrogates, which JSON allows and UTF-8 cannot encode."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return list(map(_replace_surrogates, value))
    return (
        {_replace_surrogates(key): _replace_surrogates(member) for key, member in value.items()}
        if isinstance(value, dict)
        else value
    )


def _reject_constant(word: str) -> None:
    raise ValueError(_("%(word)s is not a number") % {"word": word})
