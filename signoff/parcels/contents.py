"""Expected contents of a parcel: its own lines, or else the goods that no other parcel carries."""

from collections import Counter
from dataclasses import dataclass

from signoff.models import Order, OrderLine, Parcel, ParcelLine, SignOffLine


@dataclass(frozen=True)
class Content:
    """An order line and its units in a parcel."""

    line: OrderLine
    quantity: int


def contents_of(parcel: Parcel) -> list[Content]:
    """The goods expected in ``parcel``, by line position; empty if nothing is known or left."""
    own = ParcelLine.objects.filter(parcel=parcel).select_related("order_line").order_by("order_line__position")
    if lines := list(own):
        return [Content(line.order_line, line.quantity) for line in lines]
    if parcel.direction != Parcel.Direction.OUTBOUND:
        return []
    elsewhere = _elsewhere(parcel)
    remaining = [Content(line, line.quantity - elsewhere[line.pk]) for line in _goods(parcel.order_id)]
    return [content for content in remaining if content.quantity > 0]


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
