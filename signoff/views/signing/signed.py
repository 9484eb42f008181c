"""The page after signing: what was signed, when and how, what happens next, and room to rate."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from signoff.actions.rating import AlreadyRated, rate
from signoff.conflict import conflict
from signoff.forms.rating import RatingForm
from signoff.models import Rating, SignOff
from signoff.views.signing.doors import Door, shown
from signoff.views.signing.standing import Standing


def show_signed(request: HttpRequest, door: Door, standing: Standing, form: RatingForm | None = None) -> HttpResponse:
    """What stands. By the link nobody reads what others wrote: names and words are left out."""
    sign_off = standing.sign_off
    ratings = list(Rating.objects.filter(parcel=door.parcel).order_by("pk"))
    context = {
        "door": door,
        "parcel": door.parcel,
        "shop": door.parcel.order.shop,
        "sign_off": sign_off,
        "lines": lines_of(sign_off),
        "words": [] if door.link else [note.words for note in sign_off.notes.order_by("pk") if note.words],
        "pictures": shown(sign_off.photos.order_by("pk"), door),
        "ratings": ratings,
        "rating": form or (None if ratings else _form(door)),
    }
    return render(request, "signoff/portal/signed.html", context)


def rate_delivery(request: HttpRequest, door: Door, standing: Standing) -> HttpResponse:
    """Keep the stars, once."""
    form = _form(door, request.POST)
    if standing.sign_off is None:
        return redirect(door.address)
    if not form.is_valid():
        return show_signed(request, door, standing, form)
    try:
        rate(standing.sign_off, form.given())
    except AlreadyRated as late:
        return conflict(request, str(late), back=door.address, forms=[form])
    messages.success(request, _("Thank you. Somebody reads what you say."))
    return redirect(door.address)


def lines_of(sign_off: SignOff) -> list[Any]:
    """The lines with article and discrepancies, in the order's order."""
    lines = sign_off.lines.select_related("order_line").prefetch_related("discrepancies")
    return list(lines.order_by("order_line__position"))


def _form(door: Door, data: Any = None) -> RatingForm:
    return RatingForm(data, carrier=bool(door.parcel.carrier))
