"""Orders and order anomalies as lists of the desk."""

from django.contrib.auth.models import User
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from signoff.models import Order, OrderAnomaly
from signoff.orders.anomalies import anomaly_text
from signoff.orders.queries import matching_orders
from signoff.web.desk_lists import Column, DeskList, Found
from signoff.web.formatting import name_of
from signoff.web.keyset import Sort, order_of
from signoff.web.lists import choice_of

ALL, SETTLED = "all", "settled"


def find_orders(user: User, query: QueryDict) -> Found:
    """The orders that match ``q``, the newest first; all of them without words."""
    rows, sift = matching_orders(query.get("q", "").strip(), user=user)
    order = order_of(query, {"placed": Sort("placed_at", descending=True)}, default="-placed")
    return Found(rows, order, load=Order.objects.for_desk_list(), sift=sift)


def tab_of(query: QueryDict) -> str:
    """The tab of the list of anomalies."""
    return choice_of(query, "tab", (*OrderAnomaly.Kind.values, SETTLED), default=ALL)


def find_anomalies(user: User, query: QueryDict) -> Found:
    """The order anomalies of one tab, the newest first."""
    order = order_of(query, {"found": Sort("found_at", descending=True)}, default="-found")
    return Found(OrderAnomaly.objects.tab(tab_of(query)), order, load=OrderAnomaly.objects.for_list())


ORDERS = DeskList(
    name="orders",
    label=_("Orders"),
    url_name="signoff:order-list",
    permission="signoff.view_order",
    columns=[
        Column("number", _("Order"), lambda order: order.number),
        Column("customer", _("Customer"), lambda order: name_of(order.customer) if order.customer else ""),
        Column("items", _("Items"), lambda order: ", ".join(line.title or line.sku for line in order.lines.all())),
        Column("placed", _("Placed"), lambda order: order.placed_at),
        Column("paid", _("Paid"), lambda order: order.total, amounts=True),
        Column("currency", _("Currency"), lambda order: order.currency, amounts=True),
        Column("shop", _("Shop"), lambda order: order.shop.name),
    ],
    find=find_orders,
    ref=lambda order: order.token,
    zone=lambda order: order.shop.time_zone,
    shown=("number", "customer", "items", "placed", "paid"),
)
ANOMALIES = DeskList(
    name="anomalies",
    label=_("Order anomalies"),
    url_name="signoff:anomaly-list",
    permission="signoff.view_orderanomaly",
    columns=[
        Column("order", _("Order"), lambda row: row.order.number),
        Column("customer", _("Customer"), lambda row: name_of(row.order.customer) if row.order.customer else ""),
        Column("anomaly", _("Anomaly"), lambda row: row.get_kind_display()),
        Column("found", _("Found"), lambda row: row.found_at),
        Column("handled", _("Handled"), lambda row: row.settled_at),
        Column("details", _("Details"), lambda row: str(anomaly_text(row, with_amounts=True)), amounts=True),
    ],
    find=find_anomalies,
    ref=lambda row: f"{row.order.token}/{row.kind}",
    zone=lambda row: row.order.shop.time_zone,
)
