"""The page on which a shopper signs: by link or entry, in one tap or with all that is wrong, once."""

from datetime import timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from signoff.models import Discrepancy, Parcel, SignOff
from signoff.signoffs.actions import sign, sign_by_carrier
from signoff.signoffs.links import path_for
from signoff.signoffs.rules import DeliveryReport
from tests.factories import DestinationFactory, OrderFactory, ParcelFactory, SignOffPhotoFactory
from tests.steps.order_lookup import enter

pytestmark = pytest.mark.django_db


@pytest.fixture
def parcel() -> Parcel:
    """Three lamps and a kettle."""
    return ParcelFactory(order=OrderFactory(lines=[(3, "20.00"), (1, "50.00")]))


def wrong(parcel: Parcel) -> list[tuple[int, str, int]]:
    rows = Discrepancy.objects.filter(line__sign_off__parcel=parcel)
    return sorted(rows.values_list("line__order_line__position", "kind", "quantity"))


def test_one_tap_signs_for_everything_as_ordered(client: Client, parcel: Parcel) -> None:
    path = path_for(parcel)
    assert "Everything is as ordered: sign for it" in client.get(path).content.decode()
    assert not SignOff.objects.exists()
    response = client.post(path, {"as_ordered": "yes"}, follow=True)
    page = response.content.decode()
    assert response.redirect_chain == [(path, 302)]
    assert "The parcel has been signed for" in page
    sign_off = SignOff.objects.get()
    assert (sign_off.outcome, sign_off.channel, sign_off.said_by) == ("accepted", "portal", "buyer")


def test_by_number_and_code(client: Client, parcel: Parcel) -> None:
    path = reverse("signoff:sign", args=[parcel.order.token, parcel.token])
    assert Client().get(path).headers["Location"] == "/"
    enter(client, parcel.order)
    assert "Everything is as ordered: sign for it" in client.get(path).content.decode()
    client.post(path, {"as_ordered": "yes"})
    assert SignOff.objects.get().parcel == parcel


def test_what_is_wrong_is_said_line_by_line(client: Client, parcel: Parcel) -> None:
    said = {
        "report": "yes",
        "line1-counted": "2",
        "line1-damaged": "1",
        "line1-words": "Shards.",
        "line2-what": "defective",
    }
    page = client.post(path_for(parcel), said, follow=True).content.decode()
    assert wrong(parcel) == [(1, "damaged", 1), (1, "missing", 1), (2, "defective", 1)]
    assert "partly accepted" in page
    assert "opening a request for the problems you reported" in page


def test_words_alone_are_a_remark(client: Client, parcel: Parcel) -> None:
    client.post(path_for(parcel), {"report": "yes", "words": "The box was wet."})
    assert SignOff.objects.get().outcome == "with_remarks"


def test_refused_at_the_door(client: Client, parcel: Parcel) -> None:
    said = {"refuse": "yes", "refused_for": "damaged", "line1-counted": "nonsense", "words": "It drips."}
    page = client.post(path_for(parcel), said, follow=True).content.decode()
    assert wrong(parcel) == [(1, "damaged", 3), (2, "damaged", 1)]
    assert "The parcel was refused" in page


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"report": "yes"}, "Tell us what's wrong, or choose “Everything is as ordered: sign for it” above."),
        ({"report": "yes", "line1-counted": "3", "line2-what": ""}, "Tell us what's wrong"),
        ({"report": "yes", "line1-counted": "4"}, "Only 3 items were sent in this parcel."),
        ({"report": "yes", "line1-counted": "-1"}, "be less than 0"),
        ({"report": "yes", "line1-counted": "two"}, "Enter the number of items in digits."),
        ({"report": "yes", "line1-counted": "9" * 5000}, "Enter the number of items in digits."),
        ({"report": "yes", "line1-counted": "1", "line1-damaged": "2"}, "You counted 1 item but marked 2 as wrong."),
        ({"report": "yes", "line2-what": "ugly"}, "Choose what fits best."),
        ({"refuse": "yes"}, "Choose the reason for refusing"),
        ({"refuse": "yes", "refused_for": "missing"}, "Choose the reason for refusing"),
        ({}, "Tell us what's wrong"),
    ],
)
def test_what_cannot_be_signed_gets_a_sentence(
    client: Client, parcel: Parcel, said: dict[str, str], sentence: str
) -> None:
    page = client.post(path_for(parcel), said).content.decode()
    assert sentence in unescape(page)
    assert not SignOff.objects.exists()


def test_what_was_typed_stays_when_something_does_not_add_up(client: Client, parcel: Parcel) -> None:
    said = {"report": "yes", "line1-counted": "7", "line1-words": "Seven!", "line2-what": "damaged", "words": "Kept."}
    page = client.post(path_for(parcel), said).content.decode()
    assert 'value="7"' in page
    assert "Seven!" in page
    assert "Kept." in page
    assert page.count("checked") == 1
    assert '<details class="card sign-report" open>' in page


def test_too_late_is_told_what_was_signed_and_keeps_the_words(client: Client, parcel: Parcel) -> None:
    sign(parcel, DeliveryReport(refused_for="damaged"), channel="portal")
    response = client.post(path_for(parcel), {"report": "yes", "line1-words": "Mine.", "words": "And more."})
    page = response.content.decode()
    assert response.status_code == 409
    assert "This parcel was already signed for" in page
    assert "refused at the door" in page
    assert "Mine." in page
    assert "And more." in page
    again = client.post(path_for(parcel), {"as_ordered": "yes"})
    assert (again.status_code, "This parcel was already signed for" in again.text) == (409, True)
    assert SignOff.objects.count() == 1


