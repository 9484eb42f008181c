"""What is odd about an order on its arrival. What its source can never give is not missed."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from signoff.imports.orders.parsed import Address, SoldOrder
from signoff.imports.orders.rows import PreparedOrder
from signoff.models import OrderAnomaly

Kind = OrderAnomaly.Kind

ADDRESS_PARTS = ("name", "street", "city", "postcode", "country", "phone")
#: where letters go without a postcode (Universal Postal Union)
COUNTRIES_WITHOUT_POSTCODES = frozenset(
    """AE AG AN AO AW BF BI BJ BO BS BW BZ CD CF CG CI CK CM DJ DM ER FJ GD GH GM GN GQ GY HK IE JM KE KI KM KN KP LC
    ML MO MR MS MU MW NA NR NU PA QA RW SB SC SL SO SR ST SY TF TG TK TL TO TT TV UG VU YE ZA ZW""".split()  # noqa: SIM905
)


def find_anomalies(told: PreparedOrder, gives: Collection[str]) -> dict[str, dict[str, Any]]:
    """Kinds of anomalies with their facts; nothing is odd about an order that the shop has cancelled."""
    if told.order.cancelled:
        return {}
    found = {
        Kind.ADDRESS: _missing_address_parts(told.order, gives),
        Kind.UNPAID: _unpaid_amounts(told),
        Kind.TOTALS: _different_totals(told),
        Kind.ARTICLE: _lines_without_sku(told, gives),
    }
    return {kind.value: facts for kind, facts in found.items() if facts}


def _missing_address_parts(order: SoldOrder, gives: Collection[str]) -> dict[str, Any]:
    """Goods that nobody sends (vouchers, pick-up) have no address at all, and no shipping."""
    address = order.buyer.address or Address()
    given = [part for part in ADDRESS_PARTS if part in gives]
    absent = [part for part in given if not getattr(address, part) and not (part == "name" and address.company)]
    if "postcode" in absent and address.country in COUNTRIES_WITHOUT_POSTCODES:
        absent.remove("postcode")
    if len(absent) == len(given) and not order.shipping and not order.parcels:
        return {}
    return {"missing": absent} if absent else {}


def _unpaid_amounts(told: PreparedOrder) -> dict[str, Any]:
    return {"paid": str(told.paid), "total": str(told.total)} if told.paid < told.total else {}


def _different_totals(told: PreparedOrder) -> dict[str, Any]:
    """By the total that the file states; where it states none, by what was paid too much."""
    stated = told.order.total
    if stated is None:
        return {"paid": str(told.paid), "total": str(told.total)} if told.paid > told.total else {}
    return {"stated": str(stated), "total": str(told.total)} if Decimal(stated) != told.total else {}


def _lines_without_sku(told: PreparedOrder, gives: Collection[str]) -> dict[str, Any]:
    if "article" not in gives:
        return {}
    lines = [place for place, item in enumerate(told.order.items, start=1) if item.is_goods and not item.sku]
    return {"lines": lines} if lines else {}


def insert_anomalies(found: Sequence[tuple[int, PreparedOrder]], gives: Collection[str], *, now: datetime) -> int:
    """Put the oddities of new orders (by key) into the queue; returns how many."""
    rows = list(_rows(found, gives, now))
    OrderAnomaly.objects.bulk_create(rows)
    return len(rows)


def update_anomalies(found: Sequence[tuple[int, PreparedOrder]], gives: Collection[str], *, now: datetime) -> int:
    """The same of orders that have changed: what is right now is settled, what somebody has looked at stays settled."""
    rows = {(row.order_id, row.kind): row for row in _rows(found, gives, now)}
    here = {(row.order_id, row.kind): row for row in OrderAnomaly.objects.filter(order__in=[key for key, _ in found])}
    for place, row in here.items():
        if row.settled_at is None:
            if place in rows:
                row.facts = rows[place].facts
            else:
                row.settled_at = now
    OrderAnomaly.objects.bulk_update(here.values(), ["facts", "settled_at"], batch_size=500)
    new = [row for place, row in rows.items() if place not in here]
    OrderAnomaly.objects.bulk_create(new)
    return len(new)


def _rows(found: Sequence[tuple[int, PreparedOrder]], gives: Collection[str], now: datetime) -> Iterator[OrderAnomaly]:
    for key, told in found:
        for kind, facts in find_anomalies(told, gives).items():
            yield OrderAnomaly(order_id=key, kind=kind, facts=facts, found_at=now)
