"""Template tags about cases: for the shopper, for the desk, and on pages of orders and deliveries."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django import template
from django.contrib.auth.models import User
from django.template import Context

from returns.case_page.evidence import EvidenceGroup, evidence_groups, links_to
from returns.case_page.lookalikes import flagged
from returns.case_page.origin import case_of, cases_by_exception, find_origin
from returns.lifecycle.progress import stages
from returns.logbook.queries import log_of
from returns.logbook.timeline import Audience, timeline_of
from returns.models import Case
from signoff.lookup.session import entered_orders
from signoff.models import Order, OrderLine, ParcelException, SignOff
from signoff.web.access import may_see_amounts

register = template.Library()
STRIP = 8


@register.inclusion_tag("components/timeline.html")
def timeline(case: Case, audience: Audience = "desk") -> dict[str, Any]:
    """``{% timeline case audience="shopper" %}``: what happened, the newest first.

    ``case`` should come with its customer and shop joined.
    """
    return {"entries": timeline_of(case, audience=audience)}


@register.inclusion_tag("returns/desk/_evidence.html", takes_context=True)
def evidence(context: Context, case: Case) -> dict[str, Any]:
    """``{% evidence case %}``: every picture of the case under the words it came with, for those who decide.

    ``alike`` are the tokens of those that look like a picture of another case.
    """
    pictures = [picture for picture in case.evidence.all() if picture.file]
    alike = flagged(case, pictures, user=context["user"])
    return _evidence(evidence_groups(case)) | {"case": case, "alike": alike}


@register.inclusion_tag("returns/desk/_evidence.html")
def later_evidence(case: Case) -> dict[str, Any]:
    """The same on a page that shows the pictures of each item beside it: all others."""
    return _evidence([group for group in evidence_groups(case) if group.line is None]) | {"case": case}


@register.inclusion_tag("returns/desk/_strip.html")
def evidence_strip(case: Case, user: User) -> dict[str, Any]:
    """``{% evidence_strip case user %}``: the pictures of the case as one row of small ones; the thread has them all.

    ``alike`` as for ``evidence``.
    """
    pictures = [picture for picture in case.evidence.all() if picture.file]
    return {
        "case": case,
        "pictures": links_to(pictures[:STRIP]),
        "more": max(0, len(pictures) - STRIP),
        "alike": flagged(case, pictures, user=user),
    }


def _evidence(groups: list[EvidenceGroup]) -> dict[str, Any]:
    return {"groups": groups, "count": sum(len(group.pictures) for group in groups)}


@register.inclusion_tag("components/stepper.html")
def progress(case: Case) -> dict[str, Any]:
    """``{% progress case %}``: the stages done, now and ahead."""
    return {"steps": stages(case.status, [entry.target for entry in log_of(case)])}


@register.inclusion_tag("returns/desk/_order_cases.html", takes_context=True)
def cases_of_order(context: Context, order: Order) -> dict[str, Any]:
    """For the desk's page of an order: its cases, the newest first."""
    return {
        "cases": order.cases.select_related("order").order_by("-opened_at", "-id"),
        "may_know": may_see_amounts(context["user"]),
    }


@register.inclusion_tag("returns/portal/_case_of_sign_off.html", takes_context=True)
def case_of_sign_off(context: Context, sign_off: SignOff) -> dict[str, Any]:
    """``{% case_of_sign_off sign_off %}`` for the shopper: the case's number, a link if this browser has access."""
    case = case_of(sign_off)
    entered = case is not None and case.order_id in entered_orders(context["request"])
    wrong = case is None and sign_off.outcome in (SignOff.Outcome.PARTLY, SignOff.Outcome.REFUSED)
    return {"case": case, "entered": entered, "awaited": wrong}


@register.simple_tag
def cases_of_exceptions(exceptions: Collection[ParcelException]) -> dict[int, Case]:
    """``{% cases_of_exceptions rows as cases %}``: once for a whole list."""
    return cases_by_exception(exceptions)


@register.inclusion_tag("returns/desk/_case_of_exception.html", takes_context=True)
def case_of_exception(context: Context, exception: ParcelException, cases: Mapping[int, Case]) -> dict[str, Any]:
    """``{% case_of_exception exception cases %}``: the number of its case, a link for those who may see cases."""
    return {"case": cases.get(exception.pk), "may_see": context["user"].has_perm("returns.view_case")}


@register.inclusion_tag("returns/desk/_origin.html")
def delivery_panel(case: Case) -> dict[str, Any]:
    """``{% delivery_panel case %}``: the delivery that a case was opened from automatically."""
    return {"origin": find_origin(case)}


@register.inclusion_tag("returns/portal/_request_button.html")
def request_button(order: Order, goods: Sequence[OrderLine]) -> dict[str, Any]:
    """The way to a return, or the sentence that says why there is none."""
    return {"order": order, "anything_left": any(line.available > 0 for line in goods)}


@register.inclusion_tag("returns/portal/_order_cases.html")
def order_cases(order: Order) -> dict[str, Any]:
    """The cases of an order, the newest first."""
    return {"cases": Case.objects.filter(order=order).order_by("-opened_at", "-id")}
