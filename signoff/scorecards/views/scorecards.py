"""Scorecards of carriers, sellers, warehouses and suppliers; the page of each name lists the parcels behind them."""

import csv
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from signoff.models import Failing, Parcel, Shop, Subject, Violation
from signoff.scorecards.charts import comparison_bars, ranking_bars, time_series
from signoff.scorecards.csv import file_rows
from signoff.scorecards.forms import ScopeForm
from signoff.scorecards.queries import (
    Span,
    failings_of,
    find_card,
    parcels_of,
    parcels_through,
    rated_parcels,
    rated_parcels_through,
    span_of,
)
from signoff.scorecards.rules import Card, Tally
from signoff.scorecards.snapshots import Counted, count_cards
from signoff.scorecards.text import FAILINGS, LABELS, STARRED, Link, figures
from signoff.web.access import staff
from signoff.web.keyset import Page, Sift, page_by_key
from signoff.web.lists import count_to_limit

VIEW = "signoff.view_violation"
SHOWN = 100  # names of a page, those with most parcels; the file has all
DRAWN = 12
TABS = {
    Subject.CARRIER: pgettext_lazy("scorecard", "Carriers"),
    Subject.SELLER: pgettext_lazy("scorecard", "Sellers"),
    Subject.WAREHOUSE: pgettext_lazy("scorecard", "Warehouses"),
    Subject.SUPPLIER: pgettext_lazy("scorecard", "Suppliers"),
}


@staff(VIEW)
@require_safe
def scorecard_list(request: HttpRequest) -> HttpResponse:
    """A row for each name, with a bar chart of one column."""
    form = scope_form(request)
    counted = counted_of(form)
    cards = counted.cards if counted else []
    linked = [(card, link_of(form, card.name)) for card in cards[:SHOWN]]
    plot = form.chosen["plot"]
    context = {
        "form": form,
        "tabs": [_tab(form, subject, label) for subject, label in TABS.items()],
        "labels": LABELS.values(),
        "page": Page([{"card": card, "url": link(), "figures": figures(card, link)} for card, link in linked]),
        "more": len(cards) > SHOWN,
        "plot_label": FAILINGS[plot],
        "bars": ranking_bars(linked[:DRAWN], plot),
        "counted": counted,
        "file_url": f"{reverse('signoff:scorecards-file')}?{urlencode(form.chosen)}",
        "open_violations": count_to_limit({"open": Violation.objects.open()})["open"],
    }
    return render(request, "signoff/desk/scorecards.html", context)


@staff(VIEW)
@require_safe
def scorecard_file(request: HttpRequest) -> HttpResponse:
    """All names and figures as CSV with a byte order mark, by which spreadsheets recognise UTF-8."""
    form = scope_form(request)
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    name = "-".join(form.chosen[part] for part in ("subject", "shop", "days"))
    response["Content-Disposition"] = f'attachment; filename="scorecards-{name}.csv"'
    counted = counted_of(form)
    csv.writer(response).writerows(file_rows(counted.cards if counted else []))
    return response


def scope_form(request: HttpRequest, **fixed: str) -> ScopeForm:
    """The form with the choices of subject, shop and days from the query string."""
    return ScopeForm(request.GET, shops=list(Shop.objects.order_by("name", "pk")), **fixed)


def selected_span(form: ScopeForm) -> Span | None:
    """The selected days of the selected shop; None if there are no shops."""
    return span_of(form.chosen_shop, int(form.chosen["days"])) if form.chosen_shop else None


def counted_of(form: ScopeForm) -> Counted | None:
    """The cards of the selected days; None if there are no shops."""
    span = selected_span(form)
    return count_cards(span, form.chosen["subject"]) if span else None


def link_of(form: ScopeForm, name: str) -> Link:
    """Function that returns the URL of the parcels behind a column, on the page of ``name``."""
    page = reverse("signoff:scorecard", args=[form.chosen["subject"], name])
    scope = {key: form.chosen[key] for key in ("shop", "days")}

    def link(failing: str = "", parcel_set: str = "") -> str:
        parameters = {key: value for key, value in (("failing", failing), ("which", parcel_set)) if value}
        return f"{page}?{urlencode(scope | parameters)}{'#parcels' if parameters else ''}"

    return link


