"""How finance finds refunds, replacements and entries: the readings of lists, tabs and pages."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, Q, QuerySet, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from refunds.models import Entry, Refund, Replacement
from signoff.db.counts import LIMIT
from signoff.web.formatting import money

Status = Refund.Status

#: a bank transfer waits for finance: it is being sent, and no worker holds it
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
    "bank": _("To pay by bank"),
    "due": _("On their way"),
    "failed": pgettext_lazy("refunds", "Failed"),
    "unknown": pgettext_lazy("refunds", "Unknown"),
    "paid": pgettext_lazy("refunds", "Paid"),
}
FOR_PEOPLE = ("bank", "failed", "unknown")


@dataclass(frozen=True)
class Balance:
    """What the entries of one account come to; credit is negative."""

    account: str
    label: str
    amount: Decimal
    currency: str

    @property
    def shown(self) -> str:
        """The amount without its sign: the side is said in words."""
        return money(abs(self.amount), self.currency)


def state_of(refund: Refund) -> str:
    """The state in words; of what is "being sent" finance is told whether it waits for them."""
    if refund.status == Status.SENDING and refund.lease_until is None:
        return gettext("to pay by bank")
    return refund.get_status_display()


def refunds_with_cases() -> QuerySet[Refund]:
    """Refunds with what every row of a list shows."""
    return Refund.objects.select_related("case__customer", "case__order", "payment")


def key_of_tab(tab: str) -> str:
    """The column that orders a tab: paid ones newest first, the others longest due first."""
    return "-due_at" if tab == "paid" else "due_at"


def count(rows: QuerySet) -> int:
    """How many, counted only so far (``signoff.db.counts``)."""
    return rows.order_by()[: LIMIT + 1].count()


def waiting_for_people() -> QuerySet[Refund]:
    """The refunds that wait for finance: those of the tabs ``FOR_PEOPLE``, as one index can tell them."""
    states = [Status.SENDING, Status.FAILED, Status.REVERSED, Status.UNKNOWN]
    return Refund.objects.filter(~Q(status=Status.SENDING) | Q(lease_until=None), status__in=states)


def replacements_with_cases() -> QuerySet[Replacement]:
    """Goods that go out, with what every row of a list shows."""
    return Replacement.objects.select_related("case__customer", "case__order", "item__line", "parcel")


def entries_with_cases() -> QuerySet[Entry]:
    """Ledger entries with what every row of a list shows."""
    return Entry.objects.select_related("case", "refund", "customer")


def store_credit(customer_id: int | None) -> list[Balance]:
    """What the shop owes a customer as store credit, by currency; nothing where nothing is owed."""
    if customer_id is None:
        return []
    owed = Entry.objects.filter(account=Entry.Account.STORE_CREDIT, customer=customer_id).order_by()
    sums = owed.values("currency").annotate(sum=-Sum(F("amount"))).order_by("currency")
    label = str(Entry.Account.STORE_CREDIT.label)
    return [Balance(Entry.Account.STORE_CREDIT, label, row["sum"], row["currency"]) for row in sums if row["sum"]]
