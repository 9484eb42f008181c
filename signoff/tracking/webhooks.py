"""Webhook messages of tracking services: verified and stored once, processed by workers, deleted after 30 days."""

import hashlib
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from signoff import jobs
from signoff.carriers import PROVIDERS, Acknowledgement, BadSignature, UnreadableMessage
from signoff.models import TrackingMessage
from signoff.tracking.apply import apply_updates

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 5
KEEP_FOR = timedelta(days=30)
MAX_PROBLEM_LENGTH = TrackingMessage._meta.get_field("problem").max_length


def receive(
    name: str, body: bytes, headers: Mapping[str, str], *, token: str = "", now: datetime | None = None
) -> Acknowledgement:
    """Store a message of the service ``name`` and return the response that it expects. Idempotent by the body's digest.

    ``token`` is the URL's token, for services without signatures. Raises ``BadSignature``.
    """
    verify(name, body, headers, token=token)
    now = now or timezone.now()
    with transaction.atomic():
        # services repeat messages: the unique digest makes the second one a no-op
        _message, is_new = TrackingMessage.objects.get_or_create(
            provider=name, digest=hashlib.sha256(body).hexdigest(), defaults={"body": body, "received_at": now}
        )
        if is_new:
            transaction.on_commit(jobs.wake)
    return PROVIDERS[name].acknowledge(account=settings.TRACKING[name]["account"], now=now)


def verify(name: str, body: bytes, headers: Mapping[str, str], *, token: str = "") -> None:
    """Raises ``BadSignature`` unless one of the current secrets has signed ``body`` or is the URL's token.

    Several secrets are valid at once while they are rotated.
    """
    provider, error = PROVIDERS[name], None
    verify_token = getattr(provider, "verify_token", None) if token else None
    for secret in settings.TRACKING[name]["secrets"] or [""]:
        try:
            if verify_token:
                verify_token(token, secret=secret)
            else:
                provider.verify(body, headers, secret=secret)
        except BadSignature as why:
            error = why
        else:
            return
    raise error or BadSignature


def process_messages(now: datetime | None = None) -> int:
    """Process unread messages, the oldest first; returns how many.

    A message that fails is retried by later sweeps, up to ``MAX_ATTEMPTS``, and does not hold up the next ones.
    """
    processed, last_key = 0, 0
    while (message := _claim(after=last_key)) is not None:
        last_key = message.pk
        try:
            processed += _process(message, now or timezone.now())
        except DatabaseError:
            logger.exception("Tracking message %s is left to a later sweep", message.pk)
    return processed


def delete_old_messages(now: datetime | None = None) -> int:
    """Delete messages after a month: processed again, they would change nothing."""
    return TrackingMessage.objects.filter(received_at__lt=(now or timezone.now()) - KEEP_FOR).delete()[0]


@transaction.atomic
def _claim(*, after: int) -> TrackingMessage | None:
    """The next unread message that no other worker has. Counts the attempt first: processing may crash the worker."""
    unread = TrackingMessage.objects.filter(read_at=None, attempts__lt=MAX_ATTEMPTS, pk__gt=after)
    message = unread.select_for_update(skip_locked=True).order_by("pk").first()
    if message:
        message.attempts += 1
        message.problem = _("It could not be read completely. See the worker log for the reason.")
        message.save(update_fields=["attempts", "problem"])
    return message


@transaction.atomic
def _process(message: TrackingMessage, now: datetime) -> bool:
    """Process one message and empty its body; False if another worker has it."""
    unread = TrackingMessage.objects.select_for_update(skip_locked=True).filter(pk=message.pk, read_at=None)
    locked = unread.first()
    if locked is None:
        return False
    message = locked
    try:
        updates = PROVIDERS[message.provider].parse(bytes(message.body))
    except UnreadableMessage as sentence:
        parcels, problem = 0, str(sentence)
    else:
        results = [apply_updates(update, now=now) for update in sorted(updates, key=lambda update: update.number)]
        parcels, problem = sum(count for count, _why in results), next((why for _count, why in results if why), "")
    message.parcels, message.problem = parcels, problem[:MAX_PROBLEM_LENGTH]
    message.body, message.read_at = b"", now
    message.save()
    return True
