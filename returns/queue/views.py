"""Views of the agents' queue: the list of cases, filtered, the earliest deadline first."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_stubs_ext import StrOrPromise

from returns.models import Case
from returns.permissions import REVIEW
from returns.queue.counts import queue_counts
from returns.queue.filters import CaseFilter
from returns.queue.listing import QUEUE, found_by
from returns.queue.rows import row_of
from returns.queue.start_page import home_of
from returns.queue.tabs import LABELS, TURNS
from returns.review.assignment import next_case_url, take_next
from signoff.web.access import may_see_amounts, signed_in, staff
from signoff.web.lists import Tab, render_list, tabs_of, wants_part
from signoff.web.requests import StaffRequest


@staff("returns.view_case")
@require_safe
def case_list(request: StaffRequest) -> HttpResponse:
    """The queue; htmx gets the part that changes, anybody else the whole page."""
    chosen = CaseFilter(request.GET, queryset=Case.objects.visible_to(request.user), user=request.user)
    part = wants_part(request)
    page, known = found_by(chosen, request.GET).page(), may_see_amounts(request.user)
    matching = None if page.is_whole or not request.user.has_perm(REVIEW) else page.matching
    numbers = queue_counts(chosen, user=request.user, with_stats=not part, matching=matching)
    context = {
        "filter": chosen,
        "page": page,
        "desk_list": QUEUE,
        "matching_count": numbers.get("matching", ""),
        "rows": [row_of(case, may_know=known) for case in page.rows],
        "turns": _tabs(TURNS, chosen, numbers),
        "tabs": _tabs(LABELS, chosen, numbers),
        "stats": [] if part else _stats(numbers),
        "narrowed": chosen.narrowed,
    }
    return render_list(request, "returns/desk/queue.html", context)


@staff(REVIEW)
@require_POST
def next_case(request: StaffRequest) -> HttpResponse:
    """Take the case with the earliest deadline and open it; from a case's page first go on with one's own."""
    if number := request.POST.get("after", ""):
        return _go_on(request, Case.objects.visible_to(request.user).filter(number=number).first())
    case = take_next(by=request.user)
    if case is None:
        messages.info(request, _("No unassigned case is waiting for a decision. Check back later."))
        return redirect("returns:case-list")
    messages.success(request, _("You've taken case %(number)s.") % {"number": case.number})
    return redirect(case)


def _go_on(request: StaffRequest, done: Case | None) -> HttpResponse:
    if url := next_case_url(request.user, done):
        return redirect(url)
    messages.info(request, _("Nothing else in this queue is waiting for you."))
    return redirect("returns:case-list")


def _tabs(labels: Mapping[str, StrOrPromise], chosen: CaseFilter, numbers: Mapping[str, str]) -> list[Tab]:
    return tabs_of(labels, active=chosen.chosen_tab, url=partial(_address, chosen), counts=numbers)


def _address(chosen: CaseFilter, tab: str) -> str:
    query = chosen.data.copy()
    query.pop("page", None)
    query["tab"] = tab
    for name in [name for name, value in query.items() if not value]:
        del query[name]
    return "?" + query.urlencode()


def _stats(numbers: Mapping[str, str]) -> list[dict[str, Any]]:
    """Counts of all cases, each with the link to its list."""
    queue = reverse("returns:case-list")
    return [
        {"label": _("Open cases"), "value": numbers["stat:open"], "url": f"{queue}?tab=open"},
        {"label": _("To decide"), "value": numbers["stat:decide"], "url": f"{queue}?tab=decide"},
        {"label": _("Overdue"), "value": numbers["stat:overdue"], "url": f"{queue}?tab=open&overdue=true"},
        {"label": _("Owned by me"), "value": numbers["stat:mine"], "url": f"{queue}?tab=open&owner=me"},
    ]


@signed_in
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """Redirect to the user's own start page."""
    return redirect(home_of(request.user))
