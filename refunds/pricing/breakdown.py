"""Breakdown of a plan's money: parts of a quote stored as JSON, and rows for pages in any language."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from refunds.models import Item, Resolution
from refunds.money import Kind, Part, QuoteRefused, pay_back, why
from refunds.pricing.price_plan import PAYS, PricedPlan
from refunds.pricing.queries import items_with_orders, payments_by_key, refunds_by_payment
from refunds.pricing.quote_input import left_by_key
from refunds.ways.rules import way_for
from refunds.ways.text import payment_label, way_label
from returns.models.reasons import Remedy
from signoff.db.required import required
from signoff.models import Order, Payment
from signoff.web.formatting import money

AMOUNTS = ("net", "tax", "gross", "worth", "list_total", "discount", "before")


def as_facts(part: Part) -> dict[str, Any]:
    """A part in its stored form: amounts as strings, ``why`` in the language of the person who froze it."""
    return {
        "kind": part.kind.value,
        "line": part.line,
        "shipping": part.shipping,
        "quantity": part.quantity,
        "tax_included": part.tax_included,
        **{name: str(getattr(part, name)) for name in AMOUNTS},
        "why": why(part),
    }


def as_part(facts: Mapping[str, Any]) -> Part:
    """The part that ``facts`` were stored from; the units it was about are on the item."""
    amounts = {name: Decimal(facts[name]) for name in AMOUNTS}
    return Part(
        kind=Kind(facts["kind"]),
        net=amounts["net"],
        tax=amounts["tax"],
        gross=amounts["gross"],
        worth=amounts["worth"],
        line=facts["line"],
        shipping=facts["shipping"],
        quantity=facts["quantity"],
        tax_included=facts["tax_included"],
        list_total=amounts["list_total"],
        discount=amounts["discount"],
        before=amounts["before"],
    )


@dataclass(frozen=True)
class Row:
    """One row of ``components/money_table.html``; without ``amount`` a dash."""

    label: str
    amount: Decimal | None
    note: str = ""


@dataclass(frozen=True)
class Money:
    """The refundable amount with its explanation; ``refusal`` is the reason if there is none."""

    currency: str
    rows: list[Row] = field(default_factory=list)
    total: Decimal = Decimal(0)
    tax: Decimal = Decimal(0)
    payments: list[Row] = field(default_factory=list)
    refusal: str = ""


def money_of_draft(priced: PricedPlan, order: Order, *, gateway: str = "", ways: Mapping[str, str]) -> Money:
    """The amounts of a plan draft, and how each payment goes back if the plan says ``gateway`` and ``ways``."""
    plan = Resolution(gateway=gateway, ways=dict(ways))
    rows = [row for item in priced.items for row in _rows(item.draft, item.part)]
    paid = payments_by_key([int(tender.id) for tender in priced.quote.payments])
    payments = [_payment(plan, paid[int(tender.id)], tender.amount) for tender in priced.quote.payments]
    return Money(order.currency, rows, priced.quote.total, priced.quote.tax, payments)


def money_of(resolution: Resolution) -> Money:
    """The frozen amounts of a plan."""
    items = list(resolution.items.all())
    rows = [row for item, part in with_parts(items, resolution.explanation) for row in _rows(item, part)]
    tax = sum((item.tax for item in items), Decimal(0))
    return Money(resolution.case.order.currency, rows, resolution.total, tax)


def payments_of_plan(resolution: Resolution) -> list[tuple[Payment, Decimal]]:
    """The payments from which the plan is paid, with their amounts: its refunds, or what there would be now."""
    if refunds := refunds_by_payment(resolution):
        return [(refund.payment, refund.amount) for refund in refunds]
    try:
        return _divided(resolution)
    except QuoteRefused:
        return []


def _divided(resolution: Resolution) -> list[tuple[Payment, Decimal]]:
    """The plan's total divided over the payments as they are now. Raises ``QuoteRefused``."""
    by_order: dict[Order, Decimal] = {}
    for item in items_with_orders(resolution):
        order = item.line.order_line.order if item.line else required(item.shipping).order
        by_order[order] = by_order.get(order, Decimal(0)) + item.gross
    shares = []
    for order, total in by_order.items():
        paid = {str(payment.pk): payment for payment in order.payments.all()}
        for payment in paid.values():
            payment.order = order
        tenders = pay_back(total, left_by_key(paid.values(), order.currency))
        shares += [(paid[tender.id], tender.amount) for tender in tenders]
    return shares


def money_to_approve(resolution: Resolution) -> Money:
    """The frozen amounts, divided over the payments as they are now; ``refusal`` if they no longer suffice."""
    frozen = money_of(resolution)
    try:
        payments = [_payment(resolution, payment, amount) for payment, amount in _divided(resolution)]
    except QuoteRefused as refusal:
        return replace(frozen, refusal=str(refusal))
    return replace(frozen, payments=payments)


def refunded_elsewhere(payments: Sequence[Payment], order: Order) -> str:
    """A sentence about what the shop says it has refunded of ``order`` itself; "" if nothing."""
    reported = sum((payment.reported - payment.ours for payment in payments), Decimal(0))
    if not reported:
        return ""
    left = sum((payment.refundable for payment in payments), Decimal(0))
    return _("The shop has refunded %(reported)s of this order itself. %(left)s is left to refund.") % {
        "reported": money(reported, order.currency),
        "left": money(left, order.currency),
    }


def in_short(money: Money) -> Money:
    """The same for the shopper, without the arithmetic that the rows show."""
    return replace(money, rows=[replace(row, note="") for row in money.rows])


def with_parts(items: Sequence[Item], explanation: Sequence[dict[str, Any]]) -> Iterator[tuple[Item, Part | None]]:
    """Each item with its part of the explanation, which has one for every item that pays."""
    parts = iter(explanation)
    for item in items:
        facts = next(parts, None) if item.remedy in PAYS else None
        yield item, as_part(facts) if facts else None


def rows_of(part: Part) -> list[Row]:
    """A part as rows that add up to it: list price, discount and tax where it is whole, else one row."""
    name = _("%(n)d × %(title)s") % {"n": part.quantity or 1, "title": part.line}
    if part.kind is Kind.SHIPPING:
        name = _("Shipping: %(title)s") % {"title": part.shipping}
    if part.kind is Kind.FEE:
        name = _("Fee: %(title)s") % {"title": part.fee}
    if part.kind is Kind.FEE or part.before or part.gross != part.worth or not part.worth:
        return [Row(name, part.gross, why(part))]
    rows = [Row(name, part.list_total, why(part))]
    if part.discount:
        rows.append(Row(_("Discount"), -part.discount))
    if part.tax and not part.tax_included:
        rows.append(Row(_("Tax"), part.tax))
    return rows


def _rows(item: Any, part: Part | None) -> Iterable[Row]:
    """Rows of an item or a draft of one."""
    if part:
        return rows_of(part)
    title = item.line.order_line.title or item.line.order_line.sku
    label = _("%(n)d × %(title)s") % {"n": item.quantity, "title": title}
    return [Row(label, None, _("No refund: %(remedy)s") % {"remedy": Remedy(item.remedy).label})]


def _payment(plan: Resolution, payment: Payment, amount: Decimal) -> Row:
    return Row(payment_label(payment), amount, way_label(way_for(plan, payment), payment))
