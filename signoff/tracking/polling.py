"""Asking a tracking service about parcels of which nobody sends news."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils import timezone

from signoff.carriers import PROVIDERS, Question, Unreadable
from signoff.models import Parcel, Watch
from signoff.parcels.terms import FIRST_POLL
from signoff.tracking.apply import tell_all
from signoff.tracking.http import ask
from signoff.web.outbound import OutboundError

logger = logging.getLogger(__name__)

AT_ONCE = 50  # questions of one sweep
SECOND, LATER = timedelta(hours=4), timedelta(hours=12)

type Send = Callable[[Question], bytes]


def polling_service() -> str:
    """The name of the service that is asked: the one chosen, or the only one with a key; "" where there is none."""
    with_key = [name for name, account in settings.TRACKING.items() if account["key"]]
    if settings.TRACKING_POLLS:
        return settings.TRACKING_POLLS if settings.TRACKING_POLLS in with_key else ""
    return with_key[0] if len(with_key) == 1 else ""


def poll_due(*, send: Send = ask, now: datetime | None = None) -> int:
    """Ask about the parcels whose turn it is, the longest due first; returns how many were asked about."""
    name, asked = polling_service(), 0
    while name and asked < AT_ONCE and (parcel := _claim(now or timezone.now())) is not None:
        _poll(parcel, name, send, now or timezone.now())
        asked += 1
    return asked


@transaction.atomic
def _claim(now: datetime) -> Parcel | None:
    """The next parcel, its next turn already fixed: whatever becomes of the question, nobody asks twice."""
    due = Watch.objects.filter(next_poll_at__lte=now).select_related("parcel").order_by("next_poll_at", "pk")
    watch = due.select_for_update(skip_locked=True, of=["self"]).first()
    if watch is None:
        return None
    watch.next_poll_at = now + pause_after(now - watch.begun_at)
    watch.save(update_fields=["next_poll_at"])
    return watch.parcel


def pause_after(watched: timedelta) -> timedelta:
    """The time to the next question: the first came after an hour, the second after four more, then after twelve."""
    return SECOND if watched < FIRST_POLL + SECOND else LATER


def _poll(parcel: Parcel, name: str, send: Send, now: datetime) -> None:
    account = settings.TRACKING[name]
    question = PROVIDERS[name].ask(
        parcel.tracking_number, parcel.carrier, key=account["key"], account=account["account"]
    )
    try:
        told = PROVIDERS[name].read(send(question))
    except (OutboundError, Unreadable) as trouble:
        logger.warning("%s tells nothing of parcel %s: %s", name, parcel.pk, trouble)
        return
    try:
        for one in told:
            tell_all(one, now=now)
    except DatabaseError:
        logger.exception("What %s told of parcel %s is left to the next question", name, parcel.pk)
