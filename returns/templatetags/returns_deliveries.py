"""Template tags: the case on pages about deliveries, and the delivery on the page of a case."""

from collections.abc import Collection, Mapping
from typing import Any

from django import template
from django.template import Context

from returns.case_page.origin import case_of, cases_by_exception, find_origin
from returns.models import Case
from signoff.lookup.session import entered_orders
from signoff.models import ParcelException, SignOff

register = template.Library()


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
