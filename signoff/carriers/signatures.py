"""Proofs that a message comes from its provider."""

import hashlib
import hmac
from collections.abc import Mapping

from django.utils.translation import gettext as _

from signoff.carriers.messages import BadSignature


def need(secret: str, *, provider: str) -> bytes:
    """The secret's bytes. Raises ``BadSignature`` where none was entered: nothing is taken unproved."""
    if not secret:
        raise BadSignature(
            _("No secret is entered for %(provider)s, so its messages cannot be checked. Enter it in the settings.")
            % {"provider": provider}
        )
    return secret.encode("utf-8", "surrogatepass")


def header(headers: Mapping[str, str], name: str) -> str:
    """A header's value whatever the case of its name, empty where it is missing."""
    for known, value in headers.items():
        if known.casefold() == name.casefold():
            return value.strip()
    return ""


def compare(given: str, expected: str, *, provider: str) -> None:
    """In constant time. Raises ``BadSignature``."""
    if not given:
        raise BadSignature(
            _("This message of %(provider)s is not signed. Switch signing on there, with the secret entered here.")
            % {"provider": provider}
        )
    if not hmac.compare_digest(given.encode("utf-8", "surrogatepass"), expected.encode()):
        raise BadSignature(
            _("The signature of this message of %(provider)s is wrong. Compare the secret here with the one there.")
            % {"provider": provider}
        )


def hmac_sha256(secret: bytes, message: bytes) -> "hmac.HMAC":
    """The keyed digest of a message."""
    return hmac.new(secret, message, hashlib.sha256)


def md5_hex(message: bytes) -> str:
    """The digest that 快递100 and 快递鸟 ask for; weak, but theirs."""
    return hashlib.md5(message, usedforsecurity=False).hexdigest()
