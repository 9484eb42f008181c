"""Tokens of the API: made, recognised, taken away."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db.models import Model, Q
from django.utils import timezone

from signoff.api.models import ApiToken

NOTED_EVERY = timedelta(minutes=1)
SHOWN = 10


def create_token(
    name: str,
    *,
    scopes: Sequence[str],
    shop: Model | None,
    lasts: timedelta | None,
    now: datetime | None = None,
) -> tuple[ApiToken, str]:
    """The row and the token itself (256 random bits), which nobody can read again."""
    token = f"hw_{secrets.token_urlsafe(32)}"
    now = now or timezone.now()
    row = ApiToken.objects.create(
        name=name,
        shop_id=shop.pk if shop else None,
        scopes=sorted(set(scopes)),
        prefix=token[:SHOWN],
        digest=digest_of(token),
        created_at=now,
        expires_at=now + lasts if lasts else None,
    )
    return row, token


def digest_of(token: str) -> str:
    """SHA-256: enough for a token that nobody can guess, and it can be looked up by an index."""
    return hashlib.sha256(token.encode(errors="surrogateescape")).hexdigest()


def recognise(token: str, *, now: datetime | None = None) -> ApiToken | None:
    """Whose token it is, or none where it is unknown, revoked or expired. Notes its use, once a minute at most."""
    now = now or timezone.now()
    row = ApiToken.objects.filter(digest=digest_of(token)).first()
    if row is None or not row.is_good(now=now):
        return None
    if row.last_used_at is None or row.last_used_at <= now - NOTED_EVERY:
        long_ago = Q(last_used_at__isnull=True) | Q(last_used_at__lte=now - NOTED_EVERY)
        ApiToken.objects.filter(long_ago, pk=row.pk).update(last_used_at=now)
    return row


def revoke(token: ApiToken, *, by: User | None, now: datetime | None = None) -> None:
    """From the next request on it opens nothing. Revoking it again changes nothing."""
    ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(
        revoked_at=now or timezone.now(), revoked_by=by
    )
