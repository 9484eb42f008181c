"""Parcels that something is wrong with: the queue, one trouble, and how it ended."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from signoff.access import staff
from signoff.actions import exceptions
from signoff.actions.exceptions import AlreadySettled
from signoff.conflict import conflict
from signoff.counting import count_each, shown
from signoff.forms.exceptions import SettleForm
from signoff.models import ParcelException, Trouble
from signoff.models.exceptions import SETTLED
from signoff.paging import page_by_key
from signoff.troubles import SHORT, to_do

LOOK, SETTLE = "signoff.view_parcelexception", "signoff.change_parcelexception"
ALL = "all"


@staff(LOOK)
@require_safe
def parcel_list(request: HttpRequest) -> HttpResponse:
    """One tab: what is open the longest first, what is settled the newest first."""
    tab, words = request.GET.get("tab", ALL), request.GET.get("q", "").strip()
    tab = tab if tab in (*Trouble.values, SETTLED) else ALL
    found = ParcelException.objects.search(words)
    key = "-found_at" if tab == SETTLED else "found_at"
    page = page_by_key(found.tab(tab), key=key, query=request.GET, load=ParcelException.objects.for_list())
    context = {
        "page": page,
        "rows": [{"trouble": trouble, "words": to_do(trouble)} for trouble in page.rows],
        "tabs": _tabs(tab, words),
        "tab": tab,
        "words": words,
        "is_settled": tab == SETTLED,
    }
    return render(request, "signoff/desk/parcels.html", context)


@staff(LOOK)
@require_safe
def trouble(request: HttpRequest, parcel: str, kind: str) -> HttpResponse:
    """One trouble of a parcel, with all that the carrier has told."""
    return _page(request, _find(parcel, kind), SettleForm())


@staff(SETTLE)
@require_POST
def settle(request: HttpRequest, parcel: str, kind: str) -> HttpResponse:
    """Say how it ended."""
    found, form = _find(parcel, kind), SettleForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        exceptions.settle(found, by=request.user, **form.cleaned_data)
    except AlreadySettled as refusal:
        return conflict(request, str(refusal), back=request.path.removesuffix("settle/"), forms=[form])
    messages.success(request, _("Settled: %(parcel)s.") % {"parcel": found.parcel})
    return redirect("signoff:parcel-list")


def _find(parcel: str, kind: str) -> ParcelException:
    """The open one of the kind, else the one settled last."""
    rows = ParcelException.objects.for_list().filter(parcel__token=parcel, kind=kind).order_by("-settled_at", "-pk")
    return get_object_or_404(rows[:1])


def _page(request: HttpRequest, found: ParcelException, form: SettleForm, status: int = HTTPStatus.OK) -> HttpResponse:
    parcel = found.parcel
    context = {
        "trouble": found,
        "words": to_do(found),
        "parcel": parcel,
        "form": form,
        "events": parcel.events.order_by("-occurred_at", "-pk"),
        "lines": parcel.lines.select_related("order_line").order_by("pk"),
        "lone": [found],
        "others": parcel.exceptions.open().exclude(pk=found.pk).order_by("pk"),
    }
    return render(request, "signoff/desk/trouble.html", context, status=status)


def _tabs(chosen: str, words: str) -> list[dict[str, Any]]:
    labels = {ALL: _("All open"), **SHORT, SETTLED: _("Settled")}
    found = ParcelException.objects.search(words)
    counts = count_each({name: found.tab(name) for name in labels if name != SETTLED})
    asked = {"q": words} if words else {}
    return [
        {
            "label": label,
            "url": reverse("signoff:parcel-list", query=({} if name == ALL else {"tab": name}) | asked),
            "count": shown(counts[name]) if name in counts else None,
            "active": name == chosen,
        }
        for name, label in labels.items()
    ]
