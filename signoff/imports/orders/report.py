"""Figures of what was read, the same for every format."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, tzinfo
from decimal import Decimal
from typing import Any

from signoff.imports.files.rejected import RejectedRow
from signoff.imports.orders.parsed import ParseResult, SentParcel


def collect_report(
    found: Iterator[ParseResult], report: dict[str, Any], *, zone: tzinfo = UTC
) -> Iterator[ParseResult]:
    """Pass everything on, and write its figures to ``report`` when it is exhausted. Days are those of ``zone``."""
    figures = _ReportBuilder(zone)
    for one in found:
        figures.add(one)
        yield one
    report |= figures.as_report()


class _ReportBuilder:
    def __init__(self, zone: tzinfo) -> None:
        self.zone = zone
        self.counts = Counter(dict.fromkeys(("orders", "lines", "units", "refused", "delivered", "late", "ratings"), 0))
        self.paid: defaultdict[str, Decimal] = defaultdict(Decimal)
        self.days: tuple[date, date] | None = None

    def add(self, one: ParseResult) -> None:
        if isinstance(one, RejectedRow):
            self.counts["refused"] += 1
            return
        self.counts["orders"] += 1
        self.counts["lines"] += len(one.items)
        self.counts["units"] += sum(item.quantity for item in one.items)
        self.counts["delivered"] += any(parcel.delivered_at for parcel in one.parcels)
        self.counts["late"] += any(map(self._is_late, one.parcels))
        self.counts["ratings"] += len(one.ratings)
        for payment in one.payments:
            self.paid[one.currency] += payment.amount
        day = one.placed_at.astimezone(self.zone).date()
        first, last = self.days or (day, day)
        self.days = min(first, day), max(last, day)

    def as_report(self) -> dict[str, Any]:
        return {
            **self.counts,
            "paid": {currency: str(amount) for currency, amount in sorted(self.paid.items())},
            "first_last": [day.isoformat() for day in self.days or ()],
        }

    def _is_late(self, parcel: SentParcel) -> bool:
        """By the calendar: on the promised day it is still in time."""
        if not parcel.delivered_at or not parcel.promised_on:
            return False
        return parcel.delivered_at.astimezone(self.zone).date() > parcel.promised_on
