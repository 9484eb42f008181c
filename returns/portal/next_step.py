"""The next step of a case and its deadline, as text for the shopper. Pure."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from returns.lifecycle.states import STATES, Words
from signoff.web import formatting

LATE = _("This should have been done by %(day)s. We're sorry for the delay and are working on it.")


@dataclass(frozen=True)
class NextStep:
    """``ours``: the shop has to act; only then can it be ``late``."""

    headline: Words
    words: str
    ours: bool
    late: bool


def next_step(status: str, due_at: datetime | None, *, zone: str, now: datetime) -> NextStep:
    """The next step of a case in ``status``, shown at the top of the shopper's page; ``zone`` is the shop's."""
    state = STATES[status]
    late = state.is_ours and due_at is not None and due_at < now
    # a shopper's deadline ends at a time of day, ours at the end of the day
    written = formatting.day if state.is_ours else formatting.exact
    day = written(due_at, zone) if due_at else ""
    return NextStep(state.headline, str(LATE if late else state.next_step) % {"day": day}, state.is_ours, late)
