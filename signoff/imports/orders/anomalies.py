"""Finds order anomalies during an import: incomplete address, nobody to write to, unpaid, totals that differ, no SKU.

What the format never provides is not reported as missing.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from signoff.imports.files.contacts import read_emails
from signoff.imports.orders.parsed import Address, SoldOrder
from signoff.imports.orders.rows import PreparedOrder
from signoff.models import OrderAnomaly

Kind = OrderAnomaly.Kind

#: found when money is compared, not when a file is read
FOUND_BY_MONEY = (Kind.REFUNDED, Kind.OVERPAID)
ADDRESS_PARTS = ("name", "street", "city", "postcode", "country", "phone")
#: countries without postcodes (Universal Postal Union)
COUNTRIES_WITHOUT_POSTCODES = frozenset(
    """AE AG AN AO AW BF BI BJ BO BS BW BZ CD CF CG CI CK CM DJ DM ER FJ GD GH GM GN GQ GY HK IE JM KE KI KM KN KP LC
    ML MO MR MS MU MW NA NR NU PA QA RW SB SC SL SO SR ST SY TF TG TK TL TO TT TV UG VU YE ZA ZW""".split()  # noqa: SIM905
)


def find_anomalies(prepared: PreparedOrder, provides: Collection[str]) -> dict[str, dict[str, Any]]:
    """Facts of each anomaly by its kind; a cancelled order has none."""
    if prepared.order.cancelled:
        return {}
    anomalies = {
        Kind.ADDRESS: _missing_address_parts(prepared.order, provides),
        Kind.CONTACT: _missing_email(prepared.order, provides),
        Kind.EMAIL: _unclear_email(prepared.order),
        Kind.UNPAID: _unpaid_amounts(prepared),
        Kind.TOTALS: _different_totals(prepared),
        Kind.ARTICLE: _lines_without_sku(prepared, provides),
    }
    return {kind.value: facts for kind, facts in anomalies.items() if facts}


def _missing_address_parts(order: SoldOrder, provides: Collection[str]) -> dict[str, Any]:
    """Missing parts of the address; none for vouchers and pick-up, which have neither address nor shipping."""
    address = order.buyer.address or Address()
    provided = [part for part in ADDRESS_PARTS if part in provides]
    absent = [part for part in provided if not getattr(address, part) and not (part == "name" and address.company)]
    if "postcode" in absent and address.country in COUNTRIES_WITHOUT_POSTCODES:
        absent.remove("postcode")
    if len(absent) == len(provided) and not order.shipping and not order.parcels:
        return {}
    return {"missing": absent} if absent else {}


def _missing_email(order: SoldOrder, provides: Collection[str]) -> dict[str, Any]:
    """Nobody can be written to: no address, or none that can be used."""
    if "email" not in provides or read_emails(order.buyer.email).address:
        return {}
    return {"email": "unusable" if order.buyer.email else "missing", "phone": bool(order.buyer.phone)}


def _unclear_email(order: SoldOrder) -> dict[str, Any]:
    """Something else beside the address that was taken; a name that is the buyer's is not missed."""
    emails = read_emails(order.buyer.email)
    return {"email": "more"} if emails.address and emails.has_more and not _is_own_name(order) else {}


def _is_own_name(order: SoldOrder) -> bool:
    """Whether what is beside the address is only the buyer's name."""
    address = read_emails(order.buyer.email).address
    beside = set(re.findall(r"\w+", order.buyer.email.replace(address, "").casefold()))
    return beside <= set(re.findall(r"\w+", order.buyer.name.casefold()))


def _unpaid_amounts(prepared: PreparedOrder) -> dict[str, Any]:
    """What is missing; of an order that is paid on delivery nothing is."""
    if prepared.order.on_delivery:
        return {}
    return {"paid": str(prepared.paid), "total": str(prepared.total)} if prepared.paid < prepared.total else {}


def _different_totals(prepared: PreparedOrder) -> dict[str, Any]:
    """Compare with the total that the file states; without one, report what was paid too much."""
    stated = prepared.order.total
    if stated is None:
        return {"paid": str(prepared.paid), "total": str(prepared.total)} if prepared.paid > prepared.total else {}
    return {"stated": str(stated), "total": str(prepared.total)} if Decimal(stated) != prepared.total else {}


def _lines_without_sku(prepared: PreparedOrder, provides: Collection[str]) -> dict[str, Any]:
    """Positions of the lines; an order in which no line has a SKU is one remark."""
    if "article" not in provides:
        return {}
    goods = [(place, item) for place, item in enumerate(prepared.order.items, start=1) if item.is_goods]
    lines = [place for place, item in goods if not item.sku]
    if len(lines) == len(goods) > 1:
        return {"lines": [], "all": True}
    return {"lines": lines} if lines else {}


def insert_anomalies(orders: Sequence[tuple[int, PreparedOrder]], provides: Collection[str], *, now: datetime) -> int:
    """Insert the anomalies of new orders, given as pairs of primary key and order; returns their number."""
    rows = list(_rows(orders, provides, now))
    OrderAnomaly.objects.bulk_create(rows)
    return len(rows)


def update_anomalies(orders: Sequence[tuple[int, PreparedOrder]], provides: Collection[str], *, now: datetime) -> int:
    """The same for changed orders; marks anomalies as handled that are corrected, and never reopens handled ones."""
    rows = {(row.order_id, row.kind): row for row in _rows(orders, provides, now)}
    found_by_import = OrderAnomaly.objects.exclude(kind__in=FOUND_BY_MONEY)
    existing = {(row.order_id, row.kind): row for row in found_by_import.filter(order__in=[key for key, _ in orders])}
    for key, row in existing.items():
        if row.settled_at is None:
            if key in rows:
                row.facts = rows[key].facts
            else:
                row.settled_at = now
    OrderAnomaly.objects.bulk_update(existing.values(), ["facts", "settled_at"], batch_size=500)
    new = [row for key, row in rows.items() if key not in existing]
    OrderAnomaly.objects.bulk_create(new)
    return len(new)


def _rows(
    orders: Sequence[tuple[int, PreparedOrder]], provides: Collection[str], now: datetime
) -> Iterator[OrderAnomaly]:
    for key, prepared in orders:
        for kind, facts in find_anomalies(prepared, provides).items():
            yield OrderAnomaly(order_id=key, kind=kind, facts=facts, found_at=now)
