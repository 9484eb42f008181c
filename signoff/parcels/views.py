"""Parcel exceptions on the desk: their queue, the page of one, and marking it as handled."""

from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from signoff.models import ExceptionKind, Order, Parcel, ParcelException
from signoff.models.exceptions import SETTLED
from signoff.parcels import exceptions
from signoff.parcels.actions import RIGHT, ChangedMeanwhile, ParcelRefused, add_parcel, change_parcel
from signoff.parcels.exceptions import AlreadySettled
from signoff.parcels.forms import ParcelForm, SettleForm
from signoff.parcels.listing import ALL, EXCEPTIONS, tab_of
from signoff.parcels.text import TAB_LABELS, desk_text
from signoff.web.access import staff
from signoff.web.form_handling import handle_form, show_conflict, show_form_error
from signoff.web.lists import Tab, count_to_limit, tabs_of
from signoff.web.requests import StaffRequest

VIEW, SETTLE = "signoff.view_parcelexception", "signoff.change_parcelexception"


@staff(VIEW)
@require_safe
def parcel_list(request: StaffRequest) -> HttpResponse:
    """Parcel exceptions of one tab: open ones longest first, handled ones newest first."""
    tab, words = tab_of(request.GET), request.GET.get("q", "").strip()
    page = EXCEPTIONS.find(request.user, request.GET).page()
    context = {
        "page": page,
        "desk_list": EXCEPTIONS,
        "rows": [_row(exception) for exception in page.rows],
        "tabs": _tabs(tab, words),
        "tab": tab,
        "words": words,
        "is_settled": tab == SETTLED,
    }
    return render(request, "signoff/desk/parcels.html", context)


def _row(exception: Any) -> dict[str, Any]:
    """A parcel with its exception, and the kinds of further ones."""
    further = [
        (kind, ExceptionKind(kind).label) for kind in dict.fromkeys(exception.other_kinds) if kind != exception.kind
    ]
    return {"exception": exception, "words": desk_text(exception), "further": further}


@staff(VIEW)
@require_safe
def parcel_exception(request: HttpRequest, parcel: str, kind: str) -> HttpResponse:
    """One parcel exception with the parcel's tracking events."""
    return _page(request, _find(parcel, kind), SettleForm())


@staff(SETTLE)
@require_POST
def settle(request: StaffRequest, parcel: str, kind: str) -> HttpResponse:
    """Mark a parcel exception as handled, with its outcome."""
    exception, form = _find(parcel, kind), SettleForm(request.POST)
    return handle_form(
        request,
        form,
        page=lambda: _page(request, exception, form, status=HTTPStatus.UNPROCESSABLE_ENTITY),
        action=partial(exceptions.settle_exception, exception, by=request.user),
        done=_("Handled: %(parcel)s.") % {"parcel": exception.parcel},
        next_page=reverse("signoff:parcel-list"),
        refusals={AlreadySettled: show_conflict(request, back=request.path.removesuffix("settle/"), forms=[form])},
    )


def _find(parcel: str, kind: str) -> ParcelException:
    """The open exception of this kind, else the one handled last."""
    rows = ParcelException.objects.for_list().filter(parcel__token=parcel, kind=kind).order_by("-settled_at", "-pk")
    return get_object_or_404(rows[:1])


def _page(
    request: HttpRequest, exception: ParcelException, form: SettleForm, status: int = HTTPStatus.OK
) -> HttpResponse:
    parcel = exception.parcel
    context = {
        "exception": exception,
        "words": desk_text(exception),
        "parcel": parcel,
        "order": parcel.order,
        "form": form,
        "events": parcel.events.order_by("-occurred_at", "-pk"),
        "lines": parcel.lines.select_related("order_line").order_by("pk"),
        "shown_exceptions": [exception],
        "others": parcel.exceptions.open().exclude(pk=exception.pk).order_by("pk"),
    }
    return render(request, "signoff/desk/parcel_exception.html", context, status=status)


def _tabs(chosen: str, words: str) -> list[Tab]:
    labels = {ALL: _("All open"), **TAB_LABELS, SETTLED: _("Handled")}
    matches = ParcelException.objects.search(words)
    query = {"q": words} if words else {}
    return tabs_of(
        labels,
        active=chosen,
        url=lambda name: reverse("signoff:parcel-list", query=({} if name == ALL else {"tab": name}) | query),
        counts=count_to_limit({name: matches.tab(name) for name in labels if name != SETTLED}),
    )


@staff(RIGHT)
def add(request: StaffRequest, token: str) -> HttpResponse:
    """Add a parcel to an order, sent already or not."""
    order = find_parcel(token)
    form = ParcelForm(request.POST if request.method == "POST" else None, order=order)
    return _handle_parcel_form(request, form, lambda **_values: add_parcel(order, form.sending(), by=request.user))


@staff(RIGHT)
def change(request: StaffRequest, token: str, parcel: str) -> HttpResponse:
    """Correct a parcel."""
    order = find_parcel(token)
    found = get_object_or_404(Parcel.objects.prefetch_related("lines"), token=parcel, order=order)
    form = ParcelForm(request.POST if request.method == "POST" else None, order=order, parcel=found)

    def correct(*, seen: int | None, **_values: object) -> Parcel:
        return change_parcel(found, form.sending(), by=request.user, seen=seen or 0)

    return _handle_parcel_form(request, form, correct)


def find_parcel(token: str) -> Order:
    return get_object_or_404(Order.objects.for_desk_list(), token=token)


def _handle_parcel_form(request: HttpRequest, form: ParcelForm, action: Callable[..., Parcel]) -> HttpResponse:
    """Draw the form, or run the action; a refusal is shown at the field it is about."""

    def page() -> HttpResponse:
        context = {"form": form, "order": form.order, "parcel": form.parcel}
        status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
        return render(request, "signoff/desk/parcel_form.html", context, status=status)

    def show_at_field(refusal: ParcelRefused) -> HttpResponse:
        return show_form_error(form, page, field=refusal.field or None)(refusal)

    return handle_form(
        request,
        form,
        page=page,
        action=action,
        done=_("Parcel saved."),
        next_page=reverse("signoff:order-desk", args=[form.order.token]),
        refusals={
            ChangedMeanwhile: show_conflict(request, back=request.path, forms=[form]),
            ParcelRefused: show_at_field,
        },
    )
