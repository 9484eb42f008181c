"""Pages of finance: the list of refunds, and one refund with its actions."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe
from django_fsm import TransitionNotAllowed
from django_stubs_ext import StrOrPromise

from refunds.finance.filters import RefundFilter
from refunds.finance.forms import ConfirmForm, FailForm
from refunds.finance.listing import REFUNDS, refunds_by
from refunds.finance.queries import LABELS, refunds_with_cases
from refunds.finance.ways import by_way
from refunds.ledger.caps import ExceedsRefundable
from refunds.ledger.shop_refunds.queries import unclear_reports
from refunds.models import Refund
from refunds.payees.actions import reveal_payee
from refunds.payouts.manual import (
    ReferenceTaken,
    confirm_paid,
    mark_failed,
    may_be_paid_after_all,
    retry,
    waits_for_people,
)
from refunds.payouts.transitions import PAY
from refunds.pricing.shares import shares_of
from refunds.settlement.debts import is_stopped
from refunds.shop_refunds.actions import AlreadyDecided, count_as_additional, count_as_ours
from refunds.shop_refunds.stop import can_plan_again, plan_again
from refunds.ways.text import head_of, payment_label, way_label
from signoff.db.counts import capped_label
from signoff.models import ShopRefund
from signoff.templatetags.look import person_name
from signoff.web.access import staff
from signoff.web.form_handling import handle_form, run_action, show_conflict, show_form_error
from signoff.web.lists import Tab, tabs_of
from signoff.web.requests import StaffRequest
from signoff.web.tones import ICONS, tone, tone_icon

VIEW = "refunds.view_refund"
QUESTIONS = 20  # refunds of the shop that finance is asked about at once
#: title of a step of a refund, by the reason of its history row
WHAT = {
    "send": _("payment started"),
    "accept": _("accepted by the provider"),
    "waiting": _("waiting for finance"),
    "stop": _("stopped before it was paid"),
    "confirm": pgettext_lazy("refund", "paid"),
    "fail": _("not paid"),
    "mark_unknown": _("outcome unknown"),
    "ask_again": _("to be retried with the same key"),
    "start_over": _("not found at the provider: to be sent again with a new key"),
    "retry": _("to be sent again with a new key"),
    "reverse": _("returned"),
}


@staff(VIEW)
@require_safe
def refund_list(request: HttpRequest) -> HttpResponse:
    """The refunds of one tab, the longest due first."""
    chosen = RefundFilter(request.GET, queryset=Refund.objects.all())
    page = refunds_by(chosen, request.GET).page()
    context = {
        "filter": chosen,
        "page": page,
        "desk_list": REFUNDS,
        "tabs": _tabs(chosen),
        "cards": by_way(page.rows),
        "questions": unclear_reports()[:QUESTIONS] if request.user.has_perm(PAY) else [],
    }
    return render(request, "refunds/desk/refund_list.html", context)


@staff(VIEW)
@require_safe
def refund(request: HttpRequest, token: str) -> HttpResponse:
    """One refund with its items, attempts and possible actions."""
    return _page(request, _find(token))


@staff(PAY)
@require_POST
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm a refund with the bank's reference."""
    form = ConfirmForm(request.POST, refund=_find(token))
    return _act(request, token, form, confirm_paid, _("Confirmed. The refund is paid and booked."), confirm_form=form)


@staff(PAY)
@require_POST
def fail(request: HttpRequest, token: str) -> HttpResponse:
    """Mark a refund as failed: finance knows that it was not paid."""
    form = FailForm(request.POST)
    return _act(
        request, token, form, mark_failed, _("Marked as failed. Nothing was booked. You can retry it."), fail_form=form
    )


@staff(PAY)
@require_POST
def try_again(request: HttpRequest, token: str) -> HttpResponse:
    """Start another attempt with another key."""
    return _act(request, token, forms.Form(request.POST), retry, _("The refund has been sent again."))


@staff(PAY)
@require_POST
def show_payee(request: StaffRequest, token: str) -> HttpResponse:
    """Show whom to pay in clear, once; the logbook keeps who has looked."""
    refund = _find(token)
    response = _page(request, refund, revealed=reveal_payee(refund, by=request.user))
    response["Cache-Control"] = "private, no-store"
    return response


