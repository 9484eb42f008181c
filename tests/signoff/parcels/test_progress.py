"""What a shopper reads about a parcel: honest progress, and the next step."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from returns.intake.actions import Wish, open_case
from returns.lifecycle.unit_reservation import complete_units
from returns.logbook.locks import lock_with_lines
from returns.models import Case
from signoff.models import ExceptionKind, Order, Parcel, ParcelException, SignOff, Watch
from signoff.parcels.contents import contents_to_sign
from signoff.parcels.progress import tracking_steps
from signoff.parcels.text import ParcelStatus, parcel_status
from signoff.signoffs.timer import sign_due
from tests.factories import (
    PLACED,
    OrderFactory,
    ParcelExceptionFactory,
    ParcelFactory,
    ParcelLineFactory,
    ReasonFactory,
    SignOffFactory,
    TrackingEventFactory,
    WatchFactory,
    make_case,
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


def test_steps_that_nobody_reported_have_no_tick() -> None:
    parcel = watched()
    event(parcel, "delivered", 3)
    steps = tracking_steps(Parcel.objects.get(pk=parcel.pk))
    assert [step["reported"] for step in steps] == [False, True, False, True]
    html = render_to_string("components/stepper.html", {"steps": steps})
    assert (html.count("<svg"), html.count("(done)"), html.count("step-unreported")) == (2, 2, 2)


def finish(case: Case) -> None:
    """All units of the case are settled."""
    complete_units(lock_with_lines(case))


@pytest.mark.parametrize("lines", ["own", "of the order"])
def test_what_was_refunded_is_not_to_be_signed_for(client: Client, lines: str) -> None:
    order = OrderFactory(lines=[(2, "20.00"), (1, "50.00")])
    parcel = ParcelFactory(order=order, delivered_at=timezone.now())
    WatchFactory(parcel=parcel, sign_due_at=timezone.now() + timedelta(hours=3))
    if lines == "own":
        for line in order.lines.all():
            ParcelLineFactory(parcel=parcel, order_line=line, quantity=line.quantity)
    first, second = order.lines.all()
    enter(client, order)
    page = f"/orders/{order.token}/"
    assert "Delivered: please sign for it" in client.get(page).text
    with transaction.atomic():
        finish(make_case(order=order, quantity=1))
    assert [(content.line, content.quantity) for content in contents_to_sign(parcel)] == [(first, 1), (second, 1)]
    assert "Delivered: please sign for it" in client.get(page).text
    with transaction.atomic():
        finish(make_case(order=order, quantity=1))
        wish = Wish(second, 1, ReasonFactory(shop=order.shop), "refund")
        finish(open_case(order, [wish], by=order.customer, channel="portal"))
    text = client.get(page).text
    assert "sign for it" not in text
    assert "Everything in it has been settled with your request." in text
    address = reverse("signoff:sign", args=[order.token, parcel.token])
    assert "Nothing left to sign for" in client.get(address).text
    assert "Nothing left to sign for" in client.post(address, {"as_ordered": "1"}).text
    sign_due()
    assert not Watch.objects.exists()
    assert not SignOff.objects.exists()


def test_a_replacement_is_signed_for_though_its_units_were_settled(client: Client) -> None:
    order = OrderFactory()
    line = order.lines.get()
    parcel = ParcelFactory(order=order, direction="replacement", delivered_at=timezone.now())
    ParcelLineFactory(parcel=parcel, order_line=line, quantity=3)
    with transaction.atomic():
        finish(make_case(order=order, quantity=3))
    assert [content.quantity for content in contents_to_sign(parcel)] == [3]
    assert "please sign for it" in enter(client, order).get(f"/orders/{order.token}/").text


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
    with django_assert_num_queries(5):
        page = client.get(f"/orders/{order.token}/").text
    assert page.count("need to do anything") == rows
    assert Order.objects.count() == 1
