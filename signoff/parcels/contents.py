"""Expected contents of a parcel: its own lines, or else the goods that no other parcel carries."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q

from signoff.models import Order, OrderLine, Parcel, ParcelLine, SignOffLine


@dataclass(frozen=True)
class Content:
    """An order line and its units in a parcel; ``instead`` names what an exchange has put in their place."""

    line: OrderLine
    quantity: int
    instead: str = ""

    @property
    def name(self) -> str:
        return self.instead or self.line.title or self.line.sku


def contents_of(parcel: Parcel) -> list[Content]:
    """The goods expected in ``parcel``, by line position; empty if nothing is known or left."""
    own = ParcelLine.objects.filter(parcel=parcel).select_related("order_line").order_by("order_line__position")
    if lines := list(own):
        return [Content(line.order_line, line.quantity, line.instead) for line in lines]
    if parcel.direction != Parcel.Direction.OUTBOUND:
        return []
    elsewhere = _elsewhere(parcel)
    remaining = [Content(line, line.quantity - elsewhere[line.pk]) for line in _goods(parcel.order_id)]
    return [content for content in remaining if content.quantity > 0]


def contents_to_sign(parcel: Parcel) -> list[Content]:
    """The contents without units that a finished case has settled: nobody signs for what was refunded."""
    if parcel.direction != Parcel.Direction.OUTBOUND:  # a replacement is about units that were settled
        return contents_of(parcel)
    left = [
        Content(content.line, min(content.quantity, content.line.quantity - content.line.returned))
        for content in contents_of(parcel)
    ]
    return [content for content in left if content.quantity > 0]


def is_settled(parcel: Parcel) -> bool:
    """Whether finished cases have settled all units of the parcel. Its lines and its order's are prefetched."""
    if parcel.direction != Parcel.Direction.OUTBOUND:
        return False
    lines = [row.order_line for row in parcel.lines.all()]
    goods = lines or [line for line in parcel.order.lines.all() if line.kind == OrderLine.Kind.GOODS]
    return bool(goods) and all(line.returned >= line.quantity for line in goods)


def with_everything_settled() -> Q:
    """Condition on ``Parcel``: ``is_settled``."""
    own = ParcelLine.objects.filter(parcel=OuterRef("pk"))
    goods = OrderLine.objects.filter(order=OuterRef("order"), kind=OrderLine.Kind.GOODS)
    own_left = own.filter(order_line__quantity__gt=F("order_line__returned"))
    any_left = goods.filter(quantity__gt=F("returned"))
    without_lines = ~Q(Exists(own)) & Q(Exists(goods)) & ~Q(Exists(any_left))
    return Q(direction=Parcel.Direction.OUTBOUND) & ((Q(Exists(own)) & ~Q(Exists(own_left))) | without_lines)


def contents_of_order(order: Order) -> list[Content]:
    """All goods of an order, for a sign-off without a parcel."""
    return [Content(line, line.quantity) for line in _goods(order.pk)]


def _goods(order: int) -> list[OrderLine]:
    return list(OrderLine.objects.filter(order=order, kind=OrderLine.Kind.GOODS).order_by("position"))


def _elsewhere(parcel: Parcel) -> Counter[int]:
    """Units by order line in other parcels to the shopper, by their lines or by what was signed for."""
    out = {"order": parcel.order_id, "direction": Parcel.Direction.OUTBOUND}
    other_parcels = Parcel.objects.filter(**out).exclude(pk=parcel.pk)
    units: Counter[int] = Counter()
    for line, quantity in ParcelLine.objects.filter(parcel__in=other_parcels).values_list("order_line", "quantity"):
        units[line] += quantity
    signed = SignOffLine.objects.filter(sign_off__parcel__in=other_parcels.filter(lines=None), sign_off__corrects=None)
    for line, quantity in signed.values_list("order_line", "expected"):
        units[line] += quantity
    return units
