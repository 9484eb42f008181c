"""Messages of tracking services: taken in once when rightly signed, read by the workers, forgotten after a while."""

import hashlib
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from signoff import jobs
from signoff.carriers import PROVIDERS, Answer, BadSignature, Unreadable
from signoff.models import TrackingMessage
from signoff.tracking.apply import tell_all

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 5
KEPT = timedelta(days=30)
PROBLEM = TrackingMessage._meta.get_field("problem").max_length


def take_in(
    name: str, body: bytes, headers: Mapping[str, str], *, token: str = "", now: datetime | None = None
) -> Answer:
    """Keep a message of the service ``name`` and say what that wants to hear; the same message again changes nothing.

    ``token`` is what stood in the address, for services that prove themselves so. Raises ``BadSignature``.
    """
    prove(name, body, headers, token=token)
    now = now or timezone.now()
    with transaction.atomic():
        _message, is_new = TrackingMessage.objects.get_or_create(
            provider=name, digest=hashlib.sha256(body).hexdigest(), defaults={"body": body, "received_at": now}
        )
        if is_new:
            transaction.on_commit(jobs.wake)
    return PROVIDERS[name].answer(account=settings.TRACKING[name]["account"], now=now)


def prove(name: str, body: bytes, headers: Mapping[str, str], *, token: str = "") -> None:
    """Raises ``BadSignature`` unless one of the live secrets has signed ``body``, or stood in the address."""
    service, refusal = PROVIDERS[name], None
    in_address = getattr(service, "verify_token", None) if token else None
    for secret in settings.TRACKING[name]["secrets"] or [""]:
        try:
            if in_address:
                in_address(token, secret=secret)
            else:
                service.verify(body, headers, secret=secret)
        except BadSignature as wrong:
            refusal = wrong
        else:
            return
    raise refusal or BadSignature


def read_messages(now: datetime | None = None) -> int:
    """Read what waits, the oldest first, and apply it; returns how many were read.

    One that fails is tried again by the next sweeps, a few times, and holds up none behind it.
    """
    read, tried = 0, 0
    while (message := _begin(after=tried)) is not None:
        tried = message.pk
        try:
            read += _read(message, now or timezone.now())
        except DatabaseError:
            logger.exception("Tracking message %s is left to a later sweep", message.pk)
    return read


def forget_messages(now: datetime | None = None) -> int:
    """Delete messages a month after they came: told again, they would change nothing."""
    return TrackingMessage.objects.filter(received_at__lt=(now or timezone.now()) - KEPT).delete()[0]


@transaction.atomic
def _begin(*, after: int) -> TrackingMessage | None:
    """The next message that nobody else has, with this attempt counted whatever comes of it."""
    waiting = TrackingMessage.objects.filter(read_at=None, attempts__lt=MOST_ATTEMPTS, pk__gt=after)
    message = waiting.select_for_update(skip_locked=True).order_by("pk").first()
    if message:
        message.attempts += 1
        message.problem = _("Reading it has not come to an end. The workers' log says why.")
        message.save(update_fields=["attempts", "problem"])
    return message


@transaction.atomic
def _read(message: TrackingMessage, now: datetime) -> bool:
    """Read one message and empty it; not where another worker is at it."""
    waiting = TrackingMessage.objects.select_for_update(skip_locked=True).filter(pk=message.pk, read_at=None)
    message = waiting.first()
    if message is None:
        return False
    try:
        told = PROVIDERS[message.provider].read(bytes(message.body))
    except Unreadable as sentence:
        parcels, problem = 0, str(sentence)
    else:
        answers = [tell_all(one, now=now) for one in sorted(told, key=lambda one: one.number)]
        parcels, problem = sum(count for count, _why in answers), next((why for _count, why in answers if why), "")
    message.parcels, message.problem = parcels, problem[:PROBLEM]
    message.body, message.read_at = b"", now
    message.save()
    return True
