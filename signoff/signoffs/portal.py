"""The page that asks how a parcel was found."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRefresh

from signoff.db.required import required
from signoff.lookup.access import shopper
from signoff.lookup.session import entered_orders
from signoff.models import Rating, Shop, SignOff, SignOffPhoto
from signoff.parcels.contents import contents_of
from signoff.pictures.fields import ACCEPT
from signoff.pictures.serve import picture_response, size_of
from signoff.signoffs.actions import AlreadyCorrected, AlreadySigned, correct, sign
from signoff.signoffs.context import (
    OUTSIDE,
    Album,
    SigningContext,
    SigningState,
    context_by_link,
    context_by_lookup,
    load_albums,
    picture_values,
    signing_state,
    store_photos,
)
from signoff.signoffs.forms.parcel_check import LineForm, ReportForms
from signoff.signoffs.forms.rating import RatingForm
from signoff.signoffs.links import LinkOver
from signoff.signoffs.ratings import AlreadyRated, rate
from signoff.signoffs.rules import DeliveryReport
from signoff.web.access import public
from signoff.web.conflict import conflict
from signoff.web.form_handling import handle_form, run_action, show_conflict
from signoff.web.requests import HtmxRequest

Refusals = Mapping[str, Sequence[str]]


def ask(
    request: HttpRequest,
    door: SigningContext,
    standing: SigningState,
    forms: ReportForms | None = None,
    refusals: Refusals | None = None,
    judged: bool = True,
) -> HttpResponse:
    """The whole page; with ``forms``, what was typed and, once it is ``judged``, what is wrong with it."""
    contents = contents_of(door.parcel)
    forms = forms or ReportForms(contents=contents)
    albums = load_albums(door, contents)
    for name, sentences in (refusals or {}).items():
        albums[name].refusals = list(sentences)
    context = {
        "door": door,
        "parcel": door.parcel,
        "shop": door.parcel.order.shop,
        "standing": standing,
        "contents": contents,
        "sections": [_section(form, albums[form.name], len(contents)) for form in forms.lines],
        "outside": albums[OUTSIDE],
        "whole": forms.whole,
        "is_open": forms.whole.is_bound or any(album.photos for album in albums.values()),
        "judged": judged and forms.whole.is_bound,
        "refuses": forms.refuses,
        "accept": ACCEPT,
    }
    return render(request, "signoff/portal/sign.html", context)


def photos_only(
    request: HtmxRequest, door: SigningContext, standing: SigningState, forms: ReportForms, refusals: Refusals
) -> HttpResponse:
    """Photos came or went, nobody has finished writing: what was typed stays as it is, and nothing is judged yet."""
    if not request.htmx:
        return ask(request, door, standing, forms, refusals, judged=False)
    albums = load_albums(door, contents_of(door.parcel))
    shown = albums.get(request.htmx.target or "", albums[OUTSIDE])
    shown.refusals = list(refusals.get(shown.name, ()))
    return render(request, "signoff/portal/_delivery_photos.html", {"album": shown, "accept": ACCEPT})


def _section(form: LineForm, album: Album, lines: int) -> dict[str, Any]:
    """A line that has something to say is open, and so is the only one."""
    touched = form.is_bound and form.has_changed()
    return {
        "form": form,
        "line": form.content.line,
        "album": album,
        "open": lines == 1 or touched or bool(album.photos),
    }


def show_signed(
    request: HttpRequest, door: SigningContext, standing: SigningState, form: RatingForm | None = None
) -> HttpResponse:
    """What stands. By the link nobody reads what others wrote: names and words are left out."""
    sign_off = required(standing.sign_off)
    ratings = list(Rating.objects.filter(parcel=door.parcel).order_by("pk"))
    context = {
        "door": door,
        "parcel": door.parcel,
        "shop": door.parcel.order.shop,
        "sign_off": sign_off,
        "lines": lines_of(sign_off),
        "words": [] if door.link else [note.words for note in sign_off.notes.order_by("pk") if note.words],
        "pictures": picture_values(sign_off.photos.order_by("pk"), door),
        "ratings": ratings,
        "rating": form or (None if ratings else _form(door)),
    }
    return render(request, "signoff/portal/signed.html", context)


def rate_delivery(request: HttpRequest, door: SigningContext, standing: SigningState) -> HttpResponse:
    """Keep the stars, once."""
    form = _form(door, request.POST)
    if standing.sign_off is None:
        return redirect(door.address)
    signed = standing.sign_off
    return handle_form(
        request,
        form,
        page=lambda: show_signed(request, door, standing, form),
        action=lambda **_values: rate(signed, form.given()),
        done=_("Thank you. We read every comment."),
        next_page=door.address,
        refusals={AlreadyRated: show_conflict(request, back=door.address, forms=[form])},
    )


def lines_of(sign_off: SignOff) -> list[Any]:
    """The lines with article and discrepancies, in the order's order."""
    lines = sign_off.lines.select_related("order_line").prefetch_related("discrepancies")
    return list(lines.order_by("order_line__position"))


