"""Parcel exceptions as a list of the desk."""

from django.contrib.auth.models import User
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from signoff.models import ExceptionKind, ParcelException
from signoff.models.exceptions import SETTLED
from signoff.web.desk_lists import Column, DeskList, Found
from signoff.web.formatting import name_of
from signoff.web.keyset import Sort, order_of
from signoff.web.lists import choice_of

ALL = "all"


def tab_of(query: QueryDict) -> str:
    """The tab of the list."""
    return choice_of(query, "tab", (*ExceptionKind.values, SETTLED), default=ALL)


def find_exceptions(user: User, query: QueryDict) -> Found:
    """The parcel exceptions of one tab: open ones longest first, handled ones newest first."""
    tab = tab_of(query)
    rows = ParcelException.objects.search(query.get("q", "").strip()).tab(tab)
    order = order_of(query, {"found": Sort("found_at")}, default="-found" if tab == SETTLED else "found")
    return Found(rows, order, load=ParcelException.objects.for_list().with_other_kinds())


EXCEPTIONS = DeskList(
    name="parcels",
    label=_("Parcel exceptions"),
    url_name="signoff:parcel-list",
    permission="signoff.view_parcelexception",
    columns=[
        Column("parcel", _("Parcel"), lambda row: row.parcel.tracking_number),
        Column("carrier", _("Carrier"), lambda row: row.parcel.carrier),
        Column("exception", _("Exception"), lambda row: row.get_kind_display()),
        Column("since", _("Since"), lambda row: row.since),
        Column("found", _("Found"), lambda row: row.found_at),
        Column("order", _("Order"), lambda row: row.parcel.order.number),
        Column("customer", _("Customer"), lambda row: _customer(row)),
        Column("notified", _("Shopper notified"), lambda row: row.told_at),
        Column("handled", _("Handled"), lambda row: row.get_settled_as_display()),
    ],
    find=find_exceptions,
    ref=lambda row: f"{row.parcel.token}/{row.kind}",
    zone=lambda row: row.parcel.order.shop.time_zone,
)


def _customer(row: ParcelException) -> str:
    customer = row.parcel.order.customer
    return name_of(customer) if customer else ""
