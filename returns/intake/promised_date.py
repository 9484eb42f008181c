"""The date of the decision that the check page shows, carried signed by its form so that the case gets it."""

from datetime import datetime, timedelta

from django.core import signing
from django.utils.translation import gettext as _

from returns.clocks import due
from returns.models import Case, Draft
from signoff.web import formatting

PROMISE_HOLDS = timedelta(hours=1)  # a page that was open for longer is shown again where the day has changed


class DateMoved(Exception):
    """The page was open for too long and its day is no longer the one of a new request; the sentence says so."""


def sign_promise(draft: Draft, decision_by: datetime) -> str:
    """The date of the decision as the form carries it, so that the case gets the date that was shown."""
    return signing.dumps(decision_by.isoformat(), salt=_salt(draft))


def promised_date(draft: Draft, signed: str, *, now: datetime) -> datetime | None:
    """The date of the decision for a draft submitted ``now``; None where ``signed`` is empty or not ours.

    After ``PROMISE_HOLDS`` it is the date of a new request; raises ``DateMoved`` if that is another day of the shop,
    unless the draft has become a case, which keeps its date.
    """
    promised, today = _read(draft, signed), due(Case.Status.SUBMITTED, now)
    if draft.case is not None or promised is None or today is None or today - promised <= PROMISE_HOLDS:
        return promised
    zone = draft.order.shop.time_zone
    day = formatting.day(today, zone)
    if formatting.day(promised, zone) != day:
        raise DateMoved(
            _("This page was open for a while, so our date has moved to %(day)s. Please submit it again.")
            % {"day": day}
        )
    return today


def _read(draft: Draft, signed: str) -> datetime | None:
    try:
        return datetime.fromisoformat(signing.loads(signed, salt=_salt(draft)))
    except signing.BadSignature:
        return None


def _salt(draft: Draft) -> str:
    return f"promise {draft.token}"
