"""The chain of a case's logbook. Pure: canonical JSON in, hash out."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def canonical(facts: Mapping[str, Any]) -> bytes:
    """The one way to write ``facts`` down: sorted keys, no spaces, UTF-8; what JSON lacks as its ``str``."""
    return json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str).encode()


def digest(facts: Mapping[str, Any]) -> str:
    """sha256 of the canonical form, in hex."""
    return hashlib.sha256(canonical(facts)).hexdigest()


def link(previous: str, facts: Mapping[str, Any]) -> str:
    """Hash of an entry: sha256(previous hash ‖ canonical JSON), in hex."""
    return hashlib.sha256(previous.encode() + canonical(facts)).hexdigest()
