"""SHA-256 digests and hash chains of records. Pure: no queries."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any


def canonical(facts: Mapping[str, Any]) -> bytes:
    """Canonical JSON of ``facts``: sorted keys, no spaces, UTF-8; other types as their ``str``."""
    return json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str).encode()


def digest(facts: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical form."""
    return hashlib.sha256(canonical(facts)).hexdigest()


def link(previous: str, facts: Mapping[str, Any]) -> str:
    """Hash of the next record of a chain: SHA-256(previous hash ‖ canonical JSON)."""
    return hashlib.sha256(previous.encode() + canonical(facts)).hexdigest()


def columns_of(row: Any, *, without: frozenset[str]) -> dict[str, Any]:
    """Columns of a model instance by name, in the form that ``plain`` gives; ``without`` are left out."""
    names = (field.attname for field in row._meta.concrete_fields if field.attname not in without)
    return {name: plain(getattr(row, name)) for name in names}


def plain(value: Any) -> Any:
    """A column's value for JSON, the same before it is saved and after it is read."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"  # 20.00 comes back from the database as 20.000
    return value if value is None or isinstance(value, int | dict | list) else str(value)
