"""Create, look up and revoke API tokens."""

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
    """Create a token (256 random bits); returns the row and the token, which is not stored."""
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
    """SHA-256 of a token; enough because tokens are random, and it can be indexed."""
    return hashlib.sha256(token.encode(errors="surrogateescape")).hexdigest()


def recognise(token: str, *, now: datetime | None = None) -> ApiToken | None:
    """The row of a valid token, None if unknown, revoked or expired. Updates its last use once a minute at most."""
    now = now or timezone.now()
    row = ApiToken.objects.filter(digest=digest_of(token)).first()
    if row is None or not row.is_good(now=now):
        return None
    if row.last_used_at is None or row.last_used_at <= now - NOTED_EVERY:
        long_ago = Q(last_used_at__isnull=True) | Q(last_used_at__lte=now - NOTED_EVERY)
        ApiToken.objects.filter(long_ago, pk=row.pk).update(last_used_at=now)
    return row


def revoke(token: ApiToken, *, by: User | None, now: datetime | None = None) -> None:
    """Revoke a token. Does nothing if it is revoked already."""
    ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(
        revoked_at=now or timezone.now(), revoked_by=by
    )
