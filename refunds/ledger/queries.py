"""Entries of the ledger as lists read them, and store credit."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, QuerySet, Sum

from refunds.models import Entry
from signoff.web.formatting import money


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
