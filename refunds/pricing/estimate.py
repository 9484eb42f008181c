"""Estimate for the shopper: the refund that an unfinished request would give."""

from collections.abc import Sequence
from typing import Any

from refunds.money import LineWish, QuoteRefused, Wish
from refunds.pricing.breakdown import Money, in_short, rows_of
from refunds.pricing.queries import charges_of, held_units, order_lines
from refunds.pricing.quote_input import ClaimedUnits, from_case, line_names
from returns.lifecycle.unit_reservation import first_free
from returns.models.evidence import Draft
from returns.models.reasons import Remedy
from signoff.models import OrderLine


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
    try:
        quoted = from_case(order, claims, charges_of(order)).quote(wish)
    except QuoteRefused as refusal:
        return Money(order.currency, refusal=str(refusal))
    rows = [row for part in quoted.parts for row in rows_of(part)]
    return in_short(Money(order.currency, rows, quoted.total, quoted.tax))


def _is_requested(row: dict[str, Any]) -> bool:
    return row.get("wish") == Remedy.REFUND and bool(row.get("quantity"))


def _units(lines: Sequence[OrderLine], requested: dict[int, Any]) -> list[tuple[OrderLine, list[tuple[int, int]]]]:
    """The units of each line that a new case would claim."""
    claimed = held_units(lines)
    return [
        (line, first_free(line.quantity, claimed.get(line.pk, []), requested[line.pk]["quantity"])) for line in lines
    ]
