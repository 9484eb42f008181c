"""Limit a suggestion to what is left to refund, and say why it is less than what was paid."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from django.utils.translation import gettext as _

from refunds.money import Code, QuoteRefused
from refunds.pricing.price_plan import ItemDraft, price_items
from refunds.pricing.queries import payments_of
from returns.models import Case, Line
from signoff.db.required import required
from signoff.models import Order
from signoff.web.formatting import money

NOTHING = Decimal(0)


def within_what_is_left(
    case: Case, items: Sequence[ItemDraft], lines: Sequence[Line]
) -> tuple[list[ItemDraft], tuple[str, ...]]:
    """The items with amounts that can be refunded, the earlier ones first, and a sentence for each order with less.

    An item of which nothing is left keeps its remedy with an amount of 0.00, so that the case can be closed.
    """
    if _can_be_priced(case, items, lines):
        return list(items), ()
    orders = {order.pk: order for order in (case.order, *(line.order_line.order for line in lines))}
    left = {key: sum((payment.refundable for payment in payments_of(order)), NOTHING) for key, order in orders.items()}
    limited, short = [], dict.fromkeys(orders, NOTHING)
    for item in items:
        key = _order_of(item)
        worth = _worth(case, item, lines) if item.pays else None
        if worth is None:
            limited.append(item)
            continue
        amount = min(worth, left[key])
        left[key] -= amount
        short[key] += worth - amount
        if item.line or amount:  # shipping of which nothing is left is not part of the plan
            limited.append(item if amount == worth and worth else replace(item, amount=amount))
    reasons = [_reason(orders[key], missing) for key, missing in short.items() if missing]
    return limited, tuple(reasons)


def _can_be_priced(case: Case, items: Sequence[ItemDraft], lines: Sequence[Line]) -> bool:
    try:
        price_items(case, items, lines=lines)
    except QuoteRefused as refusal:
        return refusal.code not in (Code.EXCEEDS_REFUNDABLE, Code.NOTHING_TO_REFUND)
    return True


def _worth(case: Case, item: ItemDraft, lines: Sequence[Line]) -> Decimal:
    """What the item would give if the payments were not exhausted."""
    if item.is_nothing:
        return NOTHING
    try:
        return price_items(case, [item], lines=lines, whole=True).quote.total
    except QuoteRefused as refusal:
        if refusal.code != Code.NOTHING_TO_REFUND:
            raise
        return NOTHING


def _order_of(item: ItemDraft) -> int:
    return item.shipping.order_id if item.shipping else required(item.line).order_line.order_id


def _reason(order: Order, missing: Decimal) -> str:
    payments = payments_of(order)
    captured, elsewhere = (sum((getattr(row, name) for row in payments), NOTHING) for name in ("captured", "reported"))
    facts = {
        "number": order.number,
        "missing": money(missing, order.currency),
        "captured": money(captured, order.currency),
        "total": money(order.total, order.currency),
        "elsewhere": money(elsewhere, order.currency),
    }
    if elsewhere:
        return (
            _("Order %(number)s: %(missing)s less is suggested, because the shop has refunded %(elsewhere)s itself.")
            % facts
        )
    if captured < order.total:
        return (
            _("Order %(number)s: %(missing)s less is suggested, because only %(captured)s of %(total)s has been paid.")
            % facts
        )
    return _("Order %(number)s: %(missing)s less is suggested, because the rest has been refunded already.") % facts
