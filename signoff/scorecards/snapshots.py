"""Counts of many parcels, made once a day: a page shows them in milliseconds and says when they were counted.

A shop with fewer parcels is counted at each request, so that its figures are never behind.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from signoff.models import Parcel, ScoreSnapshot, Shop, Subject
from signoff.scorecards.queries import (
    Span,
    scorecards,
    span_of,
    tallies_by_name,
    tallies_by_name_and_period,
    tallies_by_period,
)
from signoff.scorecards.rules import SPANS, Card, Tally, cards

MANY = 20_000  # parcels of a shop's longest span that a request counts by itself
BEHIND = timedelta(days=1)  # a snapshot is shown until the next one is made, shortly after the shop's midnight


@dataclass(frozen=True)
class Counted:
    """The cards of ``span``; ``snapshot`` is where they were stored, None where they have been counted just now."""

    span: Span
    subject: str
    cards: list[Card]
    snapshot: ScoreSnapshot | None = None

    def periods(self, card: Card) -> dict[date, Tally]:
        """Tallies of a card by the first day of each period, without ratings."""
        days = SPANS[self.span.days]
        if self.snapshot is None:
            return tallies_by_period(self.span, self.subject, card.spellings, days=days)
        sums = dict.fromkeys(range(0, self.span.days, days), Tally())
        for name, place, *counts in self.snapshot.periods:
            if name in card.spellings:
                sums[place * days] += _tally(counts)
        return {self.span.first + timedelta(days=offset): tally for offset, tally in sums.items()}


def count_cards(span: Span, subject: str) -> Counted:
    """The cards of a span: from its snapshot if there is one, else counted now."""
    snapshot = ScoreSnapshot.objects.filter(
        shop=span.shop, subject=subject, days=span.days, first_day__gte=span.first - BEHIND
    ).first()
    if snapshot is None:
        return Counted(span, subject, scorecards(span, subject))
    stored = Span(
        span.shop, snapshot.first_day, snapshot.first_day + timedelta(days=span.days - 1), snapshot.counted_for
    )
    found = [(name, _tally(counts)) for name, *counts in snapshot.cards]
    return Counted(stored, subject, cards(found), snapshot)


def make_snapshots(now: datetime | None = None, *, many: int = MANY) -> int:
    """Count again what has not been counted since the shop's last midnight; returns the number of new snapshots.

    Each is a transaction of its own. Shops that have no longer more than ``many`` parcels lose theirs.
    """
    now = now or timezone.now()
    made = 0
    for shop in Shop.objects.order_by("pk"):
        if _has_many(span_of(shop, max(SPANS), now=now), many):
            made += sum(_make(span_of(shop, days, now=now), subject, now) for days in SPANS for subject in Subject)
        else:
            ScoreSnapshot.objects.filter(shop=shop).delete()
    return made


def _has_many(span: Span, many: int) -> bool:
    sent = Parcel.objects.filter(order__shop=span.shop, shipped_at__gte=span.start, shipped_at__lt=span.end)
    return len(sent.order_by().values_list("pk", flat=True)[: many + 1]) > many


@transaction.atomic
def _make(span: Span, subject: str, now: datetime) -> bool:
    key: dict[str, Any] = {"shop": span.shop, "subject": subject, "days": span.days}
    if ScoreSnapshot.objects.filter(**key, first_day=span.first).exists():
        return False
    by_name = [[name, *_numbers(tally)] for name, tally in tallies_by_name(span, subject)]
    by_period = tallies_by_name_and_period(span, subject, days=SPANS[span.days])
    values = {
        "first_day": span.first,
        "counted_for": span.today,
        "counted_at": now,
        "cards": by_name,
        "periods": [[name, place, *_numbers(tally)] for name, place, tally in by_period],
    }
    ScoreSnapshot.objects.update_or_create(**key, defaults=values)
    return True


def _numbers(tally: Tally) -> list[Any]:
    return [tally.parcels, tally.rated, tally.stars, tally.counted, tally.failed]


def _tally(numbers: Iterable[Any]) -> Tally:
    parcels, rated, stars, counted, failed = numbers
    return Tally(parcels, counted, failed, rated, stars)
