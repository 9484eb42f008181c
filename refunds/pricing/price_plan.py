"""Price a plan: drafts of items in, a quote and the units of each item out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from refunds.money import Code, Kind, LineWish, Part, Quote, QuoteRefused, ShippingWish, Wish
from refunds.pricing.queries import charges_of
from refunds.pricing.quote_input import (
    NOTHING,
    ClaimedUnits,
    QuoteInput,
    bought_numbers,
    charge_names,
    claimed_units,
    cost_of_units,
    from_case,
    line_names,
)
from returns.lifecycle.unit_reservation import first_free
from returns.models import Case, Line
from returns.models.reasons import Remedy
from returns.models.units import count
from signoff.db.required import required
from signoff.models import Order, ShippingCharge

#: the remedies that give money back
PAYS = (Remedy.REFUND, Remedy.COMPENSATION)


@dataclass(frozen=True, kw_only=True)
class ItemDraft:
    """One part of a plan before it has a price: a remedy for ``quantity`` units of a case line, or shipping.

    Without ``amount`` everything left of the units or the charge is refunded; with 0 nothing, because it has gone
    back already. ``instead_item`` and ``instead_option`` say what an exchange gives, nothing for the same again.
    """

    line: Line | None = None
    shipping: ShippingCharge | None = None
    remedy: str = Remedy.REFUND
    quantity: int = 0
    amount: Decimal | None = None
    instead_item: str = ""
    instead_option: str = ""

    @property
    def pays(self) -> bool:
        """Whether the remedy gives money, be it that nothing is left of it."""
        return self.remedy in PAYS

    @property
    def is_nothing(self) -> bool:
        return self.pays and self.amount is not None and not self.amount


@dataclass(frozen=True)
class PricedItem:
    """A draft with the part of the quote it became and the units (order line's numbers) it is about."""

    draft: ItemDraft
    part: Part | None
    units: list[tuple[int, int]] | None


@dataclass(frozen=True)
class PricedPlan:
    """What a plan costs: the quote, and each draft with its part, in the order of the drafts."""

    quote: Quote
    items: list[PricedItem]


def price_items(case: Case, items: Sequence[ItemDraft], *, lines: Sequence[Line], whole: bool = False) -> PricedPlan:
    """Price ``items`` (quantities above zero) of a case with these ``lines`` and choose the units of each.

    A case may cover several orders; each order pays its own part. To store the answer, lock the case by
    ``refunds.ledger.locks.lock_with_books``. ``whole``: as if nothing had gone back from the payments. Raises
    ``QuoteRefused``.
    """
    claims = claimed_units(case, lines)
    orders = {claim.line.order_id: claim.line.order for claim in claims.values()} | {case.order_id: case.order}
    quotes: list[Quote] = []
    parts: dict[int, Part] = {}
    for order in orders.values():
        quoted, priced = _price_order(
            order,
            [claim for claim in claims.values() if claim.line.order_id == order.pk],
            [item for item in items if item.pays and _order_id(item, claims) == order.pk],
            whole=whole,
        )
        quotes.append(quoted)
        parts |= priced
    return PricedPlan(_together(case.order.currency, quotes), _with_units(items, parts, claims))


def _price_order(
    order: Order, claims: Sequence[ClaimedUnits], items: Sequence[ItemDraft], *, whole: bool
) -> tuple[Quote, dict[int, Part]]:
    """The quote of one order and, by ``id()`` of the draft, the part of each."""
    if not items:
        return Quote(order.currency, NOTHING, NOTHING, NOTHING, ()), {}
    charges = charges_of(order)
    names, called = line_names(claims), charge_names(charges)
    nothing = {id(item): _nothing(item, order, claims, names) for item in items if item.is_nothing and item.line}
    lines = [item for item in items if item.line and not item.is_nothing]
    shipping = [item for item in items if item.shipping]
    wish = Wish(
        lines=tuple(LineWish(names[required(item.line).order_line_id], item.quantity, item.amount) for item in lines),
        shipping=tuple(ShippingWish(called[required(item.shipping).pk], item.amount) for item in shipping),
    )
    source = from_case(order, claims, charges)
    quoted = Quote(order.currency, NOTHING, NOTHING, NOTHING, ())
    if lines or shipping:
        quoted = (replace(source, left=None) if whole else source).quote(wish)
    for part in nothing.values():
        _check_nothing_left(part, source, after=quoted)
    return quoted, nothing | dict(zip(map(id, [*lines, *shipping]), quoted.parts, strict=True))


def _check_nothing_left(part: Part, source: QuoteInput, *, after: Quote) -> None:
    """Raise ``QuoteRefused`` if money is left for the units of ``part``, once the rest of the plan is paid."""
    left = sum((tender.amount for tender in source.left or ()), NOTHING) - after.total
    wish = Wish(lines=(LineWish(required(part.line), required(part.quantity)),))
    try:
        if left > 0 and replace(source, left=None).quote(wish).total:
            raise QuoteRefused(Code.INVALID_AMOUNT, _("An amount to refund must be more than zero."))
    except QuoteRefused as refusal:
        if refusal.code not in (Code.NOTHING_TO_REFUND, Code.EXCEEDS_REFUNDABLE):
            raise


def _nothing(item: ItemDraft, order: Order, claims: Sequence[ClaimedUnits], names: dict[int, str]) -> Part:
    """The part of an item of which nothing is refunded any more."""
    line = required(item.line)
    claim = next(claim for claim in claims if claim.line.pk == line.order_line_id)
    units = first_free(count(claim.units), [], item.quantity)
    cost = cost_of_units(claim.line, bought_numbers(units, claim.units), order)
    return Part(
        kind=Kind.GOODS,
        net=NOTHING,
        tax=NOTHING,
        gross=NOTHING,
        worth=cost.gross,
        line=names[line.order_line_id],
        quantity=item.quantity,
        units=tuple(units),
        list_total=cost.list_total,
        discount=cost.discount,
        tax_included=order.prices_include_tax,
    )


def _order_id(item: ItemDraft, claims: dict[int, ClaimedUnits]) -> int:
    return item.shipping.order_id if item.shipping else claims[required(item.line).order_line_id].line.order_id


def _together(currency: str, quotes: Sequence[Quote]) -> Quote:
    return Quote(
        currency,
        sum((quoted.total for quoted in quotes), NOTHING),
        sum((quoted.net for quoted in quotes), NOTHING),
        sum((quoted.tax for quoted in quotes), NOTHING),
        tuple(part for quoted in quotes for part in quoted.parts),
        tuple(payment for quoted in quotes for payment in quoted.payments),
    )


def _with_units(
    items: Sequence[ItemDraft], parts: dict[int, Part], claims: dict[int, ClaimedUnits]
) -> list[PricedItem]:
    """Choose each item's units; items without an amount get units that the others leave."""
    assigned: dict[int, list[tuple[int, int]]] = {}
    for item in items:
        if item.line and (part := parts.get(id(item))):
            assigned.setdefault(item.line.order_line_id, []).extend(part.units)
    return [
        PricedItem(item, parts.get(id(item)), _units(item, parts.get(id(item)), assigned, claims)) for item in items
    ]


def _units(
    item: ItemDraft, part: Part | None, assigned: dict[int, list[tuple[int, int]]], claims: dict[int, ClaimedUnits]
) -> list[tuple[int, int]] | None:
    if item.line is None:
        return None
    claim = claims[required(item.line).order_line_id]
    if part:
        return bought_numbers(part.units, claim.units)
    spans = first_free(count(claim.units), assigned.get(claim.line.pk, []), item.quantity)
    assigned.setdefault(claim.line.pk, []).extend(spans)
    return bought_numbers(spans, claim.units)
