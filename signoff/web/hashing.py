"""Hashes that only this installation can compute, for what may be compared but not kept."""

from django.utils.crypto import constant_time_compare, salted_hmac


def keyed_hash(purpose: str, value: str) -> str:
    """HMAC-SHA256 of ``value``, different for each ``purpose``, in hex."""
    return salted_hmac(f"signoff.{purpose}", value, algorithm="sha256").hexdigest()


def matches(purpose: str, value: str, stored: str) -> bool:
    """Whether ``stored`` is the hash of ``value``; takes as long for a wrong one."""
    return constant_time_compare(keyed_hash(purpose, value), stored)
