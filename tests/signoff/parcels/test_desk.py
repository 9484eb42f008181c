"""The desk's pages of parcels with an exception, and of parcels that agents record."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from signoff.models import ExceptionKind, Parcel, ParcelException, Watch
from signoff.parcels.actions import version_of
from tests.factories import (
    OrderFactory,
    OrderLineFactory,
    ParcelExceptionFactory,
    ParcelFactory,
    ParcelLineFactory,
    SignOffFactory,
    TrackingEventFactory,
    UserFactory,
    WatchFactory,
)

pytestmark = pytest.mark.django_db
PARCELS = "/desk/parcels/"
SENT = {"carrier": "DHL", "tracking_number": "JJD 0001", "units-1": "2"}
Settled = ParcelException.Settled


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(UserFactory(role="agent"))
    return client


def shown(response: Any) -> list[str]:
    return [row["exception"].kind for row in response.context["rows"]]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_queue_asks_as_often_for_three_parcels_as_for_one(
    desk: Client, rows: int, django_assert_num_queries: Any
) -> None:
    for _ in range(rows):
        ParcelExceptionFactory()
    with django_assert_num_queries(9):
        assert desk.get(PARCELS).text.count("/lost/") == rows


def test_each_trouble_has_a_tab_that_counts_it(desk: Client) -> None:
    for kind in ExceptionKind:
        ParcelExceptionFactory(kind=kind)
    ParcelExceptionFactory(settled_at=timezone.now(), settled_as=Settled.ANSWERED)
    page = desk.get(PARCELS)
    assert sorted(shown(page)) == sorted(ExceptionKind)
    assert [tab.count for tab in page.context["tabs"]] == ["5", "1", "1", "1", "1", "1", ""]
    assert shown(desk.get(PARCELS, {"tab": "damaged"})) == ["damaged"]
    assert shown(desk.get(PARCELS, {"tab": "settled"})) == ["lost"]


def test_a_parcel_with_two_troubles_is_one_row_that_names_both(desk: Client) -> None:
    parcel = ParcelFactory()
    for kind, hours in (("late", 2), ("lost", 1)):
        ParcelExceptionFactory(parcel=parcel, kind=kind, found_at=timezone.now() - timedelta(hours=hours))
    ParcelExceptionFactory(parcel=parcel, kind="damaged", settled_at=timezone.now(), settled_as=Settled.MOVED)
    page = desk.get(PARCELS)
    assert shown(page) == ["late"]
    assert [kind for kind, _label in page.context["rows"][0]["further"]] == ["lost"]
    assert "lost" in page.text
    assert [tab.count for tab in page.context["tabs"]][:1] == ["1"]
    assert shown(desk.get(PARCELS, {"tab": "lost"})) == ["lost"]
    ParcelException.objects.open().update(settled_at=timezone.now(), settled_as=Settled.ANSWERED)
    handled = desk.get(PARCELS, {"tab": "settled"})
    assert len(shown(handled)) == 1
    assert len(handled.context["rows"][0]["further"]) == 2


def test_two_troubles_found_at_once_are_one_row(desk: Client) -> None:
    parcel, found = ParcelFactory(), timezone.now()
    for kind in ("late", "lost"):
        ParcelExceptionFactory(parcel=parcel, kind=kind, found_at=found)
    assert len(shown(desk.get(PARCELS))) == 1


def test_a_parcel_is_found_by_its_number_or_its_orders(desk: Client) -> None:
    wanted = ParcelExceptionFactory(parcel=ParcelFactory(tracking_number="00340", order__number="L-77"), kind="late")
    ParcelExceptionFactory()
    for words in ("00340", "l-77"):
        assert shown(desk.get(PARCELS, {"q": words})) == [wanted.kind]
    assert "No matching parcel" in desk.get(PARCELS, {"q": "nobody's"}).text


def test_what_is_wrong_stands_with_what_to_do_and_what_the_carrier_told(desk: Client) -> None:
    trouble = ParcelExceptionFactory(kind=ExceptionKind.DAMAGED)
    TrackingEventFactory(parcel=trouble.parcel, code="exception", harm="damaged", description="Box crushed at depot")
    page = desk.get(f"{PARCELS}{trouble.parcel.token}/damaged/").text
    assert "Ask the shopper for photos on arrival" in page
    assert "Box crushed at depot" in page


def test_an_agent_settles_it_and_a_colleague_who_is_late_keeps_their_note(desk: Client) -> None:
    trouble = ParcelExceptionFactory()
    address = f"{PARCELS}{trouble.parcel.token}/lost/settle/"
    typed = {"as_": "answered", "words": "It is at the neighbour’s."}
    assert desk.post(address, {}).status_code == 422
    assert desk.post(address, typed).headers["Location"] == PARCELS
    late = desk.post(address, typed)
    assert (late.status_code, "It is at the neighbour’s." in late.text) == (409, True)
    assert "It is at the neighbour’s." in desk.get(f"{PARCELS}{trouble.parcel.token}/lost/").text


def test_who_may_not_look_is_refused(client: Client) -> None:
    client.force_login(UserFactory(role="inspector"))
    assert client.get(PARCELS).status_code == 403


def add(desk: Client, order: Any, **changed: str) -> Any:
    return desk.post(f"/desk/orders/{order.token}/parcels/add/", SENT | changed)


def test_an_agent_adds_a_parcel_and_it_is_watched(desk: Client) -> None:
    order = OrderFactory(placed_at=timezone.now() - timedelta(days=3))
    today = timezone.localdate()
    assert add(desk, order, sent_on=str(today), promised_on=str(today)).status_code == 302
    parcel = order.parcels.get()
    assert (parcel.tracking_number, parcel.promised_on, parcel.direction) == ("JJD0001", today, "outbound")
    assert list(parcel.lines.values_list("quantity", flat=True)) == [2]
    assert Watch.objects.get().parcel == parcel
    assert parcel.history.get().history_user.groups.get().name == "agent"


def test_a_parcel_that_waits_to_be_sent_is_not_watched(desk: Client) -> None:
    order = OrderFactory()
    add(desk, order)
    assert (order.parcels.get().shipped_at, Watch.objects.count()) == (None, 0)


def refusal(response: Any) -> str:
    assert response.status_code == 422
    return " ".join(words for found in response.context["form"].errors.values() for words in found)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"carrier": ""}, "Enter the carrier."),
        ({"sent_on": "2020-01-01"}, "That is before the order was placed. Enter the date it was sent."),
        ({"sent_on": "2999-01-01"}, "That is in the future. Leave it empty until the parcel is sent."),
        ({"sent_on": "soon"}, "Enter a date, as in 2026-03-31."),
        (
            {"promised_on": "2020-01-01"},
            ("That is before the order was placed or more than a year ahead. Check the date."),
        ),
        ({"units-1": "4"}, "At most 3 were bought."),
        ({"units-1": "-1"}, "Enter a whole number; 0 if there are none."),
        ({"units-1": "half"}, "Enter a whole number; 0 if there are none."),
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence(desk: Client, changed: dict[str, str], words: str) -> None:
    order = OrderFactory()
    assert refusal(add(desk, order, **changed)) == words
    assert not order.parcels.exists()


def test_a_tracking_number_of_another_order_is_refused_with_its_name(desk: Client) -> None:
    ParcelFactory(tracking_number="JJD0001", carrier="DHL Paket", order__number="L-OTHER")
    words = refusal(add(desk, OrderFactory()))
    assert words == "This tracking number belongs to a parcel of order L-OTHER. Check the label."


def test_another_carrier_may_use_the_same_number(desk: Client) -> None:
    ParcelFactory(tracking_number="JJD0001", carrier="UPS")
    assert add(desk, OrderFactory()).status_code == 302


def test_the_same_parcel_sent_twice_is_written_down_once(desk: Client) -> None:
    order = OrderFactory()
    add(desk, order)
    assert "already has a parcel with this number" in refusal(add(desk, order))


def test_no_unit_is_packed_twice(desk: Client) -> None:
    order = OrderFactory()
    ParcelLineFactory(parcel__order=order, quantity=2)
    words = refusal(add(desk, order))
    assert words == "“Paper lantern, large”: only 1 left to send; the rest are in other parcels. Enter fewer."


def change(desk: Client, parcel: Parcel, **changed: str) -> Any:
    sent = {"sent_on": "2026-03-02", "seen": str(version_of(parcel)), "carrier": "DHL", "tracking_number": "JJD0001"}
    return desk.post(f"/desk/orders/{parcel.order.token}/parcels/{parcel.token}/change/", sent | changed)


def test_an_agent_corrects_number_promise_and_contents(desk: Client) -> None:
    parcel = WatchFactory(next_poll_at=None).parcel
    ParcelExceptionFactory(parcel=parcel, kind=ExceptionKind.LATE)
    OrderLineFactory(order=parcel.order, position=2)
    before = parcel.shipped_at
    assert change(desk, parcel, promised_on="2026-03-09", **{"units-2": "1"}).status_code == 302
    parcel.refresh_from_db()
    assert (parcel.tracking_number, str(parcel.promised_on), parcel.shipped_at) == ("JJD0001", "2026-03-09", before)
    assert [(line.order_line.position, line.quantity) for line in parcel.lines.all()] == [(2, 1)]
    assert not parcel.exceptions.open().exists()
    assert Watch.objects.get().next_poll_at


def test_who_changes_what_others_have_changed_is_shown_that_and_loses_nothing(desk: Client) -> None:
    parcel = ParcelFactory()
    answer = change(desk, parcel, seen="1", tracking_number="NEW1")
    assert (answer.status_code, "NEW1" in answer.text) == (409, True)


def test_a_parcel_that_was_signed_for_stays_as_it_is(desk: Client) -> None:
    parcel = SignOffFactory().parcel
    assert "Correct the sign-off instead." in refusal(change(desk, parcel))


def test_a_parcel_that_was_sent_cannot_become_unsent(desk: Client) -> None:
    assert refusal(change(desk, ParcelFactory(), sent_on="")) == "The parcel has been sent. Enter the date."


def test_another_orders_parcel_is_not_found(desk: Client) -> None:
    parcel, other = ParcelFactory(), OrderFactory()
    assert desk.get(f"/desk/orders/{other.token}/parcels/{parcel.token}/change/").status_code == 404
