"""Sign-off by time: after some days at rest, a day after the warning, and never while a case is open."""

from collections.abc import Collection
from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from signoff.models import Parcel, SignOff, Watch
from signoff.orders import in_use
from signoff.parcels.notices import is_warning_due, mark_warned
from signoff.signoffs.actions import sign
from signoff.signoffs.rules import DeliveryReport
from signoff.signoffs.timer import is_sign_off_due, sign_due
from tests.factories import OrderFactory, ParcelFactory, WatchFactory

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOW = timezone.now()


@pytest.fixture
def busy(monkeypatch: pytest.MonkeyPatch) -> set[int]:
    """Orders about which somebody is at work."""
    orders: set[int] = set()

    def answer(asked: Collection[int]) -> set[int]:
        return orders & set(asked)

    monkeypatch.setattr(in_use, "_OPEN_WORK", [*in_use._OPEN_WORK, answer])
    return orders


def waiting(*, due: datetime = NOW, warned: datetime | None = NOW - DAY, **options: object) -> Watch:
    return WatchFactory(sign_due_at=due, warned_at=warned, next_poll_at=None, **options)


def test_time_signs_for_what_nobody_has_signed_for() -> None:
    watch = waiting()
    assert sign_due(NOW) == 1
    sign_off = SignOff.objects.get()
    assert (sign_off.parcel, sign_off.outcome, sign_off.channel, sign_off.signed_at) == (
        watch.parcel,
        "accepted",
        "timer",
        NOW,
    )
    assert not Watch.objects.exists()
    assert sign_due(NOW) == 0


@pytest.mark.parametrize(
    "options",
    [
        {"due": NOW + timedelta(seconds=1)},
        {"warned": None},
        {"warned": NOW - DAY + timedelta(seconds=1)},
    ],
)
def test_not_before_its_day_nor_without_a_days_warning(options: dict[str, datetime]) -> None:
    waiting(**options)
    assert sign_due(NOW) == 0
    assert not SignOff.objects.exists()


@pytest.mark.parametrize("reachable", [{"customer": None}, {"customer__email": ""}])
def test_who_cannot_be_warned_is_not_waited_for(reachable: dict[str, object]) -> None:
    waiting(warned=None, parcel=ParcelFactory(order=OrderFactory(**reachable)))
    assert sign_due(NOW) == 1


def test_a_case_stops_the_clock_and_its_end_restarts_it(busy: set[int]) -> None:
    watch = waiting(due=NOW + HOUR)
    busy.add(watch.parcel.order_id)
    sign_due(NOW)
    sign_due(NOW + 5 * HOUR)
    watch.refresh_from_db()
    assert (watch.paused_at, watch.sign_due_at) == (NOW, NOW + HOUR)
    busy.clear()
    assert sign_due(NOW + 30 * HOUR) == 0
    watch.refresh_from_db()
    assert (watch.paused_at, watch.sign_due_at, watch.warned_at) == (None, NOW + 31 * HOUR, None)


def test_a_case_opened_a_moment_before_is_seen(busy: set[int]) -> None:
    watch = waiting()
    busy.add(watch.parcel.order_id)
    assert sign_due(NOW) == 0


def test_parcels_that_are_still_on_their_way_or_come_back_are_left_alone() -> None:
    WatchFactory()
    waiting(parcel=ParcelFactory(direction="return"))
    assert sign_due(NOW) == 0
    assert Watch.objects.count() == 2


def test_batches_go_on_and_a_parcel_signed_for_meanwhile_is_let_go() -> None:
    signed = waiting().parcel
    for _number in range(4):
        waiting()
    sign(signed, DeliveryReport(), channel="portal")
    waiting(parcel=signed)  # left behind by somebody
    assert sign_due(NOW, at_once=2) == 4
    assert not Watch.objects.exists()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.integers(1, 60), st.booleans()), max_size=12))
def test_days_at_rest_are_counted_and_the_warning_comes_a_day_before(
    busy: set[int], steps: list[tuple[int, bool]]
) -> None:
    """Hours go by, with a case open or not; the sweeps run in between."""
    parcel, clock = ParcelFactory(delivered_at=NOW), NOW
    Watch.objects.create(parcel=parcel, begun_at=NOW, heard_at=NOW, sign_due_at=NOW + 7 * DAY)
    at_rest, warned = timedelta(0), None
    for hours, is_busy in [*steps, *[(25, False)] * 10]:
        (busy.add if is_busy else busy.discard)(parcel.order_id)
        sign_due(clock)
        watch = Watch.objects.filter(parcel=parcel).first()
        if watch is None:
            assert at_rest >= 7 * DAY
            assert not is_busy
            assert warned is not None
            assert clock - warned >= DAY
            return
        assert (watch.paused_at is not None) == is_busy
        if not is_busy:
            assert watch.sign_due_at - clock == 7 * DAY - at_rest
        if is_warning_due(watch, now=clock):
            mark_warned(watch, now=clock)
        warned = watch.warned_at
        clock += hours * HOUR
        at_rest += timedelta(0) if is_busy else hours * HOUR
    pytest.fail("nobody has signed")


@given(
    due=st.integers(-50, 50),
    warned=st.none() | st.integers(-50, 50),
    paused=st.booleans(),
    can_be_warned=st.booleans(),
)
def test_the_rule_itself(due: int, warned: int | None, paused: bool, can_be_warned: bool) -> None:
    watch = Watch(
        parcel=Parcel(),
        sign_due_at=NOW + due * HOUR,
        warned_at=None if warned is None else NOW + warned * HOUR,
        paused_at=NOW if paused else None,
    )
    told = not can_be_warned or (warned is not None and warned <= -24)
    assert is_sign_off_due(watch, can_be_warned=can_be_warned, now=NOW) == (not paused and due <= 0 and told)
