"""What a shopper reads about a parcel: honest progress, and the next step."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from signoff.models import ExceptionKind, Order, Parcel, ParcelException
from signoff.parcels.progress import tracking_steps
from signoff.parcels.text import ParcelStatus, parcel_status
from tests.factories import (
    PLACED,
    OrderFactory,
    ParcelExceptionFactory,
    ParcelFactory,
    SignOffFactory,
    TrackingEventFactory,
    WatchFactory,
)
from tests.steps.order_lookup import enter

pytestmark = pytest.mark.django_db
NOW = PLACED + timedelta(days=3)


def status_of(parcel: Parcel) -> ParcelStatus:
    return parcel_status(Parcel.objects.get(pk=parcel.pk), now=NOW)


def states(parcel: Parcel) -> list[str]:
    return [step["state"] for step in tracking_steps(Parcel.objects.get(pk=parcel.pk))]


def watched(**options: Any) -> Parcel:
    return WatchFactory(parcel=ParcelFactory(**options)).parcel


def event(parcel: Parcel, code: str, days: float = 2.5, **options: Any) -> None:
    TrackingEventFactory(parcel=parcel, code=code, occurred_at=PLACED + timedelta(days=days), **options)


def test_each_state_says_what_comes_next() -> None:
    packed, plain, promised = ParcelFactory(shipped_at=None), watched(), watched(promised_on=date(2026, 3, 9))
    van, waits = watched(), watched()
    event(van, "out_for_delivery")
    event(waits, "ready_for_pickup", place="Kiosk Schulz")
    assert [status_of(parcel).next for parcel in (packed, plain, promised, van, waits)] == [
        "We're packing your parcel. Tracking will appear here once it's sent.",
        "The carrier has your parcel. Updates will appear here.",
        "Expected by 9 March 2026.",
        "Out for delivery: it should arrive today or on the next working day.",
        "Ready for pick-up: Kiosk Schulz. Bring the carrier's notice and an identity card.",
    ]


def test_a_delivered_parcel_is_to_be_signed_for_by_a_day_unless_a_case_holds_it_up() -> None:
    parcel = ParcelFactory(delivered_at=PLACED + timedelta(days=2))
    watch = WatchFactory(parcel=parcel, sign_due_at=PLACED + timedelta(days=9))
    assert status_of(parcel).next == (
        "Please check it and sign for it. Otherwise it is signed for automatically on 10 March 2026, 10:00."
    )
    watch.paused_at = NOW
    watch.save()
    assert status_of(parcel).next.endswith("There's no rush while your request is open.")
    SignOffFactory(parcel=parcel, order=parcel.order)
    assert status_of(parcel).next == ""


def test_nothing_is_said_of_a_parcel_that_nobody_waits_for() -> None:
    assert status_of(ParcelFactory()) == ParcelStatus([], "", [])


def test_a_return_is_reported_from_the_other_side() -> None:
    parcel = watched(direction="return")
    assert status_of(parcel).next == "We'll let you know as soon as it reaches us."
    parcel.delivered_at = NOW
    parcel.save()
    assert status_of(parcel).next == "We've received it. We'll inspect the items and get back to you."


@pytest.mark.parametrize("direction", Parcel.Direction.values)
@pytest.mark.parametrize("kind", ExceptionKind.values)
def test_every_trouble_is_said_in_whole_sentences_until_it_is_settled(direction: str, kind: str) -> None:
    parcel = watched(direction=direction, promised_on=date(2026, 3, 2))
    trouble = ParcelExceptionFactory(parcel=parcel, kind=kind)
    said = status_of(parcel)
    assert [words[-1] for words in said.warnings] == ["."]
    assert said.next == ""
    assert "%" not in said.warnings[0]
    ParcelException.objects.filter(pk=trouble.pk).update(settled_at=NOW, settled_as="answered")
    assert status_of(parcel).warnings == []


def test_the_way_stops_where_a_parcel_turned_back_or_was_lost() -> None:
    back, lost = watched(), watched()
    event(back, "returned")
    event(back, "delivered", 3)
    event(lost, "exception", harm="lost")
    assert states(back) == states(lost) == ["done", "stopped", "todo", "todo"]
    event(lost, "delivered", 3)
    assert states(lost) == ["done", "done", "done", "done"]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_shoppers_page_asks_as_often_for_three_parcels_as_for_one(
    client: Client, rows: int, django_assert_num_queries: Any
) -> None:
    order = OrderFactory()
    for _ in range(rows):
        parcel = watched(order=order)
        event(parcel, "in_transit", description="Sorted")
        ParcelExceptionFactory(parcel=parcel, kind=ExceptionKind.SILENT)
    enter(client, order)
    with django_assert_num_queries(4):
        page = client.get(f"/orders/{order.token}/").text
    assert page.count("need to do anything") == rows
    assert Order.objects.count() == 1
