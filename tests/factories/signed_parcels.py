"""Parcels that were signed for, for tests of cases that open automatically."""

from collections.abc import Mapping
from typing import Any

from returns.models import Reason
from signoff.models import Discrepancy, Order, OrderLine, Parcel, Shop, SignOff, SignOffPhoto
from signoff.pictures.store import publish
from tests.factories import (
    DiscrepancyFactory,
    OrderFactory,
    ParcelFactory,
    ParcelLineFactory,
    ReasonFactory,
    SignOffFactory,
    SignOffLineFactory,
    SignOffNoteFactory,
)
from tests.factories.sample_shop import picture

CODES = {
    "wrong_item": "shop",
    "damaged_in_transit": "carrier",
    "defective": "supplier",
    "not_as_described": "shop",
    "missing": "shop",
    "late": "carrier",
    "changed_mind": "shopper",
}


def make_reasons(shop: Shop) -> dict[str, Reason]:
    """The leaves that a shop has from the beginning, by code."""
    return {
        code: ReasonFactory(shop=shop, code=code, title_en=code, liability=liability, position=place)
        for place, (code, liability) in enumerate(CODES.items())
    }


def make_order(*lines: tuple[int, str]) -> Order:
    """An order whose shop offers reasons; three units of one article unless ``lines`` says otherwise."""
    order = OrderFactory(lines=list(lines) or None)
    make_reasons(order.shop)
    return order


def make_parcel(order: Order, **options: Any) -> Parcel:
    """All of the order in one parcel."""
    parcel = ParcelFactory(order=order, **options)
    for line in order.lines.all():
        ParcelLineFactory(parcel=parcel, order_line=line, quantity=line.quantity)
    return parcel


def make_sign_off(
    found: Mapping[OrderLine, Mapping[str, int]],
    *,
    said: Mapping[OrderLine | None, str] | None = None,
    parcel: Parcel | None = None,
    **options: Any,
) -> SignOff:
    """A sign-off of the parcel: per line, units not as ordered by kind (``found``) and remarks (``said``)."""
    order = next(iter(found)).order
    options = {"outcome": "partly" if any(found.values()) else "accepted"} | options
    sign_off = SignOffFactory(order=order, parcel=parcel or make_parcel(order), **options)
    for order_line, units in found.items():
        missing = units.get("missing", 0)
        line = SignOffLineFactory(
            sign_off=sign_off,
            order_line=order_line,
            expected=order_line.quantity,
            counted=order_line.quantity - missing,
        )
        for kind, quantity in units.items():
            DiscrepancyFactory(line=line, kind=Discrepancy.Kind(kind), quantity=quantity)
        if words := (said or {}).get(order_line):
            SignOffNoteFactory(sign_off=sign_off, line=line, words=words)
    if words := (said or {}).get(None):
        SignOffNoteFactory(sign_off=sign_off, words=words)
    return sign_off


def add_photos(sign_off: SignOff, *lines: OrderLine | None) -> list[SignOffPhoto]:
    """A photo of each line, or of the parcel's outside."""
    return [
        publish(SignOffPhoto(parcel=sign_off.parcel, sign_off=sign_off, order_line=line), picture()) for line in lines
    ]
