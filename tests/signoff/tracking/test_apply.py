"""What carriers tell, applied: to events, dates, watches and exceptions, in whatever order it comes."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from signoff.carriers import Event, Harm, TrackingUpdate
from signoff.carriers.messages import Code
from signoff.models import ExceptionKind, Parcel, ParcelException, SignOff, TrackingEvent, Watch
from signoff.parcels.queries import is_same_carrier
from signoff.parcels.watch import mark_return_delivered
from signoff.tracking.apply import apply_update, apply_updates, find_parcels
from tests.factories import (
    PLACED,
    DeliveryTermsFactory,
    ParcelExceptionFactory,
    ParcelFactory,
    TrackingEventFactory,
    WatchFactory,
)

pytestmark = pytest.mark.django_db
NOW = PLACED + timedelta(days=6)
Settled = ParcelException.Settled


def on_day(day: float, code: Code = Code.IN_TRANSIT, words: str = "", harm: Harm | None = None) -> Event:
    return Event(PLACED + timedelta(days=day), code, words or f"{code} {day}", harm=harm)


def news(parcel: Parcel, *events: Event, promised_on: date | None = None) -> TrackingUpdate:
    return TrackingUpdate(
        parcel.tracking_number, parcel.carrier, promised_on, tuple(sorted(events, key=lambda e: e.occurred_at))
    )


def hear(parcel: Parcel, *events: Event, now: datetime = NOW, **update: Any) -> Parcel:
    apply_update(parcel, news(parcel, *events, **update), now=now)
    return Parcel.objects.get(pk=parcel.pk)


def troubles(parcel: Parcel) -> dict[str, str]:
    return dict(parcel.exceptions.order_by("pk").values_list("kind", "settled_as"))


@pytest.fixture
def parcel() -> Parcel:
    """On its way since the day after the order, and watched."""
    return WatchFactory(next_poll_at=PLACED + timedelta(days=2)).parcel


def test_a_delivery_is_dated_and_waits_for_the_shopper_to_sign(parcel: Parcel) -> None:
    hear(parcel, on_day(2), on_day(3, Code.DELIVERED), promised_on=date(2026, 3, 9))
    watch = Watch.objects.get(parcel=parcel)
    assert watch.sign_due_at == PLACED + timedelta(days=10)
    assert (watch.heard_at, watch.next_poll_at) == (PLACED + timedelta(days=3), None)
    parcel.refresh_from_db()
    assert (parcel.delivered_at, parcel.promised_on) == (PLACED + timedelta(days=3), date(2026, 3, 9))
    assert [row.history_change_reason for row in parcel.history.order_by("history_id")] == [None, "tracking"]


def test_what_is_told_again_changes_nothing_and_asks_little(parcel: Parcel, django_assert_num_queries: Any) -> None:
    update = news(parcel, on_day(2), on_day(3, Code.DELIVERED))
    apply_update(parcel, update, now=NOW)
    with django_assert_num_queries(7):
        apply_update(parcel, update, now=NOW + timedelta(hours=1))
    assert (parcel.history.count(), parcel.events.count()) == (2, 2)


def test_news_of_a_parcel_on_its_way_leave_its_dates_alone(parcel: Parcel) -> None:
    hear(parcel, on_day(2), on_day(4))
    assert parcel.history.count() == 1
    assert Watch.objects.get(parcel=parcel).heard_at == PLACED + timedelta(days=4)


def test_a_promise_of_ours_is_not_overwritten() -> None:
    parcel = ParcelFactory(promised_on=date(2026, 3, 5))
    assert hear(parcel, on_day(2), promised_on=date(2026, 3, 9)).promised_on == date(2026, 3, 5)


def test_a_day_of_delivery_that_somebody_else_entered_stays() -> None:
    parcel = ParcelFactory(delivered_at=PLACED + timedelta(days=2, hours=5))
    assert hear(parcel, on_day(3, Code.DELIVERED)).delivered_at == PLACED + timedelta(days=2, hours=5)


def test_a_parcel_that_was_only_announced_is_watched_from_its_first_scan_on() -> None:
    parcel = ParcelFactory(shipped_at=None)
    hear(parcel, on_day(1, Code.REGISTERED))
    assert not Watch.objects.exists()
    assert hear(parcel, on_day(2)).shipped_at == PLACED + timedelta(days=2)
    assert Watch.objects.get().parcel == parcel


def test_the_same_event_is_corrected_when_it_is_known_better(parcel: Parcel) -> None:
    hear(parcel, on_day(2, words="Left at the door"))
    parcel = hear(parcel, on_day(2, Code.DELIVERED, words="Left at the door"))
    assert [event.code for event in parcel.events.all()] == [Code.DELIVERED]
    assert parcel.delivered_at == PLACED + timedelta(days=2)


def test_two_rows_of_an_import_that_differ_in_their_code_alone_are_left_as_they_are(parcel: Parcel) -> None:
    for code in (Code.DELIVERED, Code.IN_TRANSIT):
        TrackingEventFactory(parcel=parcel, code=code, occurred_at=PLACED + timedelta(days=2), description="")
    update = Event(PLACED + timedelta(days=2), Code.DELIVERED, "")
    assert hear(parcel, update).delivered_at == update.occurred_at
    assert parcel.events.count() == 2


def test_a_delivery_to_the_sender_has_not_reached_the_shopper(parcel: Parcel) -> None:
    parcel = hear(parcel, on_day(2, Code.DELIVERED))
    parcel = hear(parcel, on_day(1.5, Code.RETURNED))
    assert parcel.delivered_at is None
    assert not Watch.objects.exists()
    assert troubles(parcel) == {ExceptionKind.RETURNED: ""}


def test_harm_and_return_are_reported_once_however_often_they_are_told(parcel: Parcel) -> None:
    for _again in range(2):
        hear(parcel, on_day(2, Code.EXCEPTION, harm=Harm.DAMAGED), on_day(3, Code.RETURNED))
    assert troubles(parcel) == {ExceptionKind.DAMAGED: "", ExceptionKind.RETURNED: ""}
    assert parcel.exceptions.get(kind=ExceptionKind.DAMAGED).since == PLACED + timedelta(days=2)


def test_what_was_settled_is_opened_again_by_a_newer_event_only(parcel: Parcel) -> None:
    settled = {"settled_at": PLACED + timedelta(days=4), "settled_as": Settled.MISTAKEN}
    ParcelExceptionFactory(parcel=parcel, kind=ExceptionKind.DAMAGED, **settled)
    hear(parcel, on_day(3, Code.EXCEPTION, harm=Harm.DAMAGED))
    assert not parcel.exceptions.open().exists()
    hear(parcel, on_day(5, Code.EXCEPTION, harm=Harm.DAMAGED))
    assert parcel.exceptions.open().get().since == PLACED + timedelta(days=5)


def test_what_arrives_is_late_silent_and_lost_no_more_but_still_damaged(parcel: Parcel) -> None:
    for kind in ExceptionKind:
        ParcelExceptionFactory(parcel=parcel, kind=kind, since=PLACED + timedelta(days=3))
    hear(parcel, on_day(4, Code.DELIVERED))
    arrived = dict.fromkeys((ExceptionKind.LATE, ExceptionKind.SILENT, ExceptionKind.LOST), Settled.ARRIVED)
    assert troubles(parcel) == arrived | {ExceptionKind.RETURNED: "", ExceptionKind.DAMAGED: ""}


def test_a_parcel_that_moves_is_silent_no_more(parcel: Parcel) -> None:
    ParcelExceptionFactory(parcel=parcel, kind=ExceptionKind.SILENT, since=PLACED + timedelta(days=1))
    hear(parcel, on_day(0.9))
    assert troubles(parcel) == {ExceptionKind.SILENT: ""}
    hear(parcel, on_day(4))
    assert troubles(parcel) == {ExceptionKind.SILENT: Settled.MOVED}


def test_nobody_is_bothered_with_a_parcel_of_the_past() -> None:
    parcel = ParcelFactory()
    hear(parcel, on_day(2, Code.EXCEPTION, harm=Harm.LOST))
    assert (troubles(parcel), parcel.events.count()) == ({}, 1)


def test_a_return_is_waited_for_until_it_is_back() -> None:
    parcel = WatchFactory(parcel__direction=Parcel.Direction.RETURN).parcel
    assert hear(parcel, on_day(3, Code.DELIVERED)).delivered_at
    assert not Watch.objects.exists()


def test_where_the_shop_says_so_the_carriers_proof_signs(parcel: Parcel) -> None:
    DeliveryTermsFactory(shop=parcel.order.shop, carrier_proof_signs=True)
    for _again in range(2):
        hear(parcel, on_day(3, Code.DELIVERED))
    signed = SignOff.objects.get(parcel=parcel)
    assert (signed.channel, signed.signed_at) == (SignOff.Channel.CARRIER, PLACED + timedelta(days=3))
    assert not Watch.objects.exists()


@pytest.mark.parametrize("day", [-2, 8])
def test_a_delivery_before_its_order_or_in_the_future_is_left_out_with_a_sentence(parcel: Parcel, day: float) -> None:
    problem = apply_update(parcel, news(parcel, on_day(2), on_day(day, Code.DELIVERED)), now=NOW)
    assert problem.endswith("Check whether the number belongs to another parcel.")
    parcel.refresh_from_db()
    assert (parcel.delivered_at, parcel.events.count()) == (None, 1)


def test_one_number_of_two_carriers_is_that_of_the_one_called_alike() -> None:
    ups, dhl = (ParcelFactory(carrier=name, tracking_number="1Z77") for name in ("UPS Germany", "DHL"))
    assert find_parcels(TrackingUpdate("1z77", "ups")) == [ups]
    assert find_parcels(TrackingUpdate("1Z77", "DHL-Germany")) == [dhl]
    assert find_parcels(TrackingUpdate("1Z77", "GLS")) == []
    assert not is_same_carrier("", "DHL")


def test_two_parcels_with_one_number_hear_the_same() -> None:
    parcels = [ParcelFactory(tracking_number="BOX", carrier="") for _ in range(2)]
    assert apply_updates(TrackingUpdate("BOX", "dhl", None, (on_day(3, Code.DELIVERED),)), now=NOW) == (2, "")
    assert Parcel.objects.filter(pk__in=[p.pk for p in parcels], delivered_at=None).count() == 0


HARM = {"dented": Harm.DAMAGED, "gone": Harm.LOST}
EVENTS = st.lists(
    st.builds(
        lambda day, code, words: on_day(day, Code.EXCEPTION if words in HARM else code, words, HARM.get(words)),
        st.integers(0, 6),
        st.sampled_from(list(Code)),
        st.sampled_from(["scan", "door", *HARM]),
    ),
    min_size=1,
    max_size=6,
)


def standing(parcel: Parcel) -> tuple[Any, ...]:
    """All that must not depend on the order in which it was told."""
    parcel = Parcel.objects.get(pk=parcel.pk)
    fields = ("occurred_at", "code", "description", "place", "harm")
    return (
        sorted(TrackingEvent.objects.filter(parcel=parcel).values_list(*fields)),
        (parcel.shipped_at, parcel.delivered_at),
        list(Watch.objects.filter(parcel=parcel).values_list("heard_at", "sign_due_at")),
        sorted(parcel.exceptions.open().values_list("kind", "since")),
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(EVENTS, st.randoms(use_true_random=False))
def test_however_messages_are_cut_ordered_and_repeated_the_rows_are_the_same(events: list[Event], chance: Any) -> None:
    whole, parts = (WatchFactory(parcel__order__placed_at=PLACED).parcel for _ in range(2))
    hear(whole, *events)
    shuffled = chance.sample(events * 2, len(events) * 2)
    while shuffled:
        cut = chance.randint(1, len(shuffled))
        hear(parts, *shuffled[:cut])
        shuffled = shuffled[cut:]
    assert standing(whole) == standing(parts)


def test_a_parcel_in_the_hands_of_the_bench_is_waited_for_no_more() -> None:
    parcel = WatchFactory(parcel__direction=Parcel.Direction.RETURN).parcel
    ParcelExceptionFactory(parcel=parcel, kind=ExceptionKind.SILENT)
    mark_return_delivered(parcel, by=None, now=NOW)
    assert (Parcel.objects.get(pk=parcel.pk).delivered_at, troubles(parcel)) == (NOW, {ExceptionKind.SILENT: "arrived"})
    assert not Watch.objects.exists()
