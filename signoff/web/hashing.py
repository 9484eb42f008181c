"""HMAC-SHA256 of values that are compared later but must not be stored in clear."""

from django.utils.crypto import constant_time_compare, salted_hmac


def keyed_hash(purpose: str, value: str) -> str:
    """HMAC-SHA256 of ``value``, different for each ``purpose``, in hex."""
    return salted_hmac(f"signoff.{purpose}", value, algorithm="sha256").hexdigest()


def matches(purpose: str, value: str, stored: str) -> bool:
    """Whether ``stored`` is the hash of ``value``, compared in constant time."""
    return constant_time_compare(keyed_hash(purpose, value), stored)
