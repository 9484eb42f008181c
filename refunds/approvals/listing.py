"""Approvals as a list of the desk: plans that wait for me, plans that wait for others, and what was decided."""

from typing import Any

from django.contrib.auth.models import User
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from refunds.approvals.queries import (
    DECIDED,
    FOR_ME,
    FOR_OTHERS,
    answers_with_cases,
    decided,
    waiting_for_me,
    waiting_for_others,
)
from refunds.models import Approval, Resolution
from returns.models import Case
from returns.permissions import APPROVE
from signoff.web.desk_lists import Column, DeskList, Found
from signoff.web.formatting import name_of
from signoff.web.keyset import Sort, order_of
from signoff.web.lists import choice_of

TABS = {FOR_ME: _("Wait for me"), FOR_OTHERS: _("Wait for others"), DECIDED: pgettext_lazy("plans", "Decided")}
SORTS = {"due": Sort("due_at"), "number": Sort("number")}


def tab_of(query: QueryDict) -> str:
    """The tab of the list."""
    return choice_of(query, "tab", TABS, default=FOR_ME)


def find_approvals(user: User, query: QueryDict) -> Found:
    """Plans of one tab, the earliest due first; or answers, the newest first."""
    tab = tab_of(query)
    if tab == DECIDED:
        order = order_of(query, {"decided": Sort("at", descending=True)}, default="-decided")
        return Found(decided(), order, load=answers_with_cases())
    rows = waiting_for_me(user) if tab == FOR_ME else waiting_for_others(user)
    return Found(rows, order_of(query, SORTS, default="due"))


def case_of(row: Any) -> Case:
    """The case of a row: of a plan that waits, or of an answer."""
    return row.resolution.case if isinstance(row, Approval) else row


def _plan(row: Any) -> Resolution | None:
    return row.resolution if isinstance(row, Approval) else next(iter(row.plans_in_force), None)


def _of_plan(row: Any, name: str) -> Any:
    return getattr(_plan(row), name, None)


APPROVALS = DeskList(
    name="approvals",
    label=_("Approvals"),
    url_name="refunds:approval-list",
    permission=APPROVE,
    columns=[
        Column("number", _("Case"), lambda row: case_of(row).number),
        Column("customer", _("Customer"), lambda row: name_of(case_of(row).customer)),
        Column("plan", _("Plan"), lambda row: _of_plan(row, "get_kind_display")()),
        Column("proposed", _("Proposed by"), lambda row: name_of(_of_plan(row, "proposed_by"))),
        Column("due", _("Due"), lambda row: None if isinstance(row, Approval) else row.due_at),
        Column("answer", _("Answer"), lambda row: row.get_answer_display() if isinstance(row, Approval) else ""),
        Column("by", _("Decided by"), lambda row: name_of(row.by) if isinstance(row, Approval) else ""),
        Column("decided", _("Decided on"), lambda row: row.at if isinstance(row, Approval) else None),
        Column("refund", _("To refund"), lambda row: _of_plan(row, "total")),
        Column("currency", _("Currency"), lambda row: case_of(row).order.currency),
    ],
    find=find_approvals,
    ref=lambda row: case_of(row).number,
    zone=lambda row: case_of(row).shop.time_zone,
    shown=("number", "plan", "proposed", "due", "answer", "refund"),
    counts_views=False,
)
