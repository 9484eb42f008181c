"""Queries for the lists and tabs of refunds and for the money panels."""

from typing import Any

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from refunds.models import Entry, Refund, Replacement
from returns.models import Case
from signoff.db.prepared.batch import QueryBatch
from signoff.web.next_item import key_of

Status = Refund.Status

#: bank transfers that wait for finance: being sent, without a worker's lease
AT_THE_BANK = Q(status=Status.SENDING, lease_until=None)

#: name in the address → which refunds
TABS: dict[str, Q] = {
    "bank": AT_THE_BANK,
    "due": Q(status__in=[Status.DUE, Status.PENDING, Status.SENDING])
    & (~Q(status=Status.SENDING) | Q(lease_until__isnull=False)),
    "failed": Q(status__in=[Status.FAILED, Status.REVERSED]),
    "unknown": Q(status=Status.UNKNOWN),
    "paid": Q(status=Status.PAID),
}
LABELS: dict[str, str | Promise] = {
    "bank": pgettext_lazy("refunds", "To do"),
    "due": _("In progress"),
    "failed": pgettext_lazy("refunds", "Failed"),
    "unknown": pgettext_lazy("refunds", "Outcome unknown"),
    "paid": pgettext_lazy("refunds", "Paid"),
}
FOR_PEOPLE = ("bank", "failed", "unknown")


def state_of(refund: Refund) -> str:
    """The state in words; "being sent" distinguishes refunds that wait for finance."""
    if refund.status == Status.SENDING and refund.lease_until is None:
        return pgettext("refund", "to do")
    if refund.status == Status.PAID and refund.gateway == Refund.Gateway.PLATFORM:
        return pgettext("refund", "agreed there")
    return refund.get_status_display()


def refunds_with_cases() -> QuerySet[Refund]:
    """Refunds with what every row of a list shows."""
    return Refund.objects.select_related(
        "case__customer", "case__order", "case__payee", "case__shop", "payment__order", "resolution"
    )


def waiting_for_people() -> QuerySet[Refund]:
    """Refunds that wait for finance (tabs ``FOR_PEOPLE``), by a condition that one index covers."""
    states = [Status.SENDING, Status.FAILED, Status.REVERSED, Status.UNKNOWN]
    return Refund.objects.filter(~Q(status=Status.SENDING) | Q(lease_until=None), status__in=states)


def next_refund_url(user: User, done: object) -> str:
    """The page of the refund that has waited longest for finance; "" when there is none. ``done`` is the last one."""
    rows = waiting_for_people().exclude(pk=key_of(done)).order_by("due_at", "id")
    refund = rows.first() if user.has_perm("refunds.pay_refund") else None
    return reverse("refunds:refund", args=[refund.token]) if refund else ""


def _outgoing(case: Any) -> tuple[QuerySet, ...]:
    return (
        Refund.objects.filter(case=case).select_related("payment__order", "resolution").order_by("pk"),
        Replacement.objects.filter(case=case).select_related("parcel"),
    )


_OUTGOING = QueryBatch(_outgoing)
_OUTGOING_AND_ENTRIES = QueryBatch(lambda case: (*_outgoing(case), Entry.objects.filter(case=case).order_by("seq")))


def paid_out(case: Case, *, with_entries: bool = False) -> tuple[list[Refund], list[Replacement], list[Entry]]:
    """Refunds and replacements of ``case`` and optionally its ledger entries; one query."""
    if with_entries:
        refunds, replacements, entries = _OUTGOING_AND_ENTRIES.all(case.pk)
        return refunds, replacements, entries
    refunds, replacements = _OUTGOING.all(case.pk)
    return refunds, replacements, []
