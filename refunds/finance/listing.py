"""Refunds as a list of the desk."""

from django.contrib.auth.models import User
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from refunds.finance.filters import RefundFilter
from refunds.finance.queries import TABS, refunds_with_cases, state_of
from refunds.models import Refund
from refunds.ways.text import way_label
from signoff.web.desk_lists import Column, DeskList, Found
from signoff.web.formatting import name_of
from signoff.web.keyset import Sort, order_of

SORTS = {"due": Sort("due_at"), "amount": Sort("amount", descending=True)}


def find_refunds(user: User, query: QueryDict) -> Found:
    """The refunds of one tab; the first tab with open work if none is chosen."""
    return refunds_by(RefundFilter(query, queryset=Refund.objects.all()), query)


def refunds_by(chosen: RefundFilter, query: QueryDict) -> Found:
    """The refunds of a filter: paid ones newest first, the others longest due first."""
    order = order_of(query, SORTS, default="-due" if chosen.chosen_tab == "paid" else "due")
    return Found(chosen.qs.filter(TABS[chosen.chosen_tab]), order, load=refunds_with_cases())


REFUNDS = DeskList(
    name="refunds",
    label=_("Refunds"),
    url_name="refunds:refund-list",
    permission="refunds.view_refund",
    columns=[
        Column("case", _("Case"), lambda refund: refund.case.number),
        Column("order", _("Order"), lambda refund: refund.case.order.number),
        Column("customer", _("Customer"), lambda refund: _customer(refund)),
        Column("status", _("Status"), lambda refund: str(state_of(refund))),
        Column("way", _("Refund method"), lambda refund: str(way_label(refund.gateway, refund.payment))),
        Column("amount", _("Amount"), lambda refund: refund.amount),
        Column("currency", _("Currency"), lambda refund: refund.currency),
        Column("reference", _("Reference"), lambda refund: refund.provider_reference),
        Column("due", _("Due"), lambda refund: refund.due_at),
        Column("paid", _("Paid"), lambda refund: refund.paid_at),
    ],
    find=find_refunds,
    ref=lambda refund: refund.token,
    zone=lambda refund: refund.case.shop.time_zone,
)


def _customer(refund: Refund) -> str:
    return name_of(refund.case.customer) if refund.case.customer else ""
