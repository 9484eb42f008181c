"""Estimate for the shopper: the refund that an unfinished request would give."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from refunds.money import Code, LineWish, QuoteRefused, Tender, Wish
from refunds.pricing.breakdown import Money, Row, in_short, rows_of
from refunds.pricing.queries import charges_of, held_units, order_lines, payments_by_key
from refunds.pricing.quote_input import ClaimedUnits, from_case, line_names
from refunds.ways.rules import way_of
from refunds.ways.text import way_for_shopper
from returns.lifecycle.unit_reservation import first_free
from returns.models.evidence import Draft
from returns.models.reasons import Remedy
from signoff.models import Order, OrderLine


def estimate_of(draft: Draft) -> Money:
    """The amounts for the lines of ``draft`` with a refund wish; ``refusal`` is the reason if there are none."""
    order = draft.order
    requested = {row["line"]: row for row in draft.data.get("lines", ()) if _is_requested(row)}
    lines = order_lines(order, list(requested))
    claims = [ClaimedUnits(line, units) for line, units in _units(lines, requested) if units]
    if not claims:
        return Money(order.currency)
    names = line_names(claims)
    wish = Wish(
        lines=tuple(LineWish(names[line.pk], requested[line.pk]["quantity"]) for line in lines if line.pk in names)
    )
    source = from_case(order, claims, charges_of(order))
    try:
        quoted = source.quote(wish)
    except QuoteRefused as refusal:
        return _what_is_left(order, source.left or (), refusal)
    rows = [row for part in quoted.parts for row in rows_of(part)]
    paid = payments_by_key([int(tender.id) for tender in quoted.payments])
    ways = [
        Row(way_for_shopper(way_of(paid[int(tender.id)]), paid[int(tender.id)]), tender.amount)
        for tender in quoted.payments
    ]
    return replace(in_short(Money(order.currency, rows, quoted.total, quoted.tax)), payments=ways)


def _what_is_left(order: Order, left: Sequence[Tender], refusal: QuoteRefused) -> Money:
    """Where less is left of the payments than the units cost: that much, and no arithmetic that would say more."""
    total = sum((tender.amount for tender in left), Decimal(0))
    if refusal.code != Code.EXCEEDS_REFUNDABLE or not total:
        return Money(order.currency, refusal=_("Everything that was paid for these items has gone back already."))
    paid = payments_by_key([int(tender.id) for tender in left])
    ways = [
        Row(way_for_shopper(way_of(paid[int(tender.id)]), paid[int(tender.id)]), tender.amount)
        for tender in left
        if tender.amount
    ]
    rows = [Row(_("What is left of your payment"), total)]
    return Money(order.currency, rows, total, payments=ways)


def _is_requested(row: dict[str, Any]) -> bool:
    return row.get("wish") == Remedy.REFUND and bool(row.get("quantity"))


def _units(lines: Sequence[OrderLine], requested: dict[int, Any]) -> list[tuple[OrderLine, list[tuple[int, int]]]]:
    """The units of each line that a new case would claim."""
    claimed = held_units(lines)
    return [
        (line, first_free(line.quantity, claimed.get(line.pk, []), requested[line.pk]["quantity"])) for line in lines
    ]
