"""Approve or send back many plans, each by itself."""

from collections.abc import Sequence
from functools import partial

from django import forms
from django.contrib.auth.models import User
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_fsm import TransitionNotAllowed

from refunds.approvals.actions import ApprovalRefused, approve, send_back
from refunds.approvals.queries import WaitingPlan, as_rows, awaiting_approval
from refunds.ledger.caps import ExceedsRefundable
from returns.models import Case
from returns.permissions import APPROVE
from signoff.bulk.registry import BulkAction, BulkForm, Candidate
from signoff.web.formatting import join_choices, name_of

NAMES = 3  # colleagues named in a sentence


class SendBackForm(BulkForm):
    """One reason for many plans."""

    words = forms.CharField(
        label=gettext_lazy("What to change"),
        max_length=2000,
        help_text=gettext_lazy("The people who proposed the plans will see it."),
        error_messages={"required": gettext_lazy("Say what to change. The person who proposed the plan will see it.")},
        widget=forms.Textarea(attrs={"rows": 4}),
    )


def look_up(user: User, refs: Sequence[str], *, to_approve: bool) -> list[Candidate]:
    """The plans of these cases, in their order; those that ``user`` may not take along say why and who may."""
    cases = awaiting_approval(user).filter(number__in=refs)
    rows = {row.case.number: row for row in as_rows(list(cases), user)}
    others = approvers_beside(user)
    return [_candidate(ref, rows.get(ref), others, to_approve=to_approve) for ref in refs]


def _candidate(ref: str, row: WaitingPlan | None, others: str, *, to_approve: bool) -> Candidate:
    if row is None:
        return Candidate(ref, ref, why_not=_("This plan doesn't wait for approval any more."))
    return Candidate(
        ref,
        ref,
        url=reverse("refunds:authorise", args=[ref]),
        seen=row.case.seq,
        amount=row.plan.total,
        currency=row.case.order.currency,
        why_not=left_out(row, others, to_approve=to_approve),
    )


def left_out(row: WaitingPlan, others: str, *, to_approve: bool = True) -> str:
    """Why a plan cannot be taken along, and who may decide it; "" if it can."""
    if row.own:
        return _("Left out: you proposed this plan. %(people)s may decide it.") % {"people": others}
    if row.answered:
        return _("Left out: you have approved it already. %(people)s may decide it.") % {"people": others}
    if to_approve and row.needed > 1:
        return _("Left out: this amount needs %(n)d people. Open it and approve it by itself.") % {"n": row.needed}
    return ""


def approvers_beside(user: User) -> str:
    """Names of colleagues who may approve, as a list in words."""
    _app, codename = APPROVE.split(".")
    granted = Q(user_permissions__codename=codename) | Q(groups__permissions__codename=codename)
    people = User.objects.filter(granted, is_active=True).exclude(pk=user.pk).distinct().order_by("pk")[:NAMES]
    return join_choices(name_of(person) for person in people) or _("A colleague with the right to approve")


def _approve(number: str, *, by: User, seen: int | None) -> str:
    case = approve(_find(number, by), by=by, seen=seen)
    if case.status == Case.Status.AWAITING_APPROVAL:
        return _("One more person has to approve it.")
    return _("The case is now “%(status)s”.") % {"status": case.get_status_display()}


def _send_back(number: str, *, by: User, seen: int | None, words: str) -> str:
    send_back(_find(number, by), by=by, note=words, seen=seen)
    return ""


def _find(number: str, user: User) -> Case:
    return Case.objects.visible_to(user).get(number=number)


APPROVE_MANY = BulkAction(
    name="approve",
    desk_list="approvals",
    label=gettext_lazy("Approve"),
    icon="check",
    permission=APPROVE,
    look_up=partial(look_up, to_approve=True),
    act=_approve,
    follows=lambda n: (
        ngettext(
            "%(n)d plan is approved and carried out; an offer goes to the shopper.",
            "%(n)d plans are approved and carried out; offers go to the shoppers.",
            n,
        )
        % {"n": n}
    ),
    refusals=(ApprovalRefused, ExceedsRefundable),
    moved=(TransitionNotAllowed,),
    primary=True,
    key="y",
)
SEND_MANY_BACK = BulkAction(
    name="send-back",
    desk_list="approvals",
    label=gettext_lazy("Send back"),
    icon="corner-up-left",
    permission=APPROVE,
    look_up=partial(look_up, to_approve=False),
    act=_send_back,
    follows=lambda n: ngettext("%(n)d plan goes back to the desk.", "%(n)d plans go back to the desk.", n) % {"n": n},
    form=SendBackForm,
    refusals=(ApprovalRefused,),
    moved=(TransitionNotAllowed,),
)
