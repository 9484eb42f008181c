"""Public names of rows in addresses: long enough not to be guessed, never a primary key."""

import secrets


def public_token() -> str:
    """96 bits, URL-safe, 16 characters."""
    return secrets.token_urlsafe(12)
