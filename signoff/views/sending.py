"""Agents write down the parcels of an order."""

from collections.abc import Callable
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from signoff.access import staff
from signoff.actions.parcels import RIGHT, ChangedMeanwhile, ParcelRefused, add_parcel, change_parcel
from signoff.conflict import conflict
from signoff.forms.parcels import ParcelForm
from signoff.models import Order, Parcel


@staff(RIGHT)
def add(request: HttpRequest, token: str) -> HttpResponse:
    """Enter a parcel that was sent, or will be."""
    order = _find(token)
    form = ParcelForm(request.POST if request.method == "POST" else None, order=order)
    return _page(request, form, lambda: add_parcel(order, form.sending(), by=request.user))


@staff(RIGHT)
def change(request: HttpRequest, token: str, parcel: str) -> HttpResponse:
    """Correct one."""
    order = _find(token)
    found = get_object_or_404(Parcel.objects.prefetch_related("lines"), token=parcel, order=order)
    form = ParcelForm(request.POST if request.method == "POST" else None, order=order, parcel=found)

    def correct() -> Parcel:
        return change_parcel(found, form.sending(), by=request.user, seen=form.cleaned_data["seen"] or 0)

    return _page(request, form, correct)


def _find(token: str) -> Order:
    return get_object_or_404(Order.objects.for_desk_list(), token=token)


def _page(request: HttpRequest, form: ParcelForm, deed: Callable[[], Parcel]) -> HttpResponse:
    """Draw the form, or do the deed; a refusal stands at the field it is about."""
    status = HTTPStatus.OK
    if request.method == "POST" and form.is_valid():
        try:
            deed()
        except ChangedMeanwhile as late:
            return conflict(request, str(late), back=request.path, forms=[form])
        except ParcelRefused as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            messages.success(request, _("The parcel is written down."))
            return redirect("signoff:order-desk", form.order.token)
    if form.is_bound:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    context = {"form": form, "order": form.order, "parcel": form.parcel}
    return render(request, "signoff/desk/parcel_form.html", context, status=status)
