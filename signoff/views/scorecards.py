"""Scorecards: who delivers as promised. The parcels behind the numbers stand on the page of each name."""

import csv
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from signoff.access import staff
from signoff.counting import count_each, shown
from signoff.forms.scores import ScopeForm
from signoff.models import Shop, Subject, Violation
from signoff.scorecards import Span, scorecards, span_of
from signoff.scorecards.file import file_rows
from signoff.scorecards.plots import beside_each_other
from signoff.scorecards.words import FAILINGS, LABELS, Link, figures
from signoff.scoring import Card

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
        "rows": [{"card": card, "url": link(), "figures": figures(card, link)} for card, link in linked],
        "more": len(found) > SHOWN,
        "plot_label": FAILINGS[plot],
        "bars": beside_each_other(linked[:DRAWN], plot),
        "file_url": f"{reverse('signoff:scorecards-file')}?{urlencode(form.chosen)}",
        "open_violations": shown(count_each({"open": Violation.objects.open()})["open"]),
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
