"""Polls a tracking service for parcels without pushed updates."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils import timezone

from signoff.carriers import PROVIDERS, TrackingRequest, UnreadableMessage
from signoff.models import Parcel, Watch
from signoff.parcels.terms import FIRST_POLL
from signoff.tracking.apply import apply_updates
from signoff.tracking.http import send_request
from signoff.web.outbound import OutboundError

logger = logging.getLogger(__name__)

MAX_REQUESTS = 50  # requests of one sweep
SECOND_PAUSE, LATER_PAUSE = timedelta(hours=4), timedelta(hours=12)

type Send = Callable[[TrackingRequest], bytes]


def polling_service() -> str:
    """The name of the service to poll: ``TRACKING_POLLS``, or the only one with a key; "" if there is none."""
    with_key = [name for name, account in settings.TRACKING.items() if account["key"]]
    if settings.TRACKING_POLLS:
        return settings.TRACKING_POLLS if settings.TRACKING_POLLS in with_key else ""
    return with_key[0] if len(with_key) == 1 else ""


def poll_due(*, send: Send = send_request, now: datetime | None = None) -> int:
    """Poll the parcels that are due, the longest due first; returns how many."""
    name, polled = polling_service(), 0
    while name and polled < MAX_REQUESTS and (parcel := _claim(now or timezone.now())) is not None:
        _poll_parcel(parcel, name, send, now or timezone.now())
        polled += 1
    return polled


@transaction.atomic
def _claim(now: datetime) -> Parcel | None:
    """The next parcel that is due. Sets its next poll first, so that a failed request is not repeated at once."""
    due = Watch.objects.filter(next_poll_at__lte=now).select_related("parcel").order_by("next_poll_at", "pk")
    watch = due.select_for_update(skip_locked=True, of=["self"]).first()
    if watch is None:
        return None
    watch.next_poll_at = now + pause_after(now - watch.begun_at)
    watch.save(update_fields=["next_poll_at"])
    return watch.parcel


def pause_after(watched: timedelta) -> timedelta:
    """The pause before the next poll: one hour, then four, then always twelve."""
    return SECOND_PAUSE if watched < FIRST_POLL + SECOND_PAUSE else LATER_PAUSE


def _poll_parcel(parcel: Parcel, name: str, send: Send, now: datetime) -> None:
    account = settings.TRACKING[name]
    request = PROVIDERS[name].build_request(
        parcel.tracking_number, parcel.carrier, key=account["key"], account=account["account"]
    )
    try:
        updates = PROVIDERS[name].parse(send(request))
    except (OutboundError, UnreadableMessage) as error:
        logger.warning("%s has no update of parcel %s: %s", name, parcel.pk, error)
        return
    try:
        for update in updates:
            apply_updates(update, now=now)
    except DatabaseError:
        logger.exception("The update by %s of parcel %s is left to the next poll", name, parcel.pk)
