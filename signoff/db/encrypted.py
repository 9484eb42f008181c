"""A text column that is encrypted at rest, for what must be read again but never found in a dump.

Fernet (AES-128-CBC with HMAC-SHA256), under a key that is derived from ``SECRET_KEY``; ``SECRET_KEY_FALLBACKS`` still
decrypt. The column cannot be searched.
"""

import base64
import functools
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import models


class EncryptedText(models.TextField):
    """A text that the database holds encrypted; "" stays "". A text under an unknown key reads as ""."""

    def get_prep_value(self, value: Any) -> Any:
        text = super().get_prep_value(value)
        return _cipher().encrypt(text.encode()).decode() if text else text

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        if not value:
            return value
        try:
            return _cipher().decrypt(value.encode()).decode()
        except InvalidToken:
            return ""


def _cipher() -> MultiFernet:
    return _ciphers((str(settings.SECRET_KEY), *map(str, settings.SECRET_KEY_FALLBACKS)))


@functools.cache
def _ciphers(secrets: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(_key(secret)) for secret in secrets])


def _key(secret: str) -> bytes:
    derived = HKDF(SHA256(), length=32, salt=None, info=b"homeward encrypted text").derive(secret.encode())
    return base64.urlsafe_b64encode(derived)
