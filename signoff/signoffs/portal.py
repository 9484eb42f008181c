"""Portal pages on which the shopper signs for a parcel, reports what is wrong with it, and rates the delivery."""

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
from signoff.models import Parcel, Rating, Shop, SignOff, SignOffPhoto
from signoff.parcels.contents import contents_to_sign, with_everything_settled
from signoff.pictures.clean import FORM_MAX
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
from signoff.web.uploads import takes

Refusals = Mapping[str, Sequence[str]]


def show_form(
    request: HttpRequest,
    signing: SigningContext,
    state: SigningState,
    forms: ReportForms | None = None,
    refusals: Refusals | None = None,
    show_errors: bool = True,
) -> HttpResponse:
    """The page with the form; with bound ``forms`` it shows their values and, with ``show_errors``, their errors."""
    contents = contents_to_sign(signing.parcel)
    if not contents and _is_settled(signing):
        return render(
            request,
            "signoff/portal/nothing_to_sign.html",
            {"parcel": signing.parcel, "shop": signing.parcel.order.shop},
        )
    forms = forms or ReportForms(contents=contents)
    albums = load_albums(signing, contents)
    for name, sentences in (refusals or {}).items():
        albums[name].refusals = list(sentences)
    context = {
        "signing": signing,
        "parcel": signing.parcel,
        "shop": signing.parcel.order.shop,
        "state": state,
        "contents": contents,
        "sections": [_section(form, albums[form.name], len(contents)) for form in forms.lines],
        "outside": albums[OUTSIDE],
        "whole": forms.whole,
        "is_open": forms.whole.is_bound or any(album.photos for album in albums.values()),
        "show_errors": show_errors and forms.whole.is_bound,
        "refuses": forms.refuses,
        "accept": ACCEPT,
    }
    return render(request, "signoff/portal/sign.html", context)


def _is_settled(signing: SigningContext) -> bool:
    """Whether finished cases have settled everything in the parcel, so that nothing is left to sign for."""
    return Parcel.objects.filter(with_everything_settled(), pk=signing.parcel.pk).exists()


def show_photos(
    request: HtmxRequest, signing: SigningContext, state: SigningState, forms: ReportForms, refusals: Refusals
) -> HttpResponse:
    """The photos after one was added or removed. The form is not finished, so its errors are not shown yet."""
    if not request.htmx:
        return show_form(request, signing, state, forms, refusals, show_errors=False)
    albums = load_albums(signing, contents_to_sign(signing.parcel))
    album = albums.get(request.htmx.target or "", albums[OUTSIDE])
    album.refusals = list(refusals.get(album.name, ()))
    return render(request, "signoff/portal/_delivery_photos.html", {"album": album, "accept": ACCEPT})


def _section(form: LineForm, album: Album, lines: int) -> dict[str, Any]:
    """Template values of a line; it is open if it has values or photos, or is the only one."""
    touched = form.is_bound and form.has_changed()
    return {
        "form": form,
        "line": form.content.line,
        "album": album,
        "open": lines == 1 or touched or bool(album.photos),
    }


def show_signed(
    request: HttpRequest, signing: SigningContext, state: SigningState, form: RatingForm | None = None
) -> HttpResponse:
    """The sign-off in force. Comments are left out after access by link, because others may have written them."""
    sign_off = required(state.sign_off)
    ratings = list(Rating.objects.filter(parcel=signing.parcel).order_by("pk"))
    context = {
        "signing": signing,
        "parcel": signing.parcel,
        "shop": signing.parcel.order.shop,
        "sign_off": sign_off,
        "lines": lines_of(sign_off),
        "words": [] if signing.link else [note.words for note in sign_off.notes.order_by("pk") if note.words],
        "pictures": picture_values(sign_off.photos.order_by("pk"), signing),
        "ratings": ratings,
        "rating": form or (None if ratings else _form(signing)),
    }
    return render(request, "signoff/portal/signed.html", context)


def rate_delivery(request: HttpRequest, signing: SigningContext, state: SigningState) -> HttpResponse:
    """Store the shopper's rating; a second one is refused."""
    form = _form(signing, request.POST)
    if state.sign_off is None:
        return redirect(signing.address)
    sign_off = state.sign_off
    return handle_form(
        request,
        form,
        page=lambda: show_signed(request, signing, state, form),
        action=lambda **_values: rate(sign_off, form.ratings()),
        done=_("Thank you. We read every comment."),
        next_page=signing.address,
        refusals={AlreadyRated: show_conflict(request, back=signing.address, forms=[form])},
    )


