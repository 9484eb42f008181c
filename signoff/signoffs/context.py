"""Access to a parcel's sign-off page: by the signed link from the delivery message, or after order look-up.

The link opens that one parcel, with contents and sign-off; it shows no address, amount or name.
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
from signoff.signoffs.actions import current_sign_off
from signoff.signoffs.links import LinkOver, parcel_of
from signoff.signoffs.photos import attach, detach


@dataclass(frozen=True)
class SigningContext:
    """A parcel and how its shopper got here; ``link`` is empty after an order look-up."""

    parcel: Parcel
    link: str = ""

    @property
    def address(self) -> str:
        """Path of the page, to which its forms post."""
        if self.link:
            return reverse("signoff:sign-by-link", args=[self.link])
        return reverse("signoff:sign", args=[self.parcel.order.token, self.parcel.token])

    def photo(self, token: UUID, size: str) -> str:
        """Path of a photo of the parcel, readable with this access."""
        if self.link:
            return reverse("signoff:link-photo", args=[self.link, token, size])
        return reverse("signoff:delivery-photo", args=[token, size])


def context_by_link(link: str) -> SigningContext:
    """The parcel of a signed link. Raises ``LinkOver``, for return parcels too: they are not signed for."""
    parcel = parcel_of(link)
    if parcel.direction == Parcel.Direction.RETURN:
        raise LinkOver
    return SigningContext(parcel, link)


def context_by_lookup(request: HttpRequest, order: str, parcel: str) -> SigningContext:
    """A parcel of an order that this browser has looked up. Raises ``Http404``, for return parcels too."""
    orders = Order.objects.visible_to_entries(entered_orders(request)).select_related("shop", "customer")
    opened = get_object_or_404(orders, token=order)
    own = get_object_or_404(Parcel, token=parcel, order=opened)
    if own.direction == Parcel.Direction.RETURN:
        raise Http404
    own.order = opened
    return SigningContext(own)


def picture_values(photos: Iterable[SignOffPhoto], context: SigningContext) -> list[dict[str, Any]]:
    """Template values for ``components/pictures.html``, without erased photos."""
    return [
        {
            "url": context.photo(photo.token, "full"),
            "thumb": context.photo(photo.token, "thumbnail"),
            "alt": _("Photo"),
            "token": str(photo.token),
        }
        for photo in photos
        if not photo.is_erased
    ]


@dataclass(frozen=True)
class SigningState:
    """The sign-off in force, if any, and whether the shopper may still sign (``open``)."""

    sign_off: SignOff | None
    open: bool


def signing_state(parcel: Parcel, *, now: datetime | None = None) -> SigningState:
    """Who has signed, and whether the shopper may sign.

    A carrier's proof of delivery does not cover the contents, so the shopper may replace it within the time for signing
    in the shop's delivery terms.
    """
    newest = current_sign_off(parcel)
    if newest is None:
        return SigningState(None, open=True)
    if newest.channel != SignOff.Channel.CARRIER:
        return SigningState(newest, open=False)
    until = newest.signed_at + terms_of(parcel.order.shop).sign_within
    return SigningState(newest, open=(now or timezone.now()) < until)


OUTSIDE = "outside"


@dataclass
class Album:
    """Photos of a line or of the parcel's outside, for ``components/pictures.html``, with refusals of new uploads."""

    name: str
    line: OrderLine | None = None
    photos: list[dict[str, Any]] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)


def load_albums(context: SigningContext, contents: Sequence[Content]) -> dict[str, Album]:
    """Albums by name, with the photos that are not signed yet."""
    albums = {OUTSIDE: Album(OUTSIDE)} | {album.name: album for album in _line_albums(contents)}
    by_line = {album.line.pk: album for album in albums.values() if album.line}
    for photo in SignOffPhoto.objects.waiting(context.parcel):
        album = by_line.get(photo.order_line_id or 0, albums[OUTSIDE])
        album.photos += picture_values([photo], context)
    return albums


def store_photos(request: HttpRequest, context: SigningContext, contents: Sequence[Content]) -> dict[str, list[str]]:
    """Store uploaded photos and delete the one to be removed; returns refusals by album name."""
    refusals: dict[str, list[str]] = {}
    if removed_token := request.POST.get("remove"):
        detach(context.parcel, token=removed_token)
    for album in [Album(OUTSIDE), *_line_albums(contents)]:
        if uploads := request.FILES.getlist(f"{album.name}-photos"):
            pictures, refused = clean_each(uploads, existing=_waiting(context.parcel))
            refusal = attach(context.parcel, line=album.line, pictures=pictures)  # counts again, under its lock
            if refused := refused or refusal:
                refusals[album.name] = refused
    return refusals


def _line_albums(contents: Sequence[Content]) -> Iterator[Album]:
    for content in contents:
        yield Album(f"line{content.line.position}", content.line)


def _waiting(parcel: Parcel) -> int:
    return SignOffPhoto.objects.waiting(parcel).count()
