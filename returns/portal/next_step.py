"""The next step of a case and its deadline, as text for the shopper. Pure."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from returns.lifecycle.states import STATES, Words

LATE = _("This should have been done by %(day)s. We're sorry for the delay and are working on it.")


@dataclass(frozen=True)
class NextStep:
    """``ours``: the shop has to act; only then can it be ``late``."""

    headline: Words
    words: str
    ours: bool
    late: bool


def next_step(status: str, due_at: datetime | None, *, now: datetime) -> NextStep:
    """The next step of a case in ``status``, shown at the top of the shopper's page."""
    state = STATES[status]
    late = state.is_ours and due_at is not None and due_at < now
    # a shopper's deadline ends at a time of day, ours at the end of the day
    day = date_format(localtime(due_at), "DATE_FORMAT" if state.is_ours else "DATETIME_FORMAT") if due_at else ""
    return NextStep(state.headline, str(LATE if late else state.next_step) % {"day": day}, state.is_ours, late)
