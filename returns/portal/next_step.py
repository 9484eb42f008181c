"""What comes next in a case and by when, in words for the shopper. Pure."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from returns.lifecycle.states import STATES, Words

LATE = _("This should have been done by %(day)s. We're sorry for the delay and are working on it.")


@dataclass(frozen=True)
class Outlook:
    """``ours`` tells whether the shop has to act; then ``late`` may be true."""

    headline: Words
    words: str
    ours: bool
    late: bool


def outlook(status: str, due_at: datetime | None, *, now: datetime) -> Outlook:
    """What the shopper reads at the top of the case."""
    state = STATES[status]
    late = state.is_ours and due_at is not None and due_at < now
    # what a shopper has to do by then ends at a time of the day, what we promise holds for the whole day
    day = date_format(localtime(due_at), "DATE_FORMAT" if state.is_ours else "DATETIME_FORMAT") if due_at else ""
    return Outlook(state.headline, str(LATE if late else state.outlook) % {"day": day}, state.is_ours, late)