def test_pressing_twice_leads_to_the_same_receipt(client: Client, parcel: Parcel) -> None:
    path = path_for(parcel)
    for _press in range(2):
        assert client.post(path, {"as_ordered": "yes"}).headers["Location"] == path
    assert SignOff.objects.count() == 1


def test_after_the_carriers_proof_the_shopper_still_says_how_it_was(client: Client, parcel: Parcel) -> None:
    first = sign_by_carrier(parcel, at=timezone.now() - timedelta(days=1))
    assert "DHL reported this parcel as delivered" in client.get(path_for(parcel)).content.decode()
    client.post(path_for(parcel), {"report": "yes", "line2-what": "missing"})
    second = SignOff.objects.get(corrects=first)
    assert (second.outcome, second.channel) == ("partly", "portal")
    assert second.signed_at > first.signed_at
    page = client.get(path_for(parcel)).content.decode()
    assert "This replaces the earlier sign-off." in page
    again = client.post(path_for(parcel), {"report": "yes", "words": "Again."})
    assert (again.status_code, "This parcel was already signed for" in again.text) == (409, True)


def test_the_carriers_proof_stands_once_the_time_to_sign_is_over(client: Client, parcel: Parcel) -> None:
    sign_by_carrier(parcel, at=timezone.now() - timedelta(days=8))
    page = client.get(path_for(parcel)).content.decode()
    assert "The parcel has been signed for" in page
    assert "counted" not in page  # nobody has looked inside
    late = client.post(path_for(parcel), {"report": "yes", "words": "Late."})
    assert (late.status_code, "This parcel was already signed for" in late.text) == (409, True)


@pytest.mark.parametrize("spoil", [lambda link: link[:-1], lambda link: "x" + link, lambda link: "nonsense"])
def test_a_link_that_is_not_ours_leads_to_number_and_code(client: Client, parcel: Parcel, spoil: Any) -> None:
    link = path_for(parcel).split("/")[2]
    for response in (client.get(f"/sign/{spoil(link)}/"), client.post(f"/sign/{spoil(link)}/", {"as_ordered": "yes"})):
        assert response.status_code == 410
        assert 'href="/"' in response.content.decode()
    assert not SignOff.objects.exists()


def test_an_old_link_is_over(client: Client, parcel: Parcel) -> None:
    with time_machine.travel(timezone.now() - timedelta(days=91)):
        path = path_for(parcel)
    assert client.get(path).status_code == 410


def test_a_link_signed_for_something_else_opens_nothing(client: Client, parcel: Parcel) -> None:
    forged = signing.dumps(parcel.token, salt="signoff.other")
    assert client.get(f"/sign/{forged}/").status_code == 410


def test_what_comes_back_to_the_shop_is_not_signed_for_here(client: Client, parcel: Parcel) -> None:
    parcel.direction = "return"
    parcel.save()
    assert client.get(path_for(parcel)).status_code == 410
    enter(client, parcel.order)
    assert client.get(reverse("signoff:sign", args=[parcel.order.token, parcel.token])).status_code == 404


def test_the_link_shows_what_is_in_the_parcel_and_nothing_of_whose_it_is(client: Client, parcel: Parcel) -> None:
    order = parcel.order
    DestinationFactory(order=order, street="Geheimweg 1")
    pages = [client.get(path_for(parcel)).content.decode()]
    sign(parcel, DeliveryReport(words="Told by phone."), channel="phone", name="Frau Nachbarin")
    pages.append(client.get(path_for(parcel)).content.decode())
    secret = [
        order.customer.name,
        order.customer.email,
        order.number,
        "Geheimweg",
        "20.00",
        "60.00",
        "Nachbarin",
        "Told by",
    ]
    assert [word for page in pages for word in secret if word in page] == []
    assert all("Paper lantern, large" in page for page in pages)
    enter(client, order)
    assert "Told by phone." in client.get(_entered(parcel)).content.decode()


def test_the_parcels_of_others_do_not_exist(client: Client, parcel: Parcel) -> None:
    other = ParcelFactory()
    enter(client, parcel.order)
    for order, token in ((other.order, other.token), (parcel.order, other.token), (other.order, parcel.token)):
        path = reverse("signoff:sign", args=[order.token, token])
        assert client.get(path).status_code == 404
        assert client.post(path, {"as_ordered": "yes"}).status_code == 404
    assert not SignOff.objects.exists()


def _entered(parcel: Parcel) -> str:
    return reverse("signoff:sign", args=[parcel.order.token, parcel.token])


def test_the_orders_page_leads_to_the_parcels_that_can_be_signed_for(client: Client) -> None:
    order = OrderFactory()
    now = timezone.now()
    waits, signed, returned, old = (
        ParcelFactory(order=order, shipped_at=now - timedelta(days=days), direction=direction)
        for days, direction in ((1, "outbound"), (2, "outbound"), (3, "return"), (91, "outbound"))
    )
    sign(signed, DeliveryReport(refused_for="damaged"), channel="portal")
    enter(client, order)
    page = client.get(f"/orders/{order.token}/").content.decode()
    assert [_entered(parcel) in page for parcel in (waits, signed, returned, old)] == [True, True, False, False]
    assert page.count("Already arrived? Sign for it") == 1
    assert "refused at the door" in page


@pytest.mark.parametrize("rows", [1, 3])
def test_the_pages_of_signing_ask_as_often_for_three_lines_as_for_one(
    client: Client, rows: int, django_assert_num_queries: Any
) -> None:
    parcel = ParcelFactory(order=OrderFactory(lines=[(2, "20.00")] * rows))
    SignOffPhotoFactory(parcel=parcel)
    with django_assert_num_queries(7):
        client.get(path_for(parcel))
    sign(parcel, DeliveryReport(refused_for="damaged", words="Wet."), channel="portal")
    with django_assert_num_queries(7):
        client.get(path_for(parcel))