@staff(PAY)
@require_POST
def make_new_plan(request: StaffRequest, token: str) -> HttpResponse:
    """Give up a refund that cannot be paid; the case goes back, so that the desk makes another plan."""
    refund = _find(token)
    return run_action(
        request,
        partial(plan_again, refund.case, by=request.user),
        done=_("The case is back at the desk. A new plan is needed."),
        next_page=refund.case.get_absolute_url(),
        refusals={TransitionNotAllowed: show_conflict(request, back=reverse("refunds:refund", args=[token]), forms=[])},
    )


@staff(PAY)
@require_POST
def report_is_ours(request: StaffRequest, report: str) -> HttpResponse:
    """Answer that the shop's refund is one that was made here."""
    return _decide(request, report, count_as_ours, _("Recorded: it is the same money."))


@staff(PAY)
@require_POST
def report_is_additional(request: StaffRequest, report: str) -> HttpResponse:
    """Answer that the shop has refunded it in addition."""
    return _decide(request, report, count_as_additional, _("Recorded: the shop has refunded it in addition."))


def _decide(request: StaffRequest, report: str, action: Callable[..., ShopRefund], done: StrOrPromise) -> HttpResponse:
    row = get_object_or_404(ShopRefund.objects.select_related("payment__order"), token=report)
    address = reverse("refunds:refund-list")
    return run_action(
        request,
        partial(action, row, by=request.user),
        done=done,
        next_page=address,
        refusals={AlreadyDecided: show_conflict(request, back=address, forms=[])},
    )


def _act(
    request: HttpRequest,
    token: str,
    form: forms.Form,
    action: Callable[..., Refund],
    done: StrOrPromise,
    **typed: forms.Form,
) -> HttpResponse:
    """Run the action on the refund; a refusal is shown in the bound form."""
    refund, address = _find(token), reverse("refunds:refund", args=[token])

    def page() -> HttpResponse:
        return _page(request, _find(token), **typed)

    too_late = show_conflict(request, back=address, forms=[form])
    return handle_form(
        request,
        form,
        page=page,
        action=partial(action, refund, by=request.user),
        done=done,
        next_page=address,
        refusals={
            ReferenceTaken: show_form_error(form, page, field="reference"),
            TransitionNotAllowed: too_late,
            ExceedsRefundable: too_late,
        },
    )


def _find(token: str) -> Refund:
    refunds = refunds_with_cases().select_related("requested_by", "approved_by", "confirmed_by", "payment__order")
    return get_object_or_404(refunds, token=token)


def _page(request: HttpRequest, refund: Refund, **typed: Any) -> HttpResponse:
    context: dict[str, Any] = {
        "refund": refund,
        "case": refund.case,
        "shares": shares_of(refund),
        "tried": [_tried(row) for row in refund.history.select_related("history_user").order_by("-history_id")],
        "entries": refund.ledger.order_by("seq"),
        "waits": waits_for_people(refund),
        "may_pay": request.user.has_perm(PAY),
        "confirm_form": ConfirmForm(refund=refund),
        "head": head_of(refund.gateway, refund.payment),
        "way": way_label(refund.gateway, refund.payment),
        "payment_label": payment_label(refund.payment),
        "payee": getattr(refund.case, "payee", None),
        "stopped": is_stopped(refund),
        "may_be_paid": may_be_paid_after_all(refund),
        "can_plan_again": can_plan_again(refund.case),
        "fail_form": FailForm(),
        **typed,
    }
    return render(request, "refunds/desk/refund.html", context)


def _tried(row: Any) -> dict[str, Any]:
    """A history row of a refund as a line of the timeline."""
    words = [gettext("Attempt %(n)d") % {"n": row.attempt}, row.failure, row.provider_reference]
    tone_of_row = tone(row.status)
    return {
        "icon": tone_icon(tone_of_row) if tone_of_row in ICONS else "circle-dot",
        "title": WHAT.get(row.history_change_reason or "", row.get_status_display()),
        "who": person_name(row.history_user) if row.history_user else gettext("System"),
        "at": row.history_date,
        "note": " · ".join(word for word in words if word),
        "tone": tone_of_row,
    }


def _tabs(chosen: RefundFilter) -> list[Tab]:
    query = chosen.data.copy()
    query.pop("page", None)

    def address(tab: str) -> str:
        query["tab"] = tab
        return f"?{query.urlencode()}"

    counts = {name: capped_label(chosen.counts[name]) for name in LABELS}
    return tabs_of(LABELS, active=chosen.chosen_tab, url=address, counts=counts)
