"""What comes next in a case and by when, in words for the shopper. Pure."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from returns.models import Case

S = Case.Status

type Words = str | Promise

#: state → (headline, what happens by %(day)s, whether the next move is the shop's)
WORDS: dict[str, tuple[Words, Words, bool]] = {
    S.SUBMITTED: (_("We are looking at it"), _("You hear from us by %(day)s."), True),
    S.WAITING_ON_SHOPPER: (
        _("We need something from you"),
        _("Answer by %(day)s. Without an answer the case ends by itself then."),
        False,
    ),
    S.IN_APPRAISAL: (_("An expert looks at what you showed us"), _("The result is here by %(day)s."), True),
    S.OFFERED: (
        _("We have an offer for you"),
        _("Say yes or no by %(day)s. Without an answer the case ends by itself then."),
        False,
    ),
    S.AWAITING_APPROVAL: (_("There is a plan, it is being checked"), _("The decision falls by %(day)s."), True),
    S.AUTHORISED: (
        _("Approved: now send the goods"),
        _("Hand the parcel over by %(day)s. After that the approval ends by itself."),
        False,
    ),
    S.IN_TRANSIT: (
        _("Your parcel is on its way to us"),
        _("As soon as it arrives, you see it here. If it has not arrived by %(day)s, we look for it."),
        True,
    ),
    S.RECEIVED: (_("The goods are with us"), _("They are inspected by %(day)s."), True),
    S.INSPECTED: (_("The goods are inspected"), _("What follows from it is decided by %(day)s."), True),
    S.SETTLING: (_("We are putting it right"), _("Money or replacement leaves us by %(day)s."), True),
    S.RESOLVED: (
        _("It has been put right"),
        _("Is something still wrong? Reply to our e-mail by %(day)s; after that the case is closed."),
        False,
    ),
    S.REJECTED: (_("We cannot agree to this"), _("You can appeal until %(day)s."), False),
    S.CANCELLED: (
        _("You have withdrawn the case"),
        _("Nothing more happens. You can open a new case at any time."),
        False,
    ),
    S.EXPIRED: (
        _("The time to act is over"),
        _("The case ended without an answer from you. You can open a new case at any time."),
        False,
    ),
    S.CLOSED: (_("The case is closed"), _("Nothing changes here any more; you can still read everything."), False),
}
LATE = _("This should have happened by %(day)s. We are sorry; somebody is on it.")


@dataclass(frozen=True)
class Outlook:
    """``ours`` tells whether the shop has to act; then ``late`` may be true."""

    headline: Words
    words: str
    ours: bool
    late: bool


def outlook(status: str, due_at: datetime | None, *, now: datetime) -> Outlook:
    """What the shopper reads at the top of the case."""
    headline, sentence, ours = WORDS[status]
    late = ours and due_at is not None and due_at < now
    day = date_format(localtime(due_at), "DATE_FORMAT") if due_at else ""
    return Outlook(headline, str(LATE if late else sentence) % {"day": day}, ours, late)
