"""Agents record a sign-off for a shopper, correct it, and see who said what."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from signoff.models import Discrepancy, Parcel, SignOff, SignOffPhoto
from signoff.parcels.contents import contents_of
from signoff.signoffs.actions import correct, sign
from signoff.signoffs.rules import DeliveryReport, LineCount
from tests.factories import OrderFactory, ParcelFactory, SignOffPhotoFactory, UserFactory
from tests.pictures.corpus import upload

pytestmark = pytest.mark.django_db

SAID = {"channel": "phone", "said_by": "neighbour", "name": "Frau Li"}


@pytest.fixture
def parcel() -> Parcel:
    return ParcelFactory(order=OrderFactory(lines=[(3, "20.00"), (1, "50.00")]))


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(UserFactory(role="agent", first_name="Mei", last_name="Sato"))
    return client


def record_path(parcel: Parcel) -> str:
    return f"/desk/orders/{parcel.order.token}/parcels/{parcel.token}/sign/"


def correct_path(parcel: Parcel, number: int) -> str:
    return f"/desk/orders/{parcel.order.token}/parcels/{parcel.token}/sign-offs/{number}/correct/"


def when(ago: timedelta = timedelta(hours=2)) -> dict[str, str]:
    return {"signed_at": timezone.localtime(timezone.now() - ago).strftime("%Y-%m-%dT%H:%M")}


def order_page(desk: Client, parcel: Parcel) -> str:
    return desk.get(f"/desk/orders/{parcel.order.token}/").content.decode()


def test_a_caller_signs_by_telephone(desk: Client, parcel: Parcel) -> None:
    assert record_path(parcel) in order_page(desk, parcel)
    assert "Record sign-off" in desk.get(record_path(parcel)).content.decode()
    said = SAID | when() | {"line1-counted": "2", "line2-defective": "1", "line2-words": "Dead.", "words": "Annoyed."}
    page = desk.post(record_path(parcel), said, follow=True).content.decode()
    sign_off = SignOff.objects.get()
    assert (sign_off.channel, sign_off.said_by, sign_off.outcome) == ("phone", "neighbour", "partly")
    assert sign_off.recorded_by.username in page or "Mei Sato" in page
    assert timezone.now() - sign_off.signed_at > timedelta(hours=1)
    assert sorted(Discrepancy.objects.values_list("kind", "quantity")) == [("defective", 1), ("missing", 1)]
    for words in ("Sign-off recorded.", "2 of 3", "Dead.", "Annoyed.", "Frau Li", "partly accepted"):
        assert words in page


def test_everything_as_ordered_takes_no_numbers(desk: Client, parcel: Parcel) -> None:
    desk.post(record_path(parcel), SAID | when())
    assert SignOff.objects.get().outcome == "accepted"


def test_refused_at_the_door_by_a_caller(desk: Client, parcel: Parcel) -> None:
    desk.post(record_path(parcel), SAID | when() | {"refused_for": "damaged", "line1-counted": "nonsense"})
    assert SignOff.objects.get().outcome == "refused"


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"channel": ""}, "Choose how you heard about it."),
        ({"channel": "timer"}, "Choose how you heard about it."),
        ({"said_by": "nobody"}, "Choose who accepted the parcel."),
        ({"signed_at": ""}, "Enter the date and time."),
        ({"signed_at": "tomorrow"}, "Enter the date and time, as in"),
        ({"signed_at": "9999-12-31T23:59"}, "That is in the future."),
        ({"signed_at": "0001-01-01T00:00"}, "That is before the order was placed."),
        ({"line1-counted": "4"}, "Only 3 items were sent"),
        ({"line1-counted": "x"}, "Enter the number of items in digits."),
        ({"refused_for": "boredom"}, "Choose what fits best."),
    ],
)
def test_what_cannot_be_recorded_gets_a_sentence_and_stays_typed(
    desk: Client, parcel: Parcel, said: dict[str, str], sentence: str
) -> None:
    page = desk.post(record_path(parcel), SAID | when() | {"words": "Kept."} | said).content.decode()
    assert sentence in page
    assert "Kept." in page
    assert not SignOff.objects.exists()


def test_pictures_are_kept_even_when_the_rest_is_refused(desk: Client, parcel: Parcel) -> None:
    said = SAID | when()
    page = desk.post(record_path(parcel), said | {"channel": "", "pictures": upload("orient_landscape_1.jpg")})
    assert "/delivery-photos/" in page.content.decode()
    desk.post(record_path(parcel), said)
    assert SignOffPhoto.objects.get().sign_off == SignOff.objects.get()


def test_a_picture_that_has_no_room_is_refused_and_nothing_is_signed(desk: Client, parcel: Parcel) -> None:
    SignOffPhotoFactory.create_batch(12, parcel=parcel)
    page = desk.post(record_path(parcel), SAID | when() | {"pictures": upload("orient_landscape_1.jpg")})
    assert "At most 12 photos can be kept here." in page.content.decode()
    assert not SignOff.objects.exists()


def test_too_late_is_told_what_was_signed_and_keeps_the_words(desk: Client, parcel: Parcel) -> None:
    sign(parcel, DeliveryReport(refused_for="damaged"), channel="portal")
    response = desk.post(record_path(parcel), SAID | when() | {"words": "He says all is well."})
    page = response.content.decode()
    assert response.status_code == 409
    assert "This parcel was already signed for" in page
    assert "refused at the door" in page
    assert "He says all is well." in page


def test_a_correction_begins_with_what_was_said_and_the_old_one_stays_to_be_read(desk: Client, parcel: Parcel) -> None:
    lamps, kettle = (content.line.pk for content in contents_of(parcel))
    receipt = DeliveryReport({lamps: LineCount(2, {"damaged": 1}, "Shards."), kettle: LineCount(0)}, "First words.")
    first = sign(parcel, receipt, channel="portal")
    page = desk.get(correct_path(parcel, 1)).content.decode()
    for begun in ('name="line1-counted" id="id_line1-counted" value="2"', "Shards.", "First words."):
        assert begun in page
    said = SAID | when() | {"line1-counted": "3", "line2-counted": "1", "words": "It was in the cupboard."}
    page = desk.post(correct_path(parcel, 1), said, follow=True).content.decode()
    second = SignOff.objects.get(corrects=first)
    assert second.outcome == "with_remarks"
    for words in ("It was in the cupboard.", "1 sign-off that was corrected", "First words.", correct_path(parcel, 2)):
        assert words in page


def test_a_correction_of_what_was_corrected_meanwhile_is_refused(desk: Client, parcel: Parcel) -> None:
    first = sign(parcel, DeliveryReport(refused_for="wrong_item"), channel="portal")
    assert "checked" in desk.get(correct_path(parcel, 1)).content.decode()
    correct(first, DeliveryReport(), channel="phone", by=None)
    response = desk.post(correct_path(parcel, 1), SAID | when() | {"words": "Mine."})
    assert response.status_code == 409
    assert "This sign-off has since been corrected." in response.content.decode()
    assert "Mine." in response.content.decode()
    assert SignOff.objects.count() == 2


def test_what_is_not_there_is_not_found(desk: Client, parcel: Parcel) -> None:
    sign(parcel, DeliveryReport(), channel="portal")
    other = ParcelFactory()
    returned = ParcelFactory(order=parcel.order, direction="return")
    wrong = record_path(other).replace(other.order.token, parcel.order.token)
    paths = [correct_path(parcel, 0), correct_path(parcel, 2), correct_path(other, 1), record_path(returned), wrong]
    assert [desk.get(path).status_code for path in paths] == [404] * 5


@pytest.mark.parametrize("role", ["inspector", "finance"])
def test_who_may_not_sign_sees_no_button_and_is_refused(client: Client, parcel: Parcel, role: str) -> None:
    client.force_login(UserFactory(role=role))
    assert record_path(parcel) not in order_page(client, parcel)
    assert client.post(record_path(parcel), SAID | when()).status_code == 403


@pytest.mark.parametrize("parcels", [1, 3])
def test_the_orders_page_asks_as_often_for_many_sign_offs(
    desk: Client, parcels: int, django_assert_num_queries: Any
) -> None:
    order = OrderFactory(lines=[(3, "20.00"), (1, "50.00")])
    for _number in range(parcels):
        first = sign(ParcelFactory(order=order), DeliveryReport(words="One."), channel="portal", name="A")
        correct(first, DeliveryReport(words="Two."), channel="phone", by=UserFactory(role="agent"))
    with django_assert_num_queries(8):
        page = desk.get(f"/desk/orders/{order.token}/").content.decode()
    assert page.count("1 sign-off that was corrected") == parcels


def test_a_sign_off_without_a_parcel_is_shown(desk: Client, parcel: Parcel) -> None:
    first: Any = SignOff.objects.create(
        order=parcel.order, outcome="accepted", channel="counter", signed_at=timezone.now()
    )
    correct(first, DeliveryReport(words="On paper."), channel="email", by=None)
    page = order_page(desk, parcel)
    assert "Without a parcel" in page
    assert "On paper." in page
    assert "1 sign-off that was corrected" in page
