"""Scorecards: who delivers as promised. The parcels behind the numbers stand on the page of each name."""

import csv
from typing import Any
from urllib.parse import urlencode

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
    rated_parcels,
    scorecards,
    span_of,
    tallies_by_period,
)
from signoff.scorecards.rules import Card, Tally
from signoff.scorecards.text import FAILINGS, LABELS, STARRED, Link, figures
from signoff.web.access import staff
from signoff.web.keyset import Page, page_by_key
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
    """A row for each name, with what one column looks like drawn above."""
    form = form_of(request)
    found = cards_of(form)
    linked = [(card, link_of(form, card.name)) for card in found[:SHOWN]]
    plot = form.chosen["plot"]
    context = {
        "form": form,
        "tabs": [_tab(form, subject, label) for subject, label in TABS.items()],
        "labels": LABELS.values(),
        "page": Page([{"card": card, "url": link(), "figures": figures(card, link)} for card, link in linked]),
        "more": len(found) > SHOWN,
        "plot_label": FAILINGS[plot],
        "bars": ranking_bars(linked[:DRAWN], plot),
        "file_url": f"{reverse('signoff:scorecards-file')}?{urlencode(form.chosen)}",
        "open_violations": count_to_limit({"open": Violation.objects.open()})["open"],
    }
    return render(request, "signoff/desk/scorecards.html", context)


@staff(VIEW)
@require_safe
def scorecard_file(request: HttpRequest) -> HttpResponse:
    """All names and figures as CSV; the mark at its start tells spreadsheets that it is UTF-8."""
    form = form_of(request)
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    name = "-".join(form.chosen[part] for part in ("subject", "shop", "days"))
    response["Content-Disposition"] = f'attachment; filename="scorecards-{name}.csv"'
    csv.writer(response).writerows(file_rows(cards_of(form)))
    return response


def form_of(request: HttpRequest, **fixed: str) -> ScopeForm:
    """What is asked for, with the shops of the house."""
    return ScopeForm(request.GET, shops=list(Shop.objects.order_by("name", "pk")), **fixed)


def span_asked(form: ScopeForm) -> Span | None:
    """None in a house without shops."""
    return span_of(form.chosen_shop, int(form.chosen["days"])) if form.chosen_shop else None


def cards_of(form: ScopeForm) -> list[Card]:
    span = span_asked(form)
    return scorecards(span, form.chosen["subject"]) if span else []


def link_of(form: ScopeForm, name: str) -> Link:
    """From a column to the parcels that it counts, on the page of ``name``."""
    page = reverse("signoff:scorecard", args=[form.chosen["subject"], name])
    scope = {key: form.chosen[key] for key in ("shop", "days")}

    def link(failing: str = "", which: str = "") -> str:
        asked = {key: value for key, value in (("failing", failing), ("which", which)) if value}
        return f"{page}?{urlencode(scope | asked)}{'#parcels' if asked else ''}"

    return link


def _tab(form: ScopeForm, subject: str, label: Any) -> dict[str, Any]:
    query = urlencode(form.chosen | {"subject": subject})
    return {"label": label, "url": f"?{query}", "active": subject == form.chosen["subject"]}


POINTS = {30: 5, 90: 15, 365: 30}  # days of one point of a line
WHICH: dict[str, str | Promise] = {"failed": _("Only parcels with problems"), "counted": _("All parcels counted")}


@staff(VIEW)
@require_safe
def scorecard(request: HttpRequest, subject: str, name: str) -> HttpResponse:
    """Everything about one name within the days chosen; nothing where it has sent nothing."""
    if subject not in Subject.values:
        raise Http404
    form = form_of(request, subject=subject)
    found = cards_of(form)
    card = find_card(found, name) or Card(name, Tally())
    link, listed = link_of(form, name), _listed(request)
    context = {
        "form": form,
        "scope": [form["shop"], form["days"]],
        "card": card,
        "subject_label": TABS[Subject(subject)],
        "list_url": f"{reverse('signoff:scorecards')}?{urlencode(form.chosen)}",
        "figures": figures(card, link),
        "bars": comparison_bars(card, found, link),
        "course": _course(form, card),
        "page": _page(request, form, card, *listed),
        "parcel_tabs": _kinds(link, *listed),
        "which_tabs": _whiches(link, *listed),
    }
    return render(request, "signoff/desk/scorecard.html", context)


def _listed(request: HttpRequest) -> tuple[str, str]:
    """Which parcels are listed: of a failing ("" for any), those that failed or all that are counted."""
    failing, which = request.GET.get("failing", ""), request.GET.get("which", "")
    failing = failing if failing in LABELS else ""
    which = which if which in WHICH else "failed"
    return failing, "counted" if failing == STARRED else which


def _course(form: ScopeForm, card: Card) -> dict[str, Any] | None:
    """On time, point by point; None where nothing was promised."""
    span = span_asked(form)
    if span is None or not card.tally.of.get(Failing.LATE):
        return None
    told = tallies_by_period(span, form.chosen["subject"], card.spellings, days=POINTS[span.days])
    return time_series(told, Failing.LATE)


def _page(request: HttpRequest, form: ScopeForm, card: Card, failing: str, which: str) -> Page:
    """The parcels, each with its ``failings`` in words."""
    span, subject = span_asked(form), form.chosen["subject"]
    rows = _rows(span, subject, card, failing, which) if span else Parcel.objects.none()
    page = page_by_key(rows, key="-shipped_at", query=request.GET, load=Parcel.objects.select_related("order"))
    keys = [parcel.pk for parcel in page.rows]
    failed = failings_of(span, subject, card.spellings, keys) if span and keys else {}
    for parcel in page.rows:
        parcel.failings = [FAILINGS[name] for name in failed.get(parcel.pk, [])]
    return page


def _rows(span: Span, subject: str, card: Card, failing: str, which: str) -> Any:
    if failing == STARRED:
        return rated_parcels(span, subject, card.spellings)
    return parcels_of(span, subject, card.spellings, failing, failed=which == "failed")


def _kinds(link: Link, failing: str, which: str) -> list[dict[str, Any]]:
    kinds = {"": _("All problems"), **FAILINGS, STARRED: LABELS[STARRED]}
    return [{"label": label, "url": link(kind, which), "active": kind == failing} for kind, label in kinds.items()]


def _whiches(link: Link, failing: str, which: str) -> list[dict[str, Any]]:
    if failing == STARRED:
        return []
    return [{"label": label, "url": link(failing, kind), "active": kind == which} for kind, label in WHICH.items()]
