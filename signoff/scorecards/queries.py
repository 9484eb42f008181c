"""Queries behind scorecards: one SQL statement over the parcels sent to shoppers within a span of days.

Sign-offs in force, carriers' reports and ratings are joined to those parcels only, so the cost depends on the span and
not on the shop's past. Spellings of a name are merged afterwards (``signoff.scorecards.rules``).
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from signoff.models import Failing, Parcel, Rating, Shop, Subject
from signoff.scorecards.rules import Card, Tally, cards, fold, kinds_of
from signoff.scorecards.sql import failings_sql, goods_sql, parcel_keys_sql, tallies_sql
from signoff.web.keyset import Sift

VALUE = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True)
class Span:
    """Days in the shop's calendar, both included; promises are judged as of ``today``."""

    shop: Shop
    first: date
    last: date
    today: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.shop.time_zone)

    @property
    def start(self) -> datetime:
        return datetime.combine(self.first, time(), self.zone)

    @property
    def end(self) -> datetime:
        return datetime.combine(self.last + timedelta(days=1), time(), self.zone)


def span_of(shop: Shop, days: int, *, now: datetime | None = None) -> Span:
    """The last ``days`` whole days of the shop's calendar."""
    today = (now or timezone.now()).astimezone(ZoneInfo(shop.time_zone)).date()
    return Span(shop, today - timedelta(days=days), today - timedelta(days=1), today)


def scorecards(span: Span, subject: str) -> list[Card]:
    """A card for each name, most parcels first."""
    return cards(tallies_by_name(span, subject))


def tallies_by_name(span: Span, subject: str) -> list[tuple[str, Tally]]:
    """The tally of each name as it is written in the rows."""
    return [(row[0], _tally(row[1:])) for row in _fetch_tallies(span, subject, ["name"])]


def tallies_by_name_and_period(span: Span, subject: str, *, days: int) -> list[tuple[str, int, Tally]]:
    """The tally of each name in each period of ``days`` days: name, place of the period from 0, tally."""
    rows = _fetch_tallies(span, subject, ["name", "stretch"], days=days)
    return [(row[0], row[1], _tally(row[2:])) for row in rows]


def find_card(cards: Sequence[Card], name: str) -> Card | None:
    """The card of ``name`` in any spelling."""
    return next((card for card in cards if fold(card.name) == fold(name)), None)


def tallies_by_period(span: Span, subject: str, spellings: Collection[str], *, days: int) -> dict[date, Tally]:
    """Tallies of one name by the first day of each period of ``days`` days, without gaps."""
    rows = _fetch_tallies(span, subject, ["stretch"], spellings=spellings, days=days)
    tallies = {row[0]: _tally(row[1:]) for row in rows}
    offsets = range(0, span.days, days)
    return {span.first + timedelta(days=offset): tallies.get(place, Tally()) for place, offset in enumerate(offsets)}


def parcels_of(
    span: Span, subject: str, spellings: Collection[str], failing: str = "", *, failed: bool
) -> QuerySet[Parcel]:
    """Parcels behind a number of a card: all counted for ``failing``, or those that failed.

    Without ``failing``: all parcels, or those with any failure.
    """
    sql, named = parcel_keys_sql(subject, failing, failed=failed), _values(span, subject, spellings)
    parcel_ids = RawSQL(VALUE.sub("%s", sql), [named[name] for name in VALUE.findall(sql)])  # noqa: S611 - our own text
    return Parcel.objects.filter(pk__in=parcel_ids)


def parcels_through(
    span: Span, subject: str, spellings: Collection[str], failing: str = "", *, failed: bool
) -> tuple[QuerySet[Parcel], Sift]:
    """``parcels_of`` for many parcels: those of the span by an index, and the condition that a page looks through."""

    def sift(parcels: QuerySet[Parcel]) -> QuerySet[Parcel]:
        keys = list(parcels.order_by().values_list("pk", flat=True))
        sql = parcel_keys_sql(subject, failing, failed=failed, only="p.id = ANY(%(keys)s)")
        named = _values(span, subject, spellings) | {"keys": keys}
        found = RawSQL(VALUE.sub("%s", sql), [named[name] for name in VALUE.findall(sql)])  # noqa: S611 - our own text
        return Parcel.objects.filter(pk__in=found)

    return _sent(span), sift


