"""Suggest a plan: the shopper's wish, limited to the units that the bench accepted and found as reported."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from inspection.models import Finding
from inspection.queries import findings_of
from refunds.models import Approval, Item, Resolution
from refunds.plans.limits import within_what_is_left
from refunds.plans.queries import newest_superseded
from refunds.pricing.price_plan import ItemDraft
from refunds.pricing.quote_input import cost_of_units
from refunds.pricing.rules import NEEDS_GOODS, ceiling, goods_are_here
from returns.lifecycle.queries import lines_with_orders
from returns.models import Case, Line
from returns.models.reasons import Remedy, exchange_values
from signoff.db.required import required
from signoff.money import down_to_coin

#: the suggested compensation, as a share of what the units cost
FIRST_COMPENSATION = Decimal("0.2")


@dataclass(frozen=True)
class Suggestion:
    """Arguments of ``propose``, for a person to check first.

    ``derived`` is what the remedies say about the goods; ``reasons`` say why less than paid is suggested.
    """

    items: list[ItemDraft]
    goods_come_back: bool
    gateway: str
    derived: bool = False
    reasons: tuple[str, ...] = ()


def draft_plan(case: Case) -> Suggestion:
    """Suggest a plan: the last version if it was sent back or does not fit the verdict, else the wish.

    Never more than is left of the payments, the lines and the units.
    """
    lines = lines_with_orders(case)
    are_here, last = goods_are_here(lines), _to_revise(case)
    items = _as_before(last, lines) if last else [as_wished(line) for line in lines]
    confirmed = confirmed_units(findings_of(case)) if are_here else {}
    items = [fitted for item in items if (fitted := _fit(item, here=are_here, confirmed=confirmed))]
    derived = goods_come_back(items)
    come_back = derived if last is None else last.goods_come_back
    items, reasons = within_what_is_left(case, items, lines)
    return Suggestion(items, are_here or come_back, last.gateway if last else "", derived, reasons)


def goods_come_back(items: Iterable[ItemDraft]) -> bool:
    """Whether these remedies need the goods: those that take them back, for reasons whose goods come back."""
    needed = [item.line for item in items if item.line and item.remedy in NEEDS_GOODS]
    return any(line.reason.goods_come_back for line in needed)


def confirmed_units(findings: Iterable[Finding]) -> dict[int, int]:
    """Line's key → units found as reported, of lines with two opinions: the others are for a person to weigh."""
    by_line: dict[int, list[Finding]] = {}
    for finding in findings:
        by_line.setdefault(finding.line_id, []).append(finding)
    units = {line: sum(finding.quantity for finding in found if not finding.differs) for line, found in by_line.items()}
    return {line: count for line, count in units.items() if 0 < count < sum(row.quantity for row in by_line[line])}


def _to_revise(case: Case) -> Resolution | None:
    last = newest_superseded(case)
    if last is None or last.refunds.exists():
        return None
    agreed = last.approved_at and last.kind == Resolution.Kind.PLAN  # an offer that was not accepted is none
    return last if agreed or last.approvals.filter(answer=Approval.Answer.SENT_BACK).exists() else None


def _as_before(last: Resolution, lines: Sequence[Line]) -> list[ItemDraft]:
    by_key = {line.pk: line for line in lines}
    return [
        ItemDraft(
            line=by_key[item.line_id] if item.line_id else None,
            shipping=item.shipping,
            remedy=item.remedy,
            quantity=item.quantity if item.line_id else 0,
            amount=_amount(item, by_key),
            **exchange_values(item.remedy, item),
        )
        for item in last.items.select_related("shipping")
    ]


def _amount(item: Item, lines: dict[int, Line]) -> Decimal | None:
    """The amount typed in the last version; None if the item refunded everything, or no money."""
    if item.remedy == Remedy.COMPENSATION:
        return item.gross
    if item.shipping:
        full_amount = item.shipping.gross
    else:
        order_line = lines[required(item.line_id)].order_line
        full_amount = cost_of_units(order_line, required(item.units), order_line.order).gross
    return item.gross if 0 < item.gross < full_amount else None


def as_wished(line: Line) -> ItemDraft:
    """The shopper's wish for ``line`` as a part of a plan."""
    amount = None
    if line.wish == Remedy.COMPENSATION:
        order = line.order_line.order
        paid = cost_of_units(line.order_line, line.units, order).gross
        amount = down_to_coin(paid * FIRST_COMPENSATION, order.currency)
    return ItemDraft(
        line=line,
        remedy=line.wish,
        quantity=line.requested,
        amount=amount,
        **exchange_values(line.wish, line),
    )


def _fit(item: ItemDraft, *, here: bool, confirmed: Mapping[int, int]) -> ItemDraft | None:
    """The item limited to the units that it may have, and that were found as reported; None if that is zero."""
    if item.line is None:
        return item
    most = ceiling(item.line, item.remedy, here=here)
    if item.remedy in NEEDS_GOODS:
        most = min(most, confirmed.get(item.line.pk, most))
    if item.quantity <= most:
        return item
    amount = None if item.remedy == Remedy.REFUND else item.amount
    return replace(item, quantity=most, amount=amount) if most else None
