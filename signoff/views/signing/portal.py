"""A shopper signs for a parcel: one tap where everything is as ordered, and room to say what is not.

Photos are kept as soon as they arrive; whoever is too late is told what was signed and keeps their words.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRefresh

from signoff.access import public, shopper
from signoff.actions.signing import AlreadyCorrected, AlreadySigned, correct, sign
from signoff.conflict import conflict
from signoff.contents import contents_of
from signoff.forms.receipts import ReceiptForms
from signoff.models import Shop, SignOff
from signoff.receipts import Receipt
from signoff.sign_links import LinkOver
from signoff.views.signing.albums import keep_photos
from signoff.views.signing.asking import ask, photos_only
from signoff.views.signing.doors import Door, door_by_entry, door_by_link
from signoff.views.signing.signed import rate_delivery, show_signed
from signoff.views.signing.standing import Standing, standing_of

METHODS = require_http_methods(["GET", "HEAD", "POST"])


@public
@METHODS
def sign_by_link(request: HttpRequest, link: str) -> HttpResponse:
    """By the signed link of the delivery's message. Opening it signs nothing: mail programs open links too."""
    try:
        return _answer(request, door_by_link(link))
    except LinkOver:
        return render(request, "signoff/portal/link_over.html", {"shop": Shop.objects.only_one()}, status=410)


@shopper
@METHODS
def sign_entered(request: HttpRequest, token: str, parcel: str) -> HttpResponse:
    """By number and code."""
    return _answer(request, door_by_entry(request, token, parcel))


def _answer(request: HttpRequest, door: Door) -> HttpResponse:
    standing = standing_of(door.parcel)
    if request.method != "POST":
        return ask(request, door, standing) if standing.open else show_signed(request, door, standing)
    if "rate" in request.POST:
        return rate_delivery(request, door, standing)
    return _take(request, door, standing)


def _take(request: HttpRequest, door: Door, standing: Standing) -> HttpResponse:
    """Keep the photos, then sign, or say what is missing."""
    as_ordered = "as_ordered" in request.POST
    contents = [] if as_ordered else contents_of(door.parcel)
    forms = ReceiptForms(request.POST, contents=contents, refuses="refuse" in request.POST)
    if not standing.open:
        return _too_late(request, door, AlreadySigned(standing.sign_off), forms)
    if as_ordered:
        return _sign(request, door, standing, Receipt(), forms)
    refusals = keep_photos(request, door, contents)
    if "upload" in request.POST or "remove" in request.POST:
        return photos_only(request, door, standing, forms, refusals)
    if not forms.is_valid() or refusals:
        return ask(request, door, standing, forms, refusals)
    if not forms.refuses and not forms.says_something():
        forms.whole.add_error(None, _("Say what is wrong, or choose “Everything as ordered” above."))
        return ask(request, door, standing, forms)
    return _sign(request, door, standing, forms.receipt(), forms)


def _sign(request: HttpRequest, door: Door, standing: Standing, receipt: Receipt, forms: ReceiptForms) -> HttpResponse:
    said = {"channel": SignOff.Channel.PORTAL, "by": None, "said_by": SignOff.Who.BUYER}
    try:
        if standing.sign_off:
            correct(standing.sign_off, receipt, signed_at=timezone.now(), **said)
        else:
            sign(door.parcel, receipt, **said)
    except (AlreadySigned, AlreadyCorrected) as late:
        return _too_late(request, door, late, forms)
    return redirect(door.address)


def _too_late(
    request: HttpRequest, door: Door, late: AlreadySigned | AlreadyCorrected, forms: ReceiptForms
) -> HttpResponse:
    """Nothing is written twice, and nothing that was typed is lost."""
    if request.htmx:
        return HttpResponseClientRefresh()
    pressed_twice = "as_ordered" in request.POST and late.sign_off.outcome == SignOff.Outcome.ACCEPTED
    return redirect(door.address) if pressed_twice else conflict(request, str(late), back=door.address, forms=forms)