def _form(door: SigningContext, data: Any = None) -> RatingForm:
    return RatingForm(data, carrier=bool(door.parcel.carrier))


METHODS = require_http_methods(["GET", "HEAD", "POST"])


@public
@METHODS
def sign_by_link(request: HtmxRequest, link: str) -> HttpResponse:
    """By the signed link of the delivery's message. Opening it signs nothing: mail programs open links too."""
    try:
        return _answer(request, context_by_link(link))
    except LinkOver:
        return render(request, "signoff/portal/link_over.html", {"shop": Shop.objects.only_one()}, status=410)


@shopper
@METHODS
def sign_entered(request: HtmxRequest, token: str, parcel: str) -> HttpResponse:
    """By number and code."""
    return _answer(request, context_by_lookup(request, token, parcel))


def _answer(request: HtmxRequest, door: SigningContext) -> HttpResponse:
    standing = signing_state(door.parcel)
    if request.method != "POST":
        return ask(request, door, standing) if standing.open else show_signed(request, door, standing)
    if "rate" in request.POST:
        return rate_delivery(request, door, standing)
    return _take(request, door, standing)


def _take(request: HtmxRequest, door: SigningContext, standing: SigningState) -> HttpResponse:
    """Keep the photos, then sign, or say what is missing."""
    as_ordered = "as_ordered" in request.POST
    contents = [] if as_ordered else contents_of(door.parcel)
    forms = ReportForms(request.POST, contents=contents, refuses="refuse" in request.POST)
    if not standing.open:
        return _too_late(request, door, forms, AlreadySigned(required(standing.sign_off)))
    if as_ordered:
        return _sign(request, door, standing, DeliveryReport(), forms)
    refusals = store_photos(request, door, contents)
    if "upload" in request.POST or "remove" in request.POST:
        return photos_only(request, door, standing, forms, refusals)
    if not forms.is_valid() or refusals:
        return ask(request, door, standing, forms, refusals)
    if not forms.refuses and not forms.has_remarks():
        forms.whole.add_error(None, _("Tell us what's wrong, or choose “Everything is as ordered: sign for it” above."))
        return ask(request, door, standing, forms)
    return _sign(request, door, standing, forms.report(), forms)


def _sign(
    request: HtmxRequest, door: SigningContext, standing: SigningState, receipt: DeliveryReport, forms: ReportForms
) -> HttpResponse:
    channel, buyer = SignOff.Channel.PORTAL, SignOff.Who.BUYER

    def sign_or_correct() -> SignOff:
        if standing.sign_off:
            now = timezone.now()
            return correct(standing.sign_off, receipt, signed_at=now, channel=channel, by=None, said_by=buyer)
        return sign(door.parcel, receipt, channel=channel, by=None, said_by=buyer)

    too_late = partial(_too_late, request, door, forms)
    return run_action(
        request,
        sign_or_correct,
        next_page=door.address,
        refusals={AlreadySigned: too_late, AlreadyCorrected: too_late},
    )


def _too_late(
    request: HtmxRequest, door: SigningContext, forms: ReportForms, late: AlreadySigned | AlreadyCorrected
) -> HttpResponse:
    """Nothing is written twice, and nothing that was typed is lost."""
    if request.htmx:
        return HttpResponseClientRefresh()
    pressed_twice = "as_ordered" in request.POST and late.sign_off.outcome == SignOff.Outcome.ACCEPTED
    return redirect(door.address) if pressed_twice else conflict(request, str(late), back=door.address, forms=forms)


@public
@require_safe
def link_photo(request: HttpRequest, link: str, photo: str, size: str) -> HttpResponseBase:
    """For the holder of the parcel's link."""
    try:
        parcel = context_by_link(link).parcel
    except LinkOver as over:
        raise Http404 from over
    return picture_response(
        get_object_or_404(SignOffPhoto, parcel=parcel, token=photo), size=size_of(size), request=request
    )


@public
@require_safe
def delivery_photo(request: HttpRequest, token: str, size: str) -> HttpResponseBase:
    """For the shopper whose order it is about, and for staff who may see orders; to all others it does not exist."""
    visible = SignOffPhoto.objects.visible_to_entries(entered_orders(request))
    if request.user.has_perm("signoff.view_order"):
        visible = SignOffPhoto.objects.all()
    return picture_response(get_object_or_404(visible, token=token), size=size_of(size), request=request)
