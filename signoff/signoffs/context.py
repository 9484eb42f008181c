"""How somebody comes to a parcel: by the link from the delivery's message, or having entered the order.

The link opens that one parcel: what is in it and what is said of it, no address, no amount, no name.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from signoff.lookup.session import entered_orders
from signoff.models import Order, OrderLine, Parcel, SignOff, SignOffPhoto
from signoff.parcels.contents import Content
from signoff.parcels.terms import terms_of
from signoff.pictures.clean import clean_each
from signoff.signoffs.actions import newest_of
from signoff.signoffs.links import LinkOver, parcel_of
from signoff.signoffs.photos import attach, detach


@dataclass(frozen=True)
class SigningContext:
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


def context_by_link(link: str) -> SigningContext:
    """The parcel of a signed link. Raises ``LinkOver``; what comes back to the shop has none."""
    parcel = parcel_of(link)
    if parcel.direction == Parcel.Direction.RETURN:
        raise LinkOver
    return SigningContext(parcel, link)


def context_by_lookup(request: HttpRequest, order: str, parcel: str) -> SigningContext:
    """A parcel of an order that this browser has entered; 404 for any other, and for what comes back to the shop."""
    orders = Order.objects.visible_to_entries(entered_orders(request)).select_related("shop", "customer")
    found = get_object_or_404(orders, token=order)
    own = get_object_or_404(Parcel, token=parcel, order=found)
    if own.direction == Parcel.Direction.RETURN:
        raise Http404
    own.order = found
    return SigningContext(own)


def shown(photos: Iterable[SignOffPhoto], door: SigningContext) -> list[dict[str, Any]]:
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


@dataclass(frozen=True)
class SigningState:
    """``sign_off`` is the one that stands, None where nobody has signed; ``open`` while the shopper may sign."""

    sign_off: SignOff | None
    open: bool


def signing_state(parcel: Parcel, *, now: datetime | None = None) -> SigningState:
    """A carrier's proof says that a parcel came, not what was in it: for as long as the shop would wait for a
    signature, the shopper may still say so.
    """
    newest = newest_of(parcel)
    if newest is None:
        return SigningState(None, open=True)
    if newest.channel != SignOff.Channel.CARRIER:
        return SigningState(newest, open=False)
    until = newest.signed_at + terms_of(parcel.order.shop).sign_within
    return SigningState(newest, open=(now or timezone.now()) < until)


OUTSIDE = "outside"


@dataclass
class Album:
    """Photos of one thing, as ``components/pictures.html`` shows them, and what was wrong with those just sent."""

    name: str
    line: OrderLine | None = None
    photos: list[dict[str, Any]] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)


def albums_of(door: SigningContext, contents: Sequence[Content]) -> dict[str, Album]:
    """All albums by their name, with what waits in each."""
    albums = {OUTSIDE: Album(OUTSIDE)} | {album.name: album for album in _of_lines(contents)}
    by_line = {album.line.pk: album for album in albums.values() if album.line}
    for photo in SignOffPhoto.objects.waiting(door.parcel):
        album = by_line.get(photo.order_line_id or 0, albums[OUTSIDE])
        album.photos += shown([photo], door)
    return albums


def keep_photos(request: HttpRequest, door: SigningContext, contents: Sequence[Content]) -> dict[str, list[str]]:
    """Keep whatever came that can be kept, and throw away what was to be removed; sentences about the rest by album."""
    refusals: dict[str, list[str]] = {}
    if gone := request.POST.get("remove"):
        detach(door.parcel, token=gone)
    for album in [Album(OUTSIDE), *_of_lines(contents)]:
        if uploads := request.FILES.getlist(f"{album.name}-photos"):
            pictures, refused = clean_each(uploads, existing=_waiting(door.parcel))
            late = attach(door.parcel, line=album.line, pictures=pictures)  # counts again, under its lock
            if refused := refused or late:
                refusals[album.name] = refused
    return refusals


def _of_lines(contents: Sequence[Content]) -> Iterator[Album]:
    for content in contents:
        yield Album(f"line{content.line.position}", content.line)


def _waiting(parcel: Parcel) -> int:
    return SignOffPhoto.objects.waiting(parcel).count()
