"""Pages of a request: choose the items, say what is wrong with each, check and submit."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from returns.intake.access import draft_of, entered_order
from returns.intake.drafts import AlreadySent, choose, start
from returns.intake.forms import ItemsForm
from returns.intake.promised_date import DateMoved, promised_date
from returns.intake.queries import goods_of
from returns.intake.steps import Pages, answer_details, check_context
from returns.intake.submit import Incomplete, is_complete, submit
from returns.lifecycle.unit_reservation import ExceedsOrdered
from returns.models import Case, Draft
from signoff.lookup.access import shopper
from signoff.models import Order
from signoff.pictures.clean import FORM_MAX
from signoff.web.form_handling import handle_form, run_action, show_error_message
from signoff.web.requests import HtmxRequest
from signoff.web.uploads import takes


@shopper
def items(request: HttpRequest, token: str) -> HttpResponse:
    """Choose lines and quantities; with ``?draft=`` change what was chosen before."""
    order = entered_order(request, token)
    draft = _draft_to_continue(order, request.GET.get("draft", ""))
    lines = goods_of(order)
    form = ItemsForm(request.POST if request.method == "POST" else None, lines=lines, chosen=_chosen(draft))

    def keep_choice(**_values: object) -> Draft:
        chosen = form.quantities
        return choose(draft, quantities=chosen) if draft else start(order, quantities=chosen)

    return handle_form(
        request,
        form,
        page=lambda: render(request, "returns/portal/items.html", {"order": order, "shop": order.shop, "form": form}),
        action=keep_choice,
        next_page=lambda kept: reverse("returns:request-details", args=[order.token, kept.token]),
        refusals={AlreadySent: _show_case},  # in another window, a moment ago
    )


def _show_case(sent: AlreadySent) -> HttpResponse:
    return redirect("returns:status", sent.case.number)


def _draft_to_continue(order: Order, token: str) -> Draft | None:
    """The draft to continue; None where it was submitted, so that the next request is a new one."""
    return Draft.objects.filter(order=order, token=token, case=None).first() if token else None


def _chosen(draft: Draft | None) -> dict[int, int]:
    return {entry["line"]: entry["quantity"] for entry in draft.data.get("lines", [])} if draft else {}


@takes(FORM_MAX)
@shopper
def details(request: HtmxRequest, token: str, draft: str) -> HttpResponse:
    """Reason, wish, words and photos for each chosen line."""
    order = entered_order(request, token)
    found = draft_of(order, draft)
    pages = Pages(
        items=reverse("returns:request", args=[order.token]),
        details=reverse("returns:request-details", args=[order.token, found.token]),
        following=reverse("returns:request-check", args=[order.token, found.token]),
        render=lambda context: render(request, "returns/portal/details.html", context),
    )
    try:
        return answer_details(request, found, pages)
    except AlreadySent as sent:
        return _show_case(sent)


@shopper
def check(request: HttpRequest, token: str, draft: str) -> HttpResponse:
    """Show the request for checking, and submit it."""
    order = entered_order(request, token)
    found = draft_of(order, draft)
    if request.method == "POST":
        return _send(request, found)
    if found.case is not None:
        return redirect("returns:status", found.case.number)
    if not is_complete(found):
        return redirect("returns:request-details", order.token, found.token)
    return render(request, "returns/portal/check.html", check_context(found))


def _send(request: HttpRequest, draft: Draft) -> HttpResponse:
    order = draft.order

    def submit_as_promised() -> Case:
        promised = promised_date(draft, request.POST.get("promised", ""), now=timezone.now())
        return submit(draft, by=order.customer, language=get_language() or "en", promised=promised)

    def show_new_date(moved: DateMoved) -> HttpResponse:
        messages.info(request, str(moved))
        return redirect("returns:request-check", order.token, draft.token)

    choose_again = reverse("returns:request", args=[order.token], query={"draft": draft.token})
    return run_action(
        request,
        submit_as_promised,
        done=lambda case: _("We've received your request. Its number is %(number)s.") % {"number": case.number},
        next_page=lambda case: reverse("returns:status", args=[case.number]),
        refusals={
            DateMoved: show_new_date,
            ExceedsOrdered: show_error_message(request, next_page=choose_again),
            Incomplete: lambda _refusal: redirect("returns:request-details", order.token, draft.token),
        },
    )
