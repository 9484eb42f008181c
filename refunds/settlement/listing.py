"""Shipments as a list of the desk: to be sent, and sent."""

from django.contrib.auth.models import User
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from refunds.models import Replacement
from refunds.settlement.queries import replacements_with_cases
from signoff.web.desk_lists import Column, DeskList, Found
from signoff.web.formatting import name_of
from signoff.web.keyset import Sort, order_of

SENT = "sent"


def shows_sent(query: QueryDict) -> bool:
    """Whether the list shows what was sent."""
    return query.get("tab") == SENT


def find_shipments(user: User, query: QueryDict) -> Found:
    """Shipments to send, the longest waiting first; or those sent, the newest first."""
    load = replacements_with_cases()
    if shows_sent(query):
        order = order_of(query, {"sent": Sort("sent_at", descending=True)}, default="-sent")
        return Found(Replacement.objects.filter(sent_at__isnull=False), order, load=load)
    return Found(Replacement.objects.owed(), order_of(query, {"owed": Sort("owed_at")}, default="owed"), load=load)


def _customer(row: Replacement) -> str:
    return name_of(row.case.customer) if row.case.customer else ""


SHIPMENTS = DeskList(
    name="shipments",
    label=_("Shipments"),
    url_name="refunds:replacement-list",
    permission="refunds.send_replacement",
    columns=[
        Column("case", _("Case"), lambda row: row.case.number),
        Column("kind", pgettext_lazy("shipment", "Kind"), lambda row: row.get_kind_display()),
        Column("item", _("Item"), lambda row: row.name),
        Column("sku", _("SKU"), lambda row: row.sku),
        Column("quantity", _("Quantity"), lambda row: row.quantity),
        Column("customer", _("Customer"), _customer),
        Column("owed", _("To be sent since"), lambda row: row.owed_at),
        Column("carrier", _("Carrier"), lambda row: row.parcel.carrier if row.parcel else ""),
        Column("tracking", _("Tracking number"), lambda row: row.parcel.tracking_number if row.parcel else ""),
        Column("sent", _("Sent"), lambda row: row.sent_at),
    ],
    find=find_shipments,
    ref=lambda row: str(row.pk),
    zone=lambda row: row.case.shop.time_zone,
)
