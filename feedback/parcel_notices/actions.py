"""Write messages about parcels, each once: the message and its mark are saved together."""

import logging
from datetime import datetime
from functools import partial

from django.db import DatabaseError, OperationalError, transaction
from django.utils import timezone

from feedback.messages.actions import write_about
from feedback.messages.topics import TOPIC_OF_EXCEPTION, topic_of_signature
from feedback.parcel_notices import receipts
from feedback.parcel_notices.facts import facts_of_delivery, facts_of_exception, facts_of_signature
from signoff.models import Parcel
from signoff.parcels import notices

logger = logging.getLogger(__name__)
WORST_FIRST: list[str] = list(TOPIC_OF_EXCEPTION)


def notify_deliveries(now: datetime | None = None) -> int:
    """Write the messages about parcels that are due; returns the number of parcels.

    Each parcel has a transaction of its own: one with a broken template or a locked row is left to the next sweep.
    Parcels without an e-mail address are marked as notified, so that nothing waits for them.
    """
    now = now or timezone.now()
    with receipts.sign_offs_to_read(now) as signed:
        keys = {*notices.parcels_to_notify(now), *signed.values_list("parcel_id", flat=True)}
        return sum(_goes(key, now) for key in sorted(keys))


def _goes(key: int, now: datetime) -> bool:
    try:
        with transaction.atomic():
            parcel = notices.lock_parcel(key)
            return parcel is not None and _notify(parcel, now)
    except OperationalError as error:  # a row stays locked longer than lock_timeout
        logger.warning("Parcel %s is told about by the next sweep: %s", key, error)
    except DatabaseError:
        logger.exception("Nothing is told about parcel %s", key)
    return False


def _notify(parcel: Parcel, now: datetime) -> bool:
    return any([_notify_delivery(parcel, now), _notify_exception(parcel, now), _notify_signature(parcel)])


def _notify_delivery(parcel: Parcel, now: datetime) -> bool:
    """Notify that the parcel was delivered, and later remind of the automatic sign-off; one message if both are due."""
    watch = notices.lock_watch(parcel)
    if watch is None:
        return False
    first, last = watch.told_at is None, notices.is_warning_due(watch, now=now)
    if not (first or last):
        return False
    facts = partial(facts_of_delivery, parcel, counts_from=notices.sign_due_after_notice(watch, now=now))
    if not write_about(parcel, "parcel_delivered" if first else "sign_off_due", facts, at=now):
        return False
    if first:
        notices.mark_delivery_notified(watch, now=now)
    if last:
        notices.mark_warned(watch, now=now)
    return True


def _notify_exception(parcel: Parcel, now: datetime) -> bool:
    """Notify of the worst exception only: a lost parcel need not be reported as late too.

    A returned parcel gets no message here: it has a case with messages of its own.
    """
    exceptions = notices.lock_exceptions(parcel)
    if not exceptions:
        return False
    worst = min(exceptions, key=lambda exception: WORST_FIRST.index(exception.kind))
    facts = partial(facts_of_exception, parcel, worst, now=now)
    goes_out = parcel.direction != Parcel.Direction.RETURN
    if goes_out and not write_about(parcel, TOPIC_OF_EXCEPTION[worst.kind], facts, at=now):
        return False
    notices.mark_exceptions_notified(exceptions, now=now)
    return True


def _notify_signature(parcel: Parcel) -> bool:
    """Write the receipt of the sign-off in force. The stored message shows that it was written; nothing is marked."""
    sign_off = receipts.receipt_due(parcel)
    if sign_off is None:
        return False
    facts = partial(facts_of_signature, parcel, sign_off)
    return write_about(parcel, topic_of_signature(sign_off), facts, at=sign_off.recorded_at)
