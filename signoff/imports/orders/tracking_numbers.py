"""Tracking numbers: one carrier's number is one order's."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from signoff.imports.orders.rows import Told
from signoff.models import Parcel, Shop

type Number = tuple[str, str]


def taken_numbers(orders: Sequence[Told], shop: Shop) -> Iterator[tuple[Told, str]]:
    """Orders that name a number which another order of the shop has already, here or earlier in the batch, with a
    sentence."""
    owners = _owners(orders, shop)
    for one in orders:
        own = one.order.number
        for number in _numbers(one):
            if (other := owners.setdefault(number, own)) != own:
                yield (
                    one,
                    _(
                        "The parcel %(tracking)s belongs to order %(other)s already. Correct the tracking number, or "
                        "leave it empty."
                    )
                    % {"tracking": number[1], "other": other},
                )
                break


def _owners(orders: Sequence[Told], shop: Shop) -> dict[Number, str]:
    wanted = {number for one in orders for _carrier, number in _numbers(one)}
    if not wanted:
        return {}
    rows = Parcel.objects.filter(order__shop=shop, tracking_number__in=wanted).order_by("-pk")
    found = rows.values_list("carrier", "tracking_number", "order__number")
    return {(carrier.casefold(), number): order for carrier, number, order in found}


def _numbers(one: Told) -> list[Number]:
    return [(sent.carrier.casefold(), sent.number) for sent in one.parcels if sent.number]
