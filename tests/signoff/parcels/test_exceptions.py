"""Parcel exceptions that the clock finds, and how they are settled."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied

from signoff.models import ExceptionKind, ParcelException
from signoff.parcels.exceptions import AlreadySettled, settle_exception
from signoff.tracking.overdue import open_exceptions
from tests.factories import (
    PLACED,
    DeliveryTermsFactory,
    OrderFactory,
    ParcelExceptionFactory,
    ParcelFactory,
    ShopFactory,
    UserFactory,
    WatchFactory,
)

pytestmark = pytest.mark.django_db
Settled = ParcelException.Settled
BERLIN = ZoneInfo("Europe/Berlin")
PROMISED = date(2026, 3, 4)


def watched(**options: Any) -> ParcelException:
    return WatchFactory(parcel=ParcelFactory(**options)).parcel


def found() -> list[tuple[str, datetime]]:
    return list(ParcelException.objects.open().order_by("kind").values_list("kind", "since"))


def test_a_parcel_is_late_as_soon_as_its_day_is_over_where_the_shop_is() -> None:
    shop = ShopFactory(time_zone="Europe/Berlin")
    watched(order=OrderFactory(shop=shop), promised_on=PROMISED)
    midnight = datetime(2026, 3, 5, tzinfo=BERLIN)
    assert open_exceptions(midnight - timedelta(seconds=1)) == 0
    assert (open_exceptions(midnight), open_exceptions(midnight)) == (1, 0)
    assert found() == [(ExceptionKind.LATE, midnight)]


def test_a_parcel_without_news_is_silent_after_the_days_that_the_shop_allows() -> None:
    watch = WatchFactory()
    DeliveryTermsFactory(shop=watch.parcel.order.shop, quiet_days=3)
    assert open_exceptions(watch.heard_at + timedelta(days=3)) == 0
    assert open_exceptions(watch.heard_at + timedelta(days=3, seconds=1)) == 1
    assert found() == [(ExceptionKind.SILENT, watch.heard_at)]


def test_a_return_and_a_replacement_are_looked_at_too() -> None:
    for direction in ("return", "replacement"):
        watched(direction=direction)
    assert open_exceptions(PLACED + timedelta(days=30)) == 2


def test_only_parcels_that_somebody_waits_for_are_looked_at() -> None:
    ParcelFactory(promised_on=PROMISED)
    delivered = WatchFactory(parcel=ParcelFactory(promised_on=PROMISED), sign_due_at=PLACED + timedelta(days=9))
    assert delivered.parcel
    assert open_exceptions(PLACED + timedelta(days=30)) == 0


def test_what_was_settled_is_found_again_for_another_promise_only() -> None:
    parcel = watched(promised_on=PROMISED)
    now = PLACED + timedelta(days=5)
    open_exceptions(now)
    settle_exception(parcel.exceptions.get(), by=None, as_=Settled.ANSWERED, now=now)
    assert open_exceptions(now) == 0
    parcel.promised_on = PROMISED + timedelta(days=1)
    parcel.save()
    assert open_exceptions(now + timedelta(hours=1)) == 1


@pytest.mark.parametrize("rows", [1, 3])
def test_the_sweep_asks_as_often_for_three_parcels_as_for_one(rows: int, django_assert_num_queries: Any) -> None:
    for _ in range(rows):
        watched(promised_on=PROMISED)
    with django_assert_num_queries(16):
        assert open_exceptions(PLACED + timedelta(days=30)) == 2 * rows


def test_an_agent_settles_with_a_note_once() -> None:
    agent, row = UserFactory(role="agent"), ParcelExceptionFactory()
    settled = settle_exception(row, by=agent, as_=Settled.ANSWERED, words="It is at the neighbour's.", now=PLACED)
    assert (settled.settled_at, settled.settled_by, settled.words) == (PLACED, agent, "It is at the neighbour's.")
    with pytest.raises(AlreadySettled, match="See it under “Handled”"):
        settle_exception(row, by=agent, as_=Settled.MISTAKEN)


def test_who_may_not_settles_nothing() -> None:
    with pytest.raises(PermissionDenied):
        settle_exception(ParcelExceptionFactory(), by=UserFactory(role="inspector"), as_=Settled.MISTAKEN)
    assert ParcelException.objects.open().exists()
