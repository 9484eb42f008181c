"""Checks of webhook signatures: shared secret, HMAC-SHA256, MD5."""

import hashlib
import hmac
from collections.abc import Mapping

from django.utils.translation import gettext as _

from signoff.carriers.messages import BadSignature


def require_secret(secret: str, *, provider: str) -> bytes:
    """The secret as bytes. Raises ``BadSignature`` if none is set: unsigned messages are never accepted."""
    if not secret:
        raise BadSignature(
            _(
                "No secret has been entered for %(provider)s, so its messages can't be verified. Enter it in the "
                "settings."
            )
            % {"provider": provider}
        )
    return secret.encode("utf-8", "surrogatepass")


def get_header(headers: Mapping[str, str], name: str) -> str:
    """Value of a header, ignoring the case of its name; "" if it is missing."""
    for header, value in headers.items():
        if header.casefold() == name.casefold():
            return value.strip()
    return ""


def check_signature(signature: str, expected: str, *, provider: str) -> None:
    """Compare signatures in constant time. Raises ``BadSignature``."""
    if not signature:
        raise BadSignature(
            _("This message from %(provider)s is not signed. Switch on signing there, with the secret entered here.")
            % {"provider": provider}
        )
    if not hmac.compare_digest(signature.encode("utf-8", "surrogatepass"), expected.encode()):
        raise BadSignature(
            _("The signature of this message from %(provider)s is wrong. Compare the secret here with the one there.")
            % {"provider": provider}
        )


def hmac_sha256(secret: bytes, message: bytes) -> "hmac.HMAC":
    """The HMAC-SHA256 of a message."""
    return hmac.new(secret, message, hashlib.sha256)


def md5_hex(message: bytes) -> str:
    """The MD5 digest that 快递100 and 快递鸟 require, although it is weak."""
    return hashlib.md5(message, usedforsecurity=False).hexdigest()
