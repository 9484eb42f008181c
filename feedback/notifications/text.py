"""The sentence of each notification."""

from collections.abc import Callable

from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise

from feedback.models import Notification
from signoff.web.formatting import name_of

Kind = Notification.Kind


def sentence(row: Notification) -> str:
    """What happened, in the reader's language; the number of the case or order is shown beside it."""
    who = name_of(row.by) if row.by else _("The system")
    return str(_SENTENCES[row.kind]()) % {"name": who}


ICONS = {
    Kind.ANSWERED: "message-circle-reply",
    Kind.ASSIGNED: "user-plus",
    Kind.MENTIONED: "at-sign",
    Kind.OVERDUE: "alarm-clock",
    Kind.SENT_BACK: "corner-up-left",
    Kind.PAYOUT_FAILED: "triangle-alert",
    Kind.ALARM: "shield-alert",
}
_SENTENCES: dict[str, Callable[[], StrOrPromise]] = {
    Kind.ANSWERED: lambda: _("The shopper has answered."),
    Kind.ASSIGNED: lambda: _("%(name)s assigned this case to you or your team."),
    Kind.MENTIONED: lambda: _("%(name)s mentioned you in a note."),
    Kind.OVERDUE: lambda: _("This case is overdue."),
    Kind.SENT_BACK: lambda: _("%(name)s sent the plan back or rejected it."),
    Kind.PAYOUT_FAILED: lambda: _("A refund of this case could not be paid."),
    Kind.ALARM: lambda: _("Many attempts to sign in or to find an order were refused within one hour."),
}
