"""Violations as a list of the desk."""

from django.contrib.auth.models import User
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from signoff.models import Violation
from signoff.web.desk_lists import Column, DeskList, Found
from signoff.web.formatting import name_of
from signoff.web.keyset import Sort, order_of
from signoff.web.lists import choice_of

Status = Violation.Status
SORTS = {"found": Sort("raised_at", descending=True), "penalty": Sort("penalty", descending=True)}


def status_of(query: QueryDict) -> str:
    """The status that the list shows."""
    return choice_of(query, "status", Status.values, default=Status.OPEN.value)


def find_violations(user: User, query: QueryDict) -> Found:
    """Violations of one status, the newest first."""
    rows = Violation.objects.filter(status=status_of(query))
    load = Violation.objects.select_related("rule__shop", "decided_by").defer("evidence")
    return Found(rows, order_of(query, SORTS, default="-found"), load=load)


VIOLATIONS = DeskList(
    name="violations",
    label=_("Violations"),
    url_name="signoff:violation-list",
    permission="signoff.view_violation",
    columns=[
        Column("group", _("Group"), lambda row: row.name),
        Column("rule", _("Rule"), lambda row: str(row.rule)),
        Column("first", _("First day"), lambda row: row.first_day),
        Column("last", _("Last day"), lambda row: row.last_day),
        Column("failed", _("With problems"), lambda row: row.failed),
        Column("parcels", _("Parcels"), lambda row: row.parcels),
        Column("found", _("Found"), lambda row: row.raised_at),
        Column("decided", _("Decided by"), lambda row: name_of(row.decided_by) if row.decided_by else ""),
        Column("penalty", _("Penalty"), lambda row: row.penalty),
        Column("currency", _("Currency"), lambda row: row.currency),
    ],
    find=find_violations,
    ref=lambda row: row.token,
    zone=lambda row: row.rule.shop.time_zone,
)
