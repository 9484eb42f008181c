"""Counts of many parcels that are made once a day: the same figures as counted at once, and when they were counted."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from signoff.models import Parcel, ScoreSnapshot, Shop, Subject
from signoff.scorecards.queries import scorecards, span_of, tallies_by_period
from signoff.scorecards.rules import SPANS, Tally
from signoff.scorecards.snapshots import count_cards, make_snapshots
from tests.factories import (
    DiscrepancyFactory,
    OrderFactory,
    ParcelFactory,
    RatingFactory,
    ShopFactory,
    SignOffFactory,
    SignOffLineFactory,
    TrackingEventFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 31, 9, tzinfo=UTC)
ALL = len(SPANS) * len(Subject)


@pytest.fixture
def shop() -> Shop:
    return ShopFactory(time_zone="Asia/Shanghai")


def parcel(shop: Shop, *, days_ago: int, now: datetime = NOW, **options: Any) -> Parcel:
    facts = {"shipped_at": now - timedelta(days=days_ago), "carrier": "DHL", "seller": "Loom"}
    return ParcelFactory(order=OrderFactory(shop=shop), **facts | options)


def make_mixture(shop: Shop, now: datetime = NOW) -> None:
    """Late, damaged, lost, rated and in two spellings, over two months."""
    parcel(shop, days_ago=40, now=now, promised_on=date(2026, 2, 1))
    parcel(shop, days_ago=20, now=now, carrier="dhl", promised_on=(now - timedelta(days=18)).date())
    signed = parcel(shop, days_ago=12, now=now)
    said = SignOffFactory(order=signed.order, parcel=signed)
    DiscrepancyFactory(line=SignOffLineFactory(sign_off=said, order_line=signed.order.lines.first()), kind="damaged")
    TrackingEventFactory(parcel=parcel(shop, days_ago=9, now=now, carrier="SF"), harm="lost")
    RatingFactory(order=signed.order, parcel=signed, about="carrier", stars=2)
    RatingFactory(order=signed.order, parcel=None, about="shop", stars=4)


def on_time(periods: dict[date, Tally]) -> dict[date, tuple[int, int, int]]:
    """What the line of a page is drawn from."""
    return {
        day: (tally.parcels, tally.counted.get("late", 0), tally.failed.get("late", 0))
        for day, tally in periods.items()
    }


def test_a_snapshot_has_the_figures_that_counting_at_once_has(shop: Shop) -> None:
    make_mixture(shop)
    assert make_snapshots(NOW, many=1) == ALL
    for days in SPANS:
        span = span_of(shop, days, now=NOW)
        for subject in Subject:
            counted = count_cards(span, subject)
            live = scorecards(span, subject)
            assert counted.snapshot is not None
            assert (counted.span, counted.cards) == (span, live)
            for card in live:
                periods = tallies_by_period(span, subject, card.spellings, days=SPANS[days])
                assert on_time(counted.periods(card)) == on_time(periods)


def test_it_is_made_once_a_day_and_shown_until_the_next_one(shop: Shop) -> None:
    make_mixture(shop)
    assert (make_snapshots(NOW, many=1), make_snapshots(NOW + timedelta(hours=6), many=1)) == (ALL, 0)
    tomorrow = NOW + timedelta(days=1)
    assert count_cards(span_of(shop, 30, now=tomorrow), Subject.CARRIER).span == span_of(shop, 30, now=NOW)
    assert make_snapshots(tomorrow, many=1) == ALL
    assert count_cards(span_of(shop, 30, now=tomorrow), Subject.CARRIER).span == span_of(shop, 30, now=tomorrow)
    assert ScoreSnapshot.objects.count() == ALL


def test_an_old_one_is_not_shown(shop: Shop) -> None:
    make_mixture(shop)
    make_snapshots(NOW, many=1)
    assert count_cards(span_of(shop, 30, now=NOW + timedelta(days=2)), Subject.CARRIER).snapshot is None


def test_few_parcels_are_counted_at_once(shop: Shop) -> None:
    make_mixture(shop)
    make_snapshots(NOW, many=1)
    assert make_snapshots(NOW, many=4) == 0
    assert ScoreSnapshot.objects.count() == 0


def test_the_pages_say_when_it_was_counted_and_list_the_parcels(client: Client) -> None:
    shop, now = ShopFactory(slug="lamps", time_zone="Asia/Shanghai"), timezone.now()
    make_mixture(shop, now)
    client.force_login(UserFactory(role="manager"))
    scope = {"shop": "lamps", "days": "30"}
    pages = ["/desk/scorecards/", "/desk/scorecards/carrier/DHL/"]
    queries = [("", ""), ("damaged", "failed"), ("late", "counted"), ("stars", "")]

    def rows(failing: str, which: str) -> list[int]:
        answer = client.get(pages[1], scope | {"failing": failing, "which": which})
        return [found.pk for found in answer.context["page"].rows]

    before = [rows(*query) for query in queries]
    assert "Last count" not in "".join(client.get(page, scope).text for page in pages)
    assert make_snapshots(now, many=1) == ALL
    assert all("they are counted once a day. Last count" in client.get(page, scope).text for page in pages)
    assert [rows(*query) for query in queries] == before
    assert [len(found) for found in before[:2]] == [2, 1]
