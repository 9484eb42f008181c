"""Scorecards: figures by hand on a small set, and any set of parcels counted again in plain Python."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from signoff.models import Failing, Parcel, Shop, Subject
from signoff.scorecards.queries import Span, find_card, goods_value, parcels_of, scorecards, span_of, tallies_by_period
from signoff.scorecards.rules import Tally
from tests.factories import (
    DiscrepancyFactory,
    OrderFactory,
    OrderLineFactory,
    ParcelExceptionFactory,
    ParcelFactory,
    ParcelLineFactory,
    RatingFactory,
    ShopFactory,
    SignOffFactory,
    SignOffLineFactory,
    TrackingEventFactory,
)

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 31)
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.fixture
def shop() -> Shop:
    return ShopFactory(time_zone="Asia/Shanghai")


def march(shop: Shop) -> Span:
    return span_of(shop, 30, now=datetime(2026, 3, 31, 9, tzinfo=UTC))


def parcel(shop: Shop, **options: Any) -> Parcel:
    return ParcelFactory(order=OrderFactory(shop=shop), **{"shipped_at": NOON, "carrier": "DHL"} | options)


def signed(sent: Parcel, *kinds: str, **options: Any) -> Any:
    said = SignOffFactory(order=sent.order, parcel=sent, **options)
    line = SignOffLineFactory(sign_off=said, order_line=sent.order.lines.first())
    for kind in kinds:
        DiscrepancyFactory(line=line, kind=kind)
    return said


def tally(shop: Shop, name: str = "DHL", subject: str = Subject.CARRIER) -> Tally:
    found = find_card(scorecards(march(shop), subject), name)
    assert found is not None
    return found.tally


def test_thirty_days_end_yesterday_by_the_shops_calendar(shop: Shop) -> None:
    late_evening = datetime(2026, 3, 31, 17, tzinfo=UTC)  # the first of April in Shanghai
    assert span_of(shop, 30, now=late_evening) == Span(shop, date(2026, 3, 2), date(2026, 3, 31), date(2026, 4, 1))


def test_on_time_is_judged_by_the_shops_day_and_only_where_it_is_known(shop: Shop) -> None:
    promised = date(2026, 3, 12)
    before_midnight, after = datetime(2026, 3, 12, 15, 59, tzinfo=UTC), datetime(2026, 3, 12, 16, tzinfo=UTC)
    parcel(shop, promised_on=promised, delivered_at=before_midnight)
    late = parcel(shop, promised_on=promised, delivered_at=after)
    overdue = parcel(shop, promised_on=TODAY - timedelta(days=1))
    parcel(shop, promised_on=TODAY)  # not late yet, and not here either
    parcel(shop, delivered_at=after)  # nothing was promised
    assert (tally(shop).counted["late"], tally(shop).failed["late"]) == (3, 2)
    found = parcels_of(march(shop), Subject.CARRIER, ["DHL"], "late", failed=True)
    assert set(found) == {late, overdue}


def test_a_sign_off_says_what_was_inside(shop: Shop) -> None:
    signed(parcel(shop))
    signed(parcel(shop), "missing")
    signed(parcel(shop), "damaged", "wrong_item")
    signed(parcel(shop), "defective")
    parcel(shop, delivered_at=NOON)
    counted = tally(shop)
    assert counted.parcels == 5
    assert {failing: counted.counted[failing] for failing in ("damaged", "wrong", "incomplete")} == {
        "damaged": 4,
        "wrong": 4,
        "incomplete": 4,
    }
    assert counted.failed == {"late": 0, "damaged": 1, "wrong": 1, "incomplete": 1, "lost": 0}


def test_a_corrected_sign_off_says_nothing_any_more(shop: Shop) -> None:
    sent = parcel(shop)
    first = signed(sent, "damaged")
    SignOffFactory(order=sent.order, parcel=sent, corrects=first)
    assert (tally(shop).counted["damaged"], tally(shop).failed["damaged"]) == (1, 0)


def test_carriers_reports_count_without_a_signature(shop: Shop) -> None:
    TrackingEventFactory(parcel=parcel(shop), code="exception", harm="damaged")
    TrackingEventFactory(parcel=parcel(shop), code="exception", harm="lost")
    TrackingEventFactory(parcel=parcel(shop, delivered_at=NOON), code="exception", harm="lost")  # found again
    ParcelExceptionFactory(parcel=parcel(shop), kind="lost")
    cleared = parcel(shop)
    TrackingEventFactory(parcel=cleared, code="exception", harm="lost")
    ParcelExceptionFactory(parcel=cleared, kind="lost", settled_at=NOON, settled_as="mistaken")
    ParcelExceptionFactory(parcel=parcel(shop), kind="returned")
    counted = tally(shop)
    assert (counted.counted["damaged"], counted.failed["damaged"]) == (1, 1)
    assert (counted.counted["lost"], counted.failed["lost"]) == (4, 2)


def test_what_comes_back_what_others_sent_and_what_was_sent_at_other_times_is_not_counted(shop: Shop) -> None:
    parcel(shop)
    parcel(shop, direction="return")
    parcel(shop, shipped_at=None)
    parcel(shop, shipped_at=datetime(2026, 2, 28, 15, tzinfo=UTC))
    parcel(shop, shipped_at=datetime(2026, 3, 30, 17, tzinfo=UTC))  # today in Shanghai
    parcel(ShopFactory(slug="other"))
    assert tally(shop).parcels == 1


def test_spellings_are_one_card_and_the_nameless_have_none(shop: Shop) -> None:
    for carrier in ("DHL", "DHL", "dhl ", "", "顺丰"):
        parcel(shop, carrier=carrier)
    found = scorecards(march(shop), Subject.CARRIER)
    assert [(card.name, card.tally.parcels, card.spellings) for card in found] == [
        ("DHL", 3, ("DHL", "dhl ")),
        ("顺丰", 1, ("顺丰",)),
    ]


def test_a_supplier_answers_for_its_own_goods_in_the_parcel(shop: Shop) -> None:
    order = OrderFactory(shop=shop)
    order.lines.update(supplier="Acme")
    other = OrderLineFactory(order=order, position=2, supplier="Bolt", gross="30.00", quantity=3)
    both = ParcelFactory(order=order, shipped_at=NOON)  # nobody said what is inside: all of it
    ParcelLineFactory(parcel=ParcelFactory(order=order, shipped_at=NOON), order_line=other, quantity=2)
    said = SignOffFactory(order=order, parcel=both, outcome="partly")
    DiscrepancyFactory(line=SignOffLineFactory(sign_off=said, order_line=other), kind="defective")
    found = {card.name: card.tally for card in scorecards(march(shop), Subject.SUPPLIER)}
    assert {name: (told.parcels, told.counted["damaged"], told.failed["damaged"]) for name, told in found.items()} == {
        "Acme": (1, 1, 0),
        "Bolt": (2, 1, 1),
    }
    assert goods_value(march(shop), Subject.SUPPLIER, ["Bolt"], "damaged") == 30


def test_the_goods_of_failed_parcels_are_worth_their_units_share(shop: Shop) -> None:
    order = OrderFactory(shop=shop, lines=[(3, "10.00")])
    order.lines.update(gross="10.00")
    sent = ParcelFactory(order=order, shipped_at=NOON)
    ParcelLineFactory(parcel=sent, quantity=2)
    foreign = ParcelFactory(order=OrderFactory(shop=shop, currency="USD"), shipped_at=NOON)
    for found in (sent, foreign):
        signed(found, "damaged")
    assert goods_value(march(shop), Subject.CARRIER, ["DHL"], "damaged") == Fraction(20, 3)
    assert goods_value(march(shop), Subject.CARRIER, ["DHL"], "wrong") == 0


def test_stars_are_about_the_carrier_or_about_the_shop(shop: Shop) -> None:
    first, second = parcel(shop, seller="Mill"), parcel(shop, seller="Mill")
    RatingFactory(order=first.order, parcel=first, about="carrier", stars=2)
    RatingFactory(order=first.order, parcel=first, about="shop", stars=5)
    RatingFactory(order=second.order, about="shop", stars=4)
    ParcelFactory(order=second.order, seller="Mill", shipped_at=NOON)  # the same rating counts once
    assert (tally(shop).rated, tally(shop).stars) == (1, 2)
    mill = tally(shop, "Mill", Subject.SELLER)
    assert (mill.rated, mill.stars) == (2, 9)


def test_stretches_leave_no_week_out(shop: Shop) -> None:
    parcel(shop, shipped_at=datetime(2026, 3, 1, 12, tzinfo=UTC))
    parcel(shop, shipped_at=datetime(2026, 3, 29, 12, tzinfo=UTC))
    told = tallies_by_period(march(shop), Subject.CARRIER, ["DHL"], days=7)
    assert {day.day: counted.parcels for day, counted in told.items()} == {1: 1, 8: 0, 15: 0, 22: 0, 29: 1}


@dataclass(frozen=True)
class Sent:
    """One parcel as it is drawn: days are those of March, of noon in UTC."""

    carrier: str
    shipped: int
    promised: int | None
    delivered: int | None
    signed: bool
    found: frozenset[str]
    corrected: bool
    harm: str

    def make(self, shop: Shop) -> None:
        day = datetime(2026, 3, 1, 12, tzinfo=UTC)
        sent = parcel(
            shop,
            carrier=self.carrier,
            shipped_at=day + timedelta(days=self.shipped),
            promised_on=date(2026, 3, 1) + timedelta(days=self.promised) if self.promised is not None else None,
            delivered_at=day + timedelta(days=self.delivered) if self.delivered is not None else None,
        )
        if self.signed:
            said = signed(sent, *self.found, signed_at=day + timedelta(days=29))
            if self.corrected:
                SignOffFactory(order=sent.order, parcel=sent, corrects=said, signed_at=day + timedelta(days=40))
        if self.harm:
            TrackingEventFactory(parcel=sent, code="exception", harm=self.harm)

    @property
    def came(self) -> int | None:
        if self.delivered is not None:
            return self.delivered
        return 29 if self.signed else None

    def failed(self, failing: str) -> bool:
        standing = self.found if self.signed and not self.corrected else frozenset[str]()
        if failing == "late":
            return self.promised is not None and self.promised < (30 if self.came is None else self.came)
        if failing == "lost":
            return self.harm == "lost" and self.came is None
        kinds = {"damaged": {"damaged"}, "wrong": {"wrong_item", "not_as_described"}, "incomplete": {"missing"}}
        return bool(standing & kinds[failing]) or (failing == "damaged" and self.harm == "damaged")

    def known(self, failing: str) -> bool:
        if failing == "late":
            return self.promised is not None and (self.came is not None or self.promised < 30)
        if failing == "lost":
            return self.came is not None or self.harm == "lost"
        return self.signed or (failing == "damaged" and self.harm == "damaged")


KINDS = ["missing", "wrong_item", "damaged", "defective", "not_as_described"]
SENT = st.builds(
    Sent,
    carrier=st.sampled_from(["DHL", "dhl ", "UPS"]),
    shipped=st.integers(0, 29),
    promised=st.none() | st.integers(0, 35),
    delivered=st.none() | st.integers(0, 29),
    signed=st.booleans(),
    found=st.frozensets(st.sampled_from(KINDS)),
    corrected=st.booleans(),
    harm=st.sampled_from(["", "lost", "damaged"]),
)


def naively(sent: list[Sent]) -> Tally:
    return Tally(
        len(sent),
        {failing: sum(one.known(failing) for one in sent) for failing in Failing.values},
        {failing: sum(one.failed(failing) for one in sent) for failing in Failing.values},
    )


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(SENT, max_size=8))
def test_any_parcels_are_counted_as_plain_python_counts_them(sent: list[Sent]) -> None:
    with transaction.atomic():
        shop = ShopFactory(time_zone="UTC")
        for one in sent:
            one.make(shop)
        found = {card.name.lower(): card.tally for card in scorecards(march(shop), Subject.CARRIER)}
        named = {name: [one for one in sent if one.carrier.strip().lower() == name] for name in ("dhl", "ups")}
        assert found == {name: naively(ones) for name, ones in named.items() if ones}
        transaction.set_rollback(True)
