"""Booking money: vouchers that balance, chained per case. Only counter-entries correct them."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from django.db import connection, models
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from refunds.models import Entry, Refund
from returns.models import Case
from signoff.db.digests import link
from signoff.db.history import table_columns
from signoff.db.prepared.statements import allow_prepare
from signoff.models import Customer

THREE_DECIMALS = Decimal("0.001")
NEXT = allow_prepare("""
    SELECT coalesce(last.seq, 0) + 1, coalesce(last.voucher, 0) + 1, coalesce(last.hash, ''),
        ARRAY(SELECT nextval(pg_get_serial_sequence('refunds_entry', 'id')) FROM generate_series(1, %s))
    FROM (SELECT) AS one LEFT JOIN LATERAL (
        SELECT seq, voucher, hash FROM refunds_entry WHERE case_id = %s ORDER BY seq DESC LIMIT 1
    ) AS last ON true
""")


class Occasion(models.TextChoices):
    """What a voucher is for; its value is the entry's ``text``, its label is what people read."""

    SETTLED = "settled", _("refund owed")
    PAID = "paid", _("refund paid")
    REVERSED = "reversed", _("refund came back")


@dataclass(frozen=True)
class Side:
    """One side of a voucher: a positive ``amount`` is debit, a negative one credit."""

    account: str
    amount: Decimal
    customer: Customer | None = None


class DoesNotBalance(ValueError):
    """The sides of a voucher do not add up to zero: an error of ours, never of the person at the desk."""


def book(
    case: Case,
    *,
    sides: Sequence[Side],
    currency: str,
    occasion: Occasion,
    refund: Refund | None = None,
    now: datetime | None = None,
) -> list[Entry]:
    """Write one voucher of ``case``, which the caller has locked; sides of nothing are left out.

    Raises ``DoesNotBalance``.
    """
    sides = [side for side in sides if side.amount]
    if sum(side.amount for side in sides):
        raise DoesNotBalance(f"case {case.pk}: {occasion}")
    if not sides:
        return []
    seq, voucher, previous, keys = _next(case, len(sides))
    entries = [
        Entry(
            id=key,
            case=case,
            seq=number,
            voucher=voucher,
            at=now or timezone.now(),
            account=side.account,
            amount=side.amount,
            currency=currency,
            refund=refund,
            customer=side.customer,
            text=occasion.value,
        )
        for key, number, side in zip(keys, range(seq, seq + len(sides)), sides, strict=True)
    ]
    for entry in entries:
        entry.previous = previous
        previous = entry.hash = entry_hash(entry)
    _write(entries)
    return entries


def _next(case: Case, many: int) -> tuple[int, int, str, list[int]]:
    """Number, voucher and previous hash of the next entry, and the keys of the next so ``many``: hashes cover them."""
    with connection.cursor() as cursor:
        cursor.execute(NEXT, [many, case.pk])
        return cursor.fetchone()


def _write(entries: Sequence[Entry]) -> None:
    shape = table_columns(Entry)
    with connection.cursor() as cursor:
        cursor.execute(_insert(len(entries)), [one for entry in entries for one in (*shape.values(entry), entry.pk)])
    for entry in entries:
        entry._state.adding, entry._state.db = False, connection.alias


@functools.cache
def _insert(many: int) -> str:
    """The SQL of so ``many`` entries, whose keys are known."""
    shape = table_columns(Entry)
    rows = ", ".join([f"({shape.marks}, %s)"] * many)
    text = f'INSERT INTO "{shape.table}" ({shape.columns}, "{shape.key}") VALUES {rows}'  # noqa: S608 - the model's own names
    return allow_prepare(text)


def entry_hash(entry: Entry) -> str:
    """The hash an entry must have, computed from all its columns but the hash itself."""
    return link(
        entry.previous,
        {
            "id": entry.pk,
            "case": entry.case_id,
            "seq": entry.seq,
            "voucher": entry.voucher,
            "at": entry.at.astimezone(UTC).isoformat(),
            "account": str(entry.account),
            "amount": str(entry.amount.quantize(THREE_DECIMALS)),
            "currency": entry.currency,
            "refund": entry.refund_id,
            "customer": entry.customer_id,
            "text": entry.text,
        },
    )


def balance_of(customer: Customer, currency: str) -> Decimal:
    """The store credit that the shop owes ``customer``."""
    owed = Entry.objects.filter(account=Entry.Account.STORE_CREDIT, customer=customer, currency=currency)
    return -(owed.aggregate(sum=Sum("amount"))["sum"] or Decimal(0))
