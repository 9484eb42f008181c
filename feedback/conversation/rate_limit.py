"""How often shoppers may write on their pages: per conversation, and per address."""

from datetime import datetime, timedelta
from math import ceil

from django.utils.translation import ngettext

from feedback.models import Thread
from signoff.web.attempts import Limit, TooManyTries, count_use


def _limit(free: int) -> Limit:
    return Limit(free, first_wait=timedelta(minutes=5), longest_wait=timedelta(hours=1), memory=timedelta(hours=1))


#: as many as come in by mail within an hour; an address may be that of an office or of a mobile network
LIMITS = {"conversation": _limit(20), "machine": _limit(100)}


class TooManyMessages(Exception):
    """A limit is reached; a sentence for the shopper with the time to wait."""


def count_message(thread: Thread, *, machine: str, now: datetime | None = None) -> None:
    """Count a message in ``thread`` from the address ``machine``. Raises ``TooManyMessages``."""
    try:
        count_use(
            {
                "message.conversation": (LIMITS["conversation"], thread.token),
                "message.machine": (LIMITS["machine"], machine),
            },
            now=now,
        )
    except TooManyTries as refusal:
        raise TooManyMessages(_sentence(refusal.wait)) from refusal


def _sentence(wait: timedelta) -> str:
    minutes = max(1, ceil(wait / timedelta(minutes=1)))
    return ngettext(
        "You've sent many messages in a short time. Your words are still here; send them in %(minutes)d minute.",
        "You've sent many messages in a short time. Your words are still here; send them in %(minutes)d minutes.",
        minutes,
    ) % {"minutes": minutes}
