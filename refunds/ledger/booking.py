"""Booking money: vouchers that balance, chained per case. Only counter-entries correct them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from refunds.ledger.queries import insert_entries, last_entry
from refunds.models import Entry, Refund
from returns.models import Case
from signoff.db.digests import link
from signoff.models import Customer

THREE_DECIMALS = Decimal("0.001")


class Occasion(models.TextChoices):
    """The occasion of a voucher: the value is the entry's ``text``, the label is for people."""

    SETTLED = "settled", _("refund owed")
    PAID = "paid", _("refund paid")
    REVERSED = "reversed", _("refund returned")
    STOPPED = "stopped", _("refund no longer owed")
    ELSEWHERE = "elsewhere", _("refunded by the shop itself")


@dataclass(frozen=True)
class Side:
    """One side of a voucher: a positive ``amount`` is debit, a negative one credit."""

    account: str
    amount: Decimal
    customer: Customer | None = None


class DoesNotBalance(ValueError):
    """The sides of a voucher do not add up to zero: a programming error."""


def book(
    case: Case,
    *,
    sides: Sequence[Side],
    currency: str,
    occasion: Occasion,
    refund: Refund | None = None,
    now: datetime | None = None,
) -> list[Entry]:
    """Write one voucher of ``case``, which the caller has locked; sides of zero are left out.

    Raises ``DoesNotBalance``.
    """
    sides = [side for side in sides if side.amount]
    if sum(side.amount for side in sides):
        raise DoesNotBalance(f"case {case.pk}: {occasion}")
    if not sides:
        return []
    last, voucher, previous = last_entry(case)
    entries = [
        Entry(
            case=case,
            seq=seq,
            voucher=voucher + 1,
            at=now or timezone.now(),
            account=side.account,
            amount=side.amount,
            currency=currency,
            refund=refund,
            customer=side.customer,
            text=occasion.value,
        )
        for seq, side in enumerate(sides, start=last + 1)
    ]
    for entry in entries:
        entry.previous = previous
        previous = entry.hash = entry_hash(entry)
    insert_entries(entries)
    return entries


def entry_hash(entry: Entry) -> str:
    """The expected hash of an entry, over all columns but its key and the hash itself.

    Case and refund are named by number and token.
    """
    return link(
        entry.previous,
        {
            "case": entry.case.number,
            "seq": entry.seq,
            "voucher": entry.voucher,
            "at": entry.at.astimezone(UTC).isoformat(),
            "account": str(entry.account),
            "amount": str(entry.amount.quantize(THREE_DECIMALS)),
            "currency": entry.currency,
            "refund": _named(entry),
            "customer": entry.customer_id,
            "text": entry.text,
        },
    )


def _named(entry: Entry) -> str | None:
    """The token of the entry's refund; "" if it is missing."""
    if entry.refund_id is None:
        return None
    return entry.refund.token if entry.refund else ""
