"""SQL of the ledger: row locks, counters of what was refunded, entries, and store credit."""

import functools
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.db.models import F, Model, QuerySet, Sum

from refunds.models import Entry
from returns.models import Case
from signoff.db.history import table_columns
from signoff.db.lookups import any_of
from signoff.db.prepared.compiled import CompiledQuery
from signoff.db.prepared.statements import allow_prepare
from signoff.models import OrderLine, Payment, ShippingCharge
from signoff.web.formatting import money

# one statement whose parts PostgreSQL runs in order: payments are locked before lines
_LOCK_PAYMENTS_AND_LINES = allow_prepare("""
    WITH concerned AS MATERIALIZED (
        SELECT %(order)s::bigint AS id UNION SELECT l.order_id FROM signoff_orderline l
        JOIN returns_line r ON r.order_line_id = l.id WHERE r.case_id = %(case)s
    )
    SELECT id FROM (
        SELECT id FROM signoff_payment WHERE order_id IN (SELECT id FROM concerned)
        ORDER BY order_id, position FOR UPDATE
    ) AS payments
    UNION ALL SELECT id FROM (
        SELECT l.id FROM signoff_orderline l JOIN returns_line r ON r.order_line_id = l.id WHERE r.case_id = %(case)s
        ORDER BY l.id FOR UPDATE OF l
    ) AS lines
""")

# each model that counts what was refunded, and the column that this may not exceed
_CAPS: dict[type[Model], str] = {Payment: "captured", OrderLine: "gross", ShippingCharge: "gross"}
#: what the shop reports as refunded and nobody has compared yet counts as gone
_UNDECIDED: dict[type[Model], str] = {Payment: " - (reported - elsewhere - ours)"}
_ADD_REFUNDED = {
    model: allow_prepare(
        f'UPDATE "{model._meta.db_table}" SET refunded = refunded + %(amount)s '  # noqa: S608 - the model's own name
        f"WHERE id = %(key)s AND refunded <= {cap}{_UNDECIDED.get(model, '')} - %(amount)s"
    )
    for model, cap in _CAPS.items()
}
_ADD_PAID = allow_prepare(
    'UPDATE "signoff_payment" SET refunded = refunded + %(amount)s '
    "WHERE id = %(key)s AND refunded <= captured - %(amount)s"
)
_SUBTRACT_REFUNDED = {
    model: allow_prepare(
        f'UPDATE "{model._meta.db_table}" SET refunded = refunded - %(amount)s '  # noqa: S608
        "WHERE id = %(key)s AND refunded >= %(amount)s"
    )
    for model in _CAPS
}

_PAYMENTS_OF_ORDERS = CompiledQuery(
    lambda orders: (
        Payment.objects.select_related("order").filter(any_of("order_id", orders)).order_by("order_id", "position")
    )
)
_LAST_ENTRY = allow_prepare("""
    SELECT seq, voucher, hash FROM refunds_entry WHERE case_id = %s ORDER BY seq DESC LIMIT 1
""")


@dataclass(frozen=True)
class Balance:
    """The balance of one account; credit is negative."""

    account: str
    label: str
    amount: Decimal
    currency: str

    @property
    def shown(self) -> str:
        """The amount without its sign; pages name the side."""
        return money(abs(self.amount), self.currency)


def entries_with_cases() -> QuerySet[Entry]:
    """Ledger entries with what every row of a list shows."""
    return Entry.objects.select_related("case__shop", "refund", "customer")


def store_credit(customer_id: int | None) -> list[Balance]:
    """The customer's store credit by currency; currencies without credit are left out."""
    if customer_id is None:
        return []
    entries = Entry.objects.filter(account=Entry.Account.STORE_CREDIT, customer=customer_id).order_by()
    sums = entries.values("currency").annotate(sum=-Sum(F("amount"))).order_by("currency")
    label = str(Entry.Account.STORE_CREDIT.label)
    return [Balance(Entry.Account.STORE_CREDIT, label, row["sum"], row["currency"]) for row in sums if row["sum"]]


def lock_payments_and_lines(case: Case) -> None:
    """Lock the payments of all orders that ``case`` is about, then its order lines, each kind in one order for all."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_PAYMENTS_AND_LINES, {"case": case.pk, "order": case.order_id})


def payments_of_orders(orders: Collection[int]) -> list[Payment]:
    """Payments of these orders, by order and then in the order in which they are paid back."""
    return _PAYMENTS_OF_ORDERS.all(orders) if orders else []


def add_refunded(model: type[Model], key: int, amount: Decimal) -> bool:
    """Count ``amount`` as refunded on one row; False, without a change, if that would exceed its cap."""
    return _update_one(_ADD_REFUNDED[model], key, amount)


def add_paid(key: int, amount: Decimal) -> bool:
    """``add_refunded`` for a payment from which ``amount`` has gone back already, whatever the shop reports."""
    return _update_one(_ADD_PAID, key, amount)


def subtract_refunded(model: type[Model], key: int, amount: Decimal) -> bool:
    """Subtract ``amount`` from the refunded amount of one row; False, without a change, if that is less."""
    return _update_one(_SUBTRACT_REFUNDED[model], key, amount)


def _update_one(sql: str, key: int, amount: Decimal) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"key": key, "amount": amount})
        return cursor.rowcount == 1


def last_entry(case: Case) -> tuple[int, int, str]:
    """Number, voucher and hash of the last entry of ``case``; zeros and "" where it has none."""
    with connection.cursor() as cursor:
        cursor.execute(_LAST_ENTRY, [case.pk])
        return cursor.fetchone() or (0, 0, "")


def insert_entries(entries: Collection[Entry]) -> None:
    """Write all entries of one voucher by one statement and give each its primary key."""
    columns = table_columns(Entry)
    with connection.cursor() as cursor:
        cursor.execute(_insert_sql(len(entries)), [value for entry in entries for value in columns.values(entry)])
        keys = dict(cursor.fetchall())
    for entry in entries:
        entry.pk = keys[entry.seq]
        entry._state.adding, entry._state.db = False, connection.alias


@functools.cache
def _insert_sql(count: int) -> str:
    """The INSERT of ``count`` entries."""
    table = table_columns(Entry)
    rows = ", ".join([f"({table.marks})"] * count)
    sql = f'INSERT INTO "{table.table}" ({table.columns}) VALUES {rows} RETURNING seq, "{table.key}"'  # noqa: S608 - the model's own names
    return allow_prepare(sql)
