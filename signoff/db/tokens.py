"""Public ids of rows in URLs: unguessable, never a primary key."""

import secrets


def public_token() -> str:
    """A random token: 96 bits, URL-safe, 16 characters."""
    return secrets.token_urlsafe(12)