def _tab(form: ScopeForm, subject: str, label: Any) -> dict[str, Any]:
    query = urlencode(form.chosen | {"subject": subject})
    return {"label": label, "url": f"?{query}", "active": subject == form.chosen["subject"]}


PARCEL_SETS: dict[str, str | Promise] = {"failed": _("Only parcels with problems"), "counted": _("All parcels counted")}


@staff(VIEW)
@require_safe
def scorecard(request: HttpRequest, subject: str, name: str) -> HttpResponse:
    """The scorecard of one name in the selected days; empty if it has sent no parcels."""
    if subject not in Subject.values:
        raise Http404
    form = scope_form(request, subject=subject)
    counted = counted_of(form)
    cards = counted.cards if counted else []
    card = find_card(cards, name) or Card(name, Tally())
    link, listed = link_of(form, name), _selected_parcels(request)
    context = {
        "form": form,
        "scope": [form["shop"], form["days"]],
        "card": card,
        "subject_label": TABS[Subject(subject)],
        "list_url": f"{reverse('signoff:scorecards')}?{urlencode(form.chosen)}",
        "figures": figures(card, link),
        "bars": comparison_bars(card, cards, link),
        "counted": counted,
        "course": _trend(counted, card),
        "page": _page(request, counted, card, *listed),
        "parcel_tabs": _failing_tabs(link, *listed),
        "which_tabs": _parcel_set_tabs(link, *listed),
    }
    return render(request, "signoff/desk/scorecard.html", context)


def _selected_parcels(request: HttpRequest) -> tuple[str, str]:
    """The failing ("" for any) and the parcel set ("failed" or "counted") that are selected in the query string."""
    failing, parcel_set = request.GET.get("failing", ""), request.GET.get("which", "")
    failing = failing if failing in LABELS else ""
    parcel_set = parcel_set if parcel_set in PARCEL_SETS else "failed"
    return failing, "counted" if failing == STARRED else parcel_set


def _trend(counted: Counted | None, card: Card) -> dict[str, Any] | None:
    """The share delivered on time as a time series; None without promised days."""
    if counted is None or not card.tally.counted.get(Failing.LATE):
        return None
    return time_series(counted.periods(card), Failing.LATE)


def _page(request: HttpRequest, counted: Counted | None, card: Card, failing: str, parcel_set: str) -> Page:
    """The selected parcels, each with labels of its ``failings``."""
    rows, sift = _rows(counted, card, failing, parcel_set) if counted else (Parcel.objects.none(), None)
    shown = Parcel.objects.select_related("order__shop")
    page = page_by_key(rows, key="-shipped_at", query=request.GET, load=shown, sift=sift)
    keys = [parcel.pk for parcel in page.rows]
    failed = failings_of(counted.span, counted.subject, card.spellings, keys) if counted and keys else {}
    for parcel in page.rows:
        parcel.failings = [FAILINGS[name] for name in failed.get(parcel.pk, [])]
    return page


def _rows(counted: Counted, card: Card, failing: str, parcel_set: str) -> tuple[QuerySet[Parcel], Sift | None]:
    """The rows of the page; with a snapshot there are so many that a page looks through a part of them."""
    whose, failed = (counted.span, counted.subject, card.spellings), parcel_set == "failed"
    if failing == STARRED:
        return rated_parcels_through(*whose) if counted.snapshot else (rated_parcels(*whose), None)
    if counted.snapshot:
        return parcels_through(*whose, failing, failed=failed)
    return parcels_of(*whose, failing, failed=failed), None


def _failing_tabs(link: Link, failing: str, parcel_set: str) -> list[dict[str, Any]]:
    kinds = {"": _("All problems"), **FAILINGS, STARRED: LABELS[STARRED]}
    return [{"label": label, "url": link(kind, parcel_set), "active": kind == failing} for kind, label in kinds.items()]


def _parcel_set_tabs(link: Link, failing: str, parcel_set: str) -> list[dict[str, Any]]:
    if failing == STARRED:
        return []
    return [
        {"label": label, "url": link(failing, kind), "active": kind == parcel_set}
        for kind, label in PARCEL_SETS.items()
    ]
