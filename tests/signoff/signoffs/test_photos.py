"""Photos of a delivery: stored at once, cleaned, limited in number, seen only by those concerned."""

from datetime import timedelta
from typing import Any

import pytest
from django.http.response import HttpResponseBase
from django.test import Client
from django.utils import timezone
from PIL import Image

from signoff.models import Parcel, SignOff, SignOffPhoto
from signoff.signoffs.links import path_for
from signoff.signoffs.photos import forget_photos
from tests.factories import OrderFactory, ParcelFactory, SignOffPhotoFactory, UserFactory
from tests.pictures.corpus import upload
from tests.steps.order_lookup import enter

pytestmark = pytest.mark.django_db

GOOD, OTHER, EMPTY = "orient_landscape_1.jpg", "orient_landscape_3.jpg", "empty.jpg"


@pytest.fixture
def parcel() -> Parcel:
    return ParcelFactory(order=OrderFactory(lines=[(3, "20.00"), (1, "50.00")]))


def send(client: Client, parcel: Parcel, said: dict[str, Any], **options: Any) -> str:
    return client.post(path_for(parcel), said, **options).content.decode()


def fetch(client: Client, path: str) -> HttpResponseBase:
    response = client.get(path)
    if response.streaming:
        list(response.streaming_content)  # a file is open until it was read
    return response


def test_photos_are_kept_at_once_even_when_the_rest_is_refused(client: Client, parcel: Parcel) -> None:
    said = {"report": "yes", "line1-counted": "9", "line1-photos": [upload(GOOD)], "outside-photos": [upload(OTHER)]}
    page = send(client, parcel, said)
    assert "Only 3 items were sent" in page
    lamps = parcel.order.lines.get(position=1)
    assert list(SignOffPhoto.objects.order_by("order_line").values_list("order_line", "sign_off")) == [
        (lamps.pk, None),
        (None, None),
    ]
    send(client, parcel, {"report": "yes", "line1-counted": "2", "line1-photos": [upload(GOOD)]})
    sign_off = SignOff.objects.get()
    assert sign_off.photos.count() == 2  # the same one was kept once


def test_a_bad_file_gets_its_sentence_and_the_words_stay(client: Client, parcel: Parcel) -> None:
    said = {"report": "yes", "line2-what": "damaged", "words": "Look!", "line2-photos": [upload(GOOD), upload(EMPTY)]}
    page = send(client, parcel, said)
    assert "empty.jpg: this file is empty" in page
    assert "Look!" in page
    assert SignOffPhoto.objects.count() == 1
    assert not SignOff.objects.exists()


def test_uploading_judges_nothing_yet(client: Client, parcel: Parcel) -> None:
    said = {"upload": "line1", "line1-counted": "9", "words": "Just typed.", "line1-photos": [upload(GOOD)]}
    page = send(client, parcel, said)
    assert "Only 3 items were sent" not in page
    assert "Just typed." in page
    assert 'value="9"' in page
    assert page.count("Remove photo 1") == 1


def test_with_scripts_only_the_photos_are_drawn_anew(client: Client, parcel: Parcel) -> None:
    htmx = {"HX-Request": "true", "HX-Target": "line1"}
    page = send(client, parcel, {"upload": "line1", "line1-photos": [upload(GOOD)]}, headers=htmx)
    assert page.lstrip().startswith('<div class="photos mb-3" id="line1">')
    photo = SignOffPhoto.objects.get()
    page = send(client, parcel, {"remove": str(photo.token)}, headers=htmx)
    assert "Remove photo" not in page
    assert not SignOffPhoto.objects.exists()


def test_twelve_at_most_for_a_parcel(client: Client, parcel: Parcel) -> None:
    for _number in range(11):
        SignOffPhotoFactory(parcel=parcel)
    said = {"upload": "outside", "outside-photos": [upload(GOOD)], "line1-photos": [upload(OTHER)]}
    assert "At most 12 photos can be kept here." in send(client, parcel, said)
    assert SignOffPhoto.objects.count() == 12


def test_a_photo_is_drawn_anew_without_what_the_camera_wrote(client: Client, parcel: Parcel) -> None:
    send(client, parcel, {"upload": "outside", "outside-photos": [upload(GOOD)]})
    with SignOffPhoto.objects.get().file.open() as file, Image.open(file) as picture:
        assert picture.format == "JPEG"
        assert dict(picture.getexif()) == {}
        assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi"}


def test_a_photo_is_seen_by_the_links_holder_the_owner_and_staff(client: Client, parcel: Parcel) -> None:
    send(client, parcel, {"upload": "outside", "outside-photos": [upload(GOOD)]})
    photo = SignOffPhoto.objects.get()
    by_link, plain = f"{path_for(parcel)}photos/{photo.token}/full", f"/delivery-photos/{photo.token}/full"
    foreign = f"{path_for(ParcelFactory())}photos/{photo.token}/full"
    forged = by_link.replace("/photos/", "x/photos/")
    assert [fetch(client, path).status_code for path in (by_link, plain, foreign, forged)] == [200, 404, 404, 404]
    assert fetch(client, by_link).headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert fetch(client, by_link.replace("full", "huge")).status_code == 404
    neighbour, owner, agent = Client(), Client(), Client()
    enter(neighbour, OrderFactory())
    enter(owner, parcel.order)
    agent.force_login(UserFactory(role="agent"))
    assert [fetch(who, plain).status_code for who in (neighbour, owner, agent)] == [404, 200, 200]


def test_photos_that_nobody_signed_with_are_forgotten_in_time(client: Client, parcel: Parcel) -> None:
    send(client, parcel, {"upload": "outside", "outside-photos": [upload(GOOD)]})
    forget_photos()
    assert SignOffPhoto.objects.count() == 1
    send(client, parcel, {"report": "yes", "words": "Dented."})
    SignOffPhotoFactory(parcel=parcel)
    forget_photos(now=timezone.now() + timedelta(days=101))
    assert list(SignOffPhoto.objects.values_list("sign_off", flat=True)) == [SignOff.objects.get().pk]
