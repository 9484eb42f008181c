"""Photos of deliveries, as they are fetched. Who may see one is asked on every request."""

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from signoff.access import public
from signoff.entry import entered_orders
from signoff.models import SignOffPhoto
from signoff.pictures.serving import picture_response
from signoff.sign_links import LinkOver
from signoff.views.signing.doors import door_by_link

SIZES = ("full", "thumbnail")


@public
@require_safe
def link_photo(request: HttpRequest, link: str, photo: str, size: str) -> HttpResponseBase:
    """For the holder of the parcel's link."""
    if size not in SIZES:
        raise Http404
    try:
        parcel = door_by_link(link).parcel
    except LinkOver as over:
        raise Http404 from over
    return picture_response(get_object_or_404(SignOffPhoto, parcel=parcel, token=photo), size=size, request=request)


@public
@require_safe
def delivery_photo(request: HttpRequest, token: str, size: str) -> HttpResponseBase:
    """For the shopper whose order it is about, and for staff who may see orders; to all others it does not exist."""
    if size not in SIZES:
        raise Http404
    visible = SignOffPhoto.objects.visible_to_entries(entered_orders(request))
    if request.user.has_perm("signoff.view_order"):
        visible = SignOffPhoto.objects.all()
    return picture_response(get_object_or_404(visible, token=token), size=size, request=request)
