"""One scorecard: its figures, their course, and the parcels that each of them counts."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from signoff.access import staff
from signoff.forms.scores import ScopeForm
from signoff.models import Failing, Parcel, Subject
from signoff.paging import Page, page_by_key
from signoff.scorecards import Span, card_of, failings_of, parcels_of, rated_of, stretches
from signoff.scorecards.plots import against_others, course
from signoff.scorecards.words import FAILINGS, LABELS, STARRED, Link, figures
from signoff.scoring import Card, Tally
from signoff.views.scorecards import TABS, VIEW, cards_of, form_of, link_of, span_asked

POINTS = {30: 5, 90: 15, 365: 30}  # days of one point of a line
WHICH: dict[str, str | Promise] = {"failed": _("Those that failed"), "counted": _("All that are counted")}


@staff(VIEW)
@require_safe
def scorecard(request: HttpRequest, subject: str, name: str) -> HttpResponse:
    """Everything about one name within the days chosen; nothing where it has sent nothing."""
    if subject not in Subject.values:
        raise Http404
    form = form_of(request, subject=subject)
    found = cards_of(form)
    card = card_of(found, name) or Card(name, Tally())
    link, listed = link_of(form, name), _listed(request)
    context = {
        "form": form,
        "scope": [form["shop"], form["days"]],
        "card": card,
        "subject_label": TABS[Subject(subject)],
        "list_url": f"{reverse('signoff:scorecards')}?{urlencode(form.chosen)}",
        "figures": figures(card, link),
        "bars": against_others(card, found, link),
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
    told = stretches(span, form.chosen["subject"], card.spellings, days=POINTS[span.days])
    return course(told, Failing.LATE)


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
        return rated_of(span, subject, card.spellings)
    return parcels_of(span, subject, card.spellings, failing, failed=which == "failed")


def _kinds(link: Link, failing: str, which: str) -> list[dict[str, Any]]:
    kinds = {"": _("Any failing"), **FAILINGS, STARRED: LABELS[STARRED]}
    return [{"label": label, "url": link(kind, which), "active": kind == failing} for kind, label in kinds.items()]


def _whiches(link: Link, failing: str, which: str) -> list[dict[str, Any]]:
    if failing == STARRED:
        return []
    return [{"label": label, "url": link(failing, kind), "active": kind == which} for kind, label in WHICH.items()]
