"""Third step of a request: everything together, what it would bring and by when; then it is sent in."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from returns.actions import MoreThanBought
from returns.actions.shopper import Incomplete, is_complete, submit
from returns.forms.portal_intake import WISHES
from returns.models import Draft, Reason
from returns.promises import promise
from returns.reasons import reasons_of, travels
from returns.views.portal.details import Section, sections_of
from returns.views.portal.getters import draft_of, entered_order
from signoff.access import shopper


@shopper
def check(request: HttpRequest, token: str, draft: str) -> HttpResponse:
    """Show the request as it would be sent, and send it."""
    order = entered_order(request, token)
    found = draft_of(order, draft)
    if request.method == "POST":
        return _send(request, found)
    if found.case is not None:
        return redirect("returns:status", found.case.number)
    if not is_complete(found):
        return redirect("returns:request-details", order.token, found.token)
    sections = sections_of(found)
    reasons = {reason.code: reason for reason in reasons_of(order.shop_id)}
    travel = any(travels(reasons[section.said["reason"]], section.said.get("wish", "")) for section in sections)
    context = {
        "order": order,
        "shop": order.shop,
        "draft": found,
        "rows": [_row(section, reasons) for section in sections],
        "goods_come_back": travel,
        "promise": promise(timezone.now(), goods_come_back=travel),
    }
    return render(request, "returns/portal/check.html", context)


def _send(request: HttpRequest, draft: Draft) -> HttpResponse:
    order = draft.order
    try:
        case = submit(draft, by=order.customer, language=get_language() or "en")
    except MoreThanBought as refusal:
        messages.error(request, str(refusal))
        return redirect(f"{reverse('returns:request', args=[order.token])}?draft={draft.token}")
    except Incomplete:
        return redirect("returns:request-details", order.token, draft.token)
    messages.success(request, _("We have your request. Its number is %(number)s.") % {"number": case.number})
    return redirect("returns:status", case.number)


def _row(section: Section, reasons: dict[str, Reason]) -> dict[str, object]:
    return {
        "section": section,
        "reason": reasons[section.said["reason"]].title,
        "wish": dict(WISHES).get(section.said.get("wish", ""), ""),
    }