def lines_of(sign_off: SignOff) -> list[Any]:
    """The sign-off's lines with article and discrepancies, by their position in the order."""
    lines = sign_off.lines.select_related("order_line").prefetch_related("discrepancies")
    return list(lines.order_by("order_line__position"))


def _form(signing: SigningContext, data: Any = None) -> RatingForm:
    return RatingForm(data, carrier=bool(signing.parcel.carrier))


METHODS = require_http_methods(["GET", "HEAD", "POST"])


@takes(FORM_MAX)
@public
@METHODS
def sign_by_link(request: HtmxRequest, link: str) -> HttpResponse:
    """Sign after access by the signed link of a message. GET never signs, because mail programs open links too."""
    try:
        return _answer(request, context_by_link(link))
    except LinkOver:
        return render(request, "signoff/portal/link_over.html", {"shop": Shop.objects.only_one()}, status=410)


@takes(FORM_MAX)
@shopper
@METHODS
def sign_entered(request: HtmxRequest, token: str, parcel: str) -> HttpResponse:
    """Sign after an order look-up by number and code."""
    return _answer(request, context_by_lookup(request, token, parcel))


def _answer(request: HtmxRequest, signing: SigningContext) -> HttpResponse:
    state = signing_state(signing.parcel)
    if request.method != "POST":
        return show_form(request, signing, state) if state.open else show_signed(request, signing, state)
    if "rate" in request.POST:
        return rate_delivery(request, signing, state)
    return _handle_report(request, signing, state)


def _handle_report(request: HtmxRequest, signing: SigningContext, state: SigningState) -> HttpResponse:
    """Store the uploaded photos, then sign, or show the form with its errors."""
    if _is_settled(signing):
        return show_form(request, signing, state)
    as_ordered = "as_ordered" in request.POST
    contents = [] if as_ordered else contents_to_sign(signing.parcel)
    forms = ReportForms(request.POST, contents=contents, refuses="refuse" in request.POST)
    if not state.open:
        return _show_already_signed(request, signing, forms, AlreadySigned(required(state.sign_off)))
    if as_ordered:
        return _sign(request, signing, state, DeliveryReport(), forms)
    refusals = store_photos(request, signing, contents)
    if "upload" in request.POST or "remove" in request.POST:
        return show_photos(request, signing, state, forms, refusals)
    if not forms.is_valid() or refusals:
        return show_form(request, signing, state, forms, refusals)
    if not forms.refuses and not forms.has_remarks():
        forms.whole.add_error(None, _("Tell us what's wrong, or choose “Everything is as ordered: sign for it” above."))
        return show_form(request, signing, state, forms)
    return _sign(request, signing, state, forms.report(), forms)


def _sign(
    request: HtmxRequest, signing: SigningContext, state: SigningState, report: DeliveryReport, forms: ReportForms
) -> HttpResponse:
    channel, buyer = SignOff.Channel.PORTAL, SignOff.Who.BUYER

    def sign_or_correct() -> SignOff:
        if state.sign_off:
            now = timezone.now()
            return correct(state.sign_off, report, signed_at=now, channel=channel, by=None, said_by=buyer)
        return sign(signing.parcel, report, channel=channel, by=None, said_by=buyer)

    too_late = partial(_show_already_signed, request, signing, forms)
    return run_action(
        request,
        sign_or_correct,
        next_page=signing.address,
        refusals={AlreadySigned: too_late, AlreadyCorrected: too_late},
    )


def _show_already_signed(
    request: HtmxRequest, signing: SigningContext, forms: ReportForms, refusal: AlreadySigned | AlreadyCorrected
) -> HttpResponse:
    """The response when somebody has signed meanwhile: the conflict page keeps what was typed."""
    if request.htmx:
        return HttpResponseClientRefresh()
    pressed_twice = "as_ordered" in request.POST and refusal.sign_off.outcome == SignOff.Outcome.ACCEPTED
    return (
        redirect(signing.address)
        if pressed_twice
        else conflict(request, str(refusal), back=signing.address, forms=forms)
    )


@public
@require_safe
def link_photo(request: HttpRequest, link: str, photo: str, size: str) -> HttpResponseBase:
    """A photo of the delivery, for the holder of the parcel's signed link."""
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
    """A photo of the delivery, for the shopper who looked up the order and staff who may see orders; 404 for others."""
    visible = SignOffPhoto.objects.visible_to_entries(entered_orders(request))
    if request.user.has_perm("signoff.view_order"):
        visible = SignOffPhoto.objects.all()
    return picture_response(get_object_or_404(visible, token=token), size=size_of(size), request=request)
