"""How somebody comes to a parcel: by the link from the delivery's message, or having entered the order.

The link opens that one parcel: what is in it and what is said of it, no address, no amount, no name.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from signoff.entry import entered_orders
from signoff.models import Order, Parcel, SignOffPhoto
from signoff.sign_links import LinkOver, parcel_of


@dataclass(frozen=True)
class Door:
    """``link`` is empty for who has entered the order."""

    parcel: Parcel
    link: str = ""

    @property
    def address(self) -> str:
        """Where the page is, and where its forms go."""
        if self.link:
            return reverse("signoff:sign-by-link", args=[self.link])
        return reverse("signoff:sign", args=[self.parcel.order.token, self.parcel.token])

    def photo(self, token: UUID, size: str) -> str:
        """Where a photo of the parcel is for whoever came by this door."""
        if self.link:
            return reverse("signoff:link-photo", args=[self.link, token, size])
        return reverse("signoff:delivery-photo", args=[token, size])


def door_by_link(link: str) -> Door:
    """The parcel of a signed link. Raises ``LinkOver``; what comes back to the shop has none."""
    parcel = parcel_of(link)
    if parcel.direction == Parcel.Direction.RETURN:
        raise LinkOver
    return Door(parcel, link)


def door_by_entry(request: HttpRequest, order: str, parcel: str) -> Door:
    """A parcel of an order that this browser has entered; 404 for any other, and for what comes back to the shop."""
    orders = Order.objects.visible_to_entries(entered_orders(request)).select_related("shop", "customer")
    found = get_object_or_404(orders, token=order)
    own = get_object_or_404(Parcel, token=parcel, order=found)
    if own.direction == Parcel.Direction.RETURN:
        raise Http404
    own.order = found
    return Door(own)


def shown(photos: Iterable[SignOffPhoto], door: Door) -> list[dict[str, Any]]:
    """For ``components/pictures.html``; erased ones are left out."""
    return [
        {
            "url": door.photo(photo.token, "full"),
            "thumb": door.photo(photo.token, "thumbnail"),
            "alt": _("Photo"),
            "token": str(photo.token),
        }
        for photo in photos
        if not photo.is_erased
    ]
