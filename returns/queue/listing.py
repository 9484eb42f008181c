"""The queue as a list of the desk: its orders, and the columns of its export."""

from decimal import Decimal
from typing import Any

from django.contrib.auth.models import User
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from returns.models import Case
from returns.queue.filters import CaseFilter
from returns.queue.queries import cases_with_lines
from signoff.web.desk_lists import Column, DeskList, Found
from signoff.web.formatting import name_of
from signoff.web.keyset import Sort, order_of

OPENED, NUMBER, VALUE = Sort("opened_at", descending=True), Sort("number"), Sort("value", descending=True)
SORTS = {"opened": OPENED, "number": NUMBER, "value": VALUE}
#: only where every case waits for somebody: finished cases are not due, and no index orders them by it
SORTS_OF_WAITING = {"due": Sort("due_at"), **SORTS}


def find_cases(user: User, query: QueryDict) -> Found:
    """The cases that the queue shows to ``user`` at this address."""
    return found_by(CaseFilter(query, queryset=Case.objects.visible_to(user), user=user), query)


def found_by(chosen: CaseFilter, query: QueryDict) -> Found:
    """The cases of a filter, the earliest deadline first, or the newest where there are none."""
    rows = chosen.qs  # decides on ``sift``
    sorts = SORTS_OF_WAITING if chosen.waits else SORTS
    order = order_of(query, sorts, default="due" if chosen.waits else "-opened")
    return Found(rows, order, load=cases_with_lines, sift=chosen.sift)


def _article(case: Case) -> str:
    return ", ".join(line.order_line.title or line.order_line.sku for line in case.lines.all())


def _reasons(case: Case) -> str:
    return ", ".join(dict.fromkeys(line.reason.title for line in case.lines.all()))


def _name(somebody: Any) -> str:
    return name_of(somebody) if somebody else ""


def _value(case: Case) -> Decimal:
    return case.value


QUEUE = DeskList(
    name="cases",
    label=_("Case queue"),
    url_name="returns:case-list",
    permission="returns.view_case",
    columns=[
        Column("number", _("Case"), lambda case: case.number),
        Column("customer", _("Customer"), lambda case: _name(case.customer)),
        Column("item", _("Item"), _article),
        Column("reason", _("Reason"), _reasons),
        Column("status", _("Status"), lambda case: case.get_status_display()),
        Column("due", _("Time left"), lambda case: case.due_at),
        Column("value", _("Value"), _value, amounts=True),
        Column("currency", _("Currency"), lambda case: case.order.currency, amounts=True),
        Column("owner", _("Owner"), lambda case: _name(case.owner)),
        Column("opened", _("Opened"), lambda case: case.opened_at),
        Column("order", _("Order"), lambda case: case.order.number),
        Column("shop", _("Shop"), lambda case: case.shop.name),
        Column("language", _("Language"), lambda case: case.language),
    ],
    find=find_cases,
    ref=lambda case: case.number,
    zone=lambda case: case.shop.time_zone,
    shown=("number", "customer", "item", "status", "due", "value", "owner"),
)