def rated_parcels_through(span: Span, subject: str, spellings: Collection[str]) -> tuple[QuerySet[Parcel], Sift]:
    """``rated_parcels`` for many parcels, as ``parcels_through``."""
    sent, of_name = parcels_through(span, subject, spellings, failed=False)
    return sent, lambda parcels: of_name(parcels).filter(_rated(subject))


def _sent(span: Span) -> QuerySet[Parcel]:
    return Parcel.objects.filter(order__shop=span.shop, shipped_at__gte=span.start, shipped_at__lt=span.end)


def rated_parcels(span: Span, subject: str, spellings: Collection[str]) -> QuerySet[Parcel]:
    """Parcels with a rating of their own or of their order."""
    return parcels_of(span, subject, spellings, failed=False).filter(_rated(subject))


def _rated(subject: str) -> Q:
    about = Rating.objects.filter(about=_about(subject))
    of_order = about.filter(parcel=None, order=OuterRef("order"))
    return Q(Exists(about.filter(parcel=OuterRef("pk")))) | Q(Exists(of_order))


def failings_of(span: Span, subject: str, spellings: Collection[str], keys: Collection[int]) -> dict[int, list[str]]:
    """Failures of a few parcels, by primary key."""
    with connection.cursor() as cursor:
        cursor.execute(failings_sql(subject), {**_values(span, subject, spellings), "keys": list(keys)})
        rows = cursor.fetchall()
    return {key: [name for name, so in zip(Failing.values, failed, strict=True) if so] for key, *failed in rows}


def goods_values(span: Span, subject: str, spellings: Collection[str], failing: str) -> dict[str, Fraction]:
    """Failed parcel's token → value of its goods in the shop's currency; orders in other currencies are left out.

    Of a supplier only its own goods. Exact: a unit of a line costs a fraction of the line.
    """
    with connection.cursor() as cursor:
        cursor.execute(goods_sql(subject, failing), _values(span, subject, spellings))
        rows: list[tuple[str, Decimal, int, int]] = cursor.fetchall()
    values: dict[str, Fraction] = {}
    for token, gross, units, quantity in rows:
        values[token] = values.get(token, Fraction(0)) + Fraction(gross) * units / quantity
    return values


def goods_value(span: Span, subject: str, spellings: Collection[str], failing: str) -> Fraction:
    """The sum of ``goods_values``."""
    return sum(goods_values(span, subject, spellings, failing).values(), Fraction(0))


def _fetch_tallies(span: Span, subject: str, by: Sequence[str], **options: Any) -> list[tuple[Any, ...]]:
    spellings = options.get("spellings")
    with connection.cursor() as cursor:
        cursor.execute(
            tallies_sql(subject, by, named=spellings is not None),
            _values(span, subject, spellings or (), days=options.get("days", span.days)),
        )
        return cursor.fetchall()


def _tally(row: Sequence[int]) -> Tally:
    parcels, rated, stars, *counts = row
    counted, failed = (dict(zip(Failing.values, numbers, strict=True)) for numbers in (counts[::2], counts[1::2]))
    return Tally(parcels, counted, failed, rated, stars)


def _values(span: Span, subject: str, spellings: Collection[str], *, days: int = 1) -> dict[str, Any]:
    return {
        "shop": span.shop.pk,
        "currency": span.shop.currency,
        "zone": span.shop.time_zone,
        "start": span.start,
        "end": span.end,
        "first": span.first,
        "today": span.today,
        "days": days,
        "spellings": list(spellings),
        "about": _about(subject),
        **{failing.value: list(kinds_of(failing, subject)) for failing in Failing},
    }


def _about(subject: str) -> str:
    """Carriers have ratings of their own; all others are judged by the shop's."""
    return Rating.About.CARRIER if subject == Subject.CARRIER else Rating.About.SHOP
