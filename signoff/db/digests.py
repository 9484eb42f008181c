"""Digests and hash chains of records. Pure: values in, SHA-256 in hex out."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any


def canonical(facts: Mapping[str, Any]) -> bytes:
    """The one way to write ``facts`` down: sorted keys, no spaces, UTF-8; what JSON lacks as its ``str``."""
    return json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str).encode()


def digest(facts: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical form."""
    return hashlib.sha256(canonical(facts)).hexdigest()


def link(previous: str, facts: Mapping[str, Any]) -> str:
    """Hash of the next record of a chain: SHA-256(previous hash ‖ canonical JSON)."""
    return hashlib.sha256(previous.encode() + canonical(facts)).hexdigest()


def columns_of(row: Any, *, without: frozenset[str]) -> dict[str, Any]:
    """The columns of a model instance by name, each as it comes back from the database; ``without`` leaves some out."""
    names = (field.attname for field in row._meta.concrete_fields if field.attname not in without)
    return {name: plain(getattr(row, name)) for name in names}


def plain(value: Any) -> Any:
    """A column's value as JSON: the same before it was written and after it was read."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"  # 20.00 comes back from the database as 20.000
    return value if value is None or isinstance(value, int | dict | list) else str(value)
