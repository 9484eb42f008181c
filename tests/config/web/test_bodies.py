"""Bodies are refused by their length: words at most at most addresses, photos and files where those are sent."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from config.checks import iter_views
from returns.intake.drafts import choose, start
from signoff.imports.files.sniff import MAX_BYTES
from signoff.pictures.clean import FORM_MAX
from signoff.web.uploads import body_limit_of
from tests.factories import OrderFactory, ReasonFactory, UserFactory
from tests.steps.order_lookup import enter

pytestmark = pytest.mark.django_db
MEGABYTE = 1024**2


def limits() -> dict[str, int | None]:
    """The addresses that take more than words, or judge by themselves."""
    found = {address: body_limit_of(view, default=0) for address, view in iter_views()}
    return {address: limit for address, limit in found.items() if limit != 0}


def test_only_where_photos_and_files_are_sent_more_than_words_are_taken() -> None:
    photos = {address for address, limit in limits().items() if limit == FORM_MAX}
    steps = {address for address in photos if address.startswith("desk/cases/<str:number>/")}  # staff, one view for all
    assert photos - steps == {
        "^cases/(?P<number>[^/]+)/(?P<step>supply_information|appeal|reopen|ship|cancel)/$",
        "cases/<str:number>/write/",
        "demo/mail/<str:key>/answer/",
        "desk/bench/scan/",
        "desk/bench/unknown/",
        "desk/conversations/<str:token>/write/",
        "desk/requests/<str:contact>/<str:draft>/",
        "orders/<str:token>/ask/",
        "desk/orders/<str:token>/parcels/<str:parcel>/sign-offs/<int:number>/correct/",
        "desk/orders/<str:token>/parcels/<str:parcel>/sign/",
        "orders/<str:token>/parcels/<str:parcel>/sign/",
        "orders/<str:token>/request/<str:draft>/",
        "sign/<str:link>/",
    }
    assert {address for address, limit in limits().items() if limit == MAX_BYTES} == {"desk/imports/new/"}
    assert {address.partition("/")[0] for address, limit in limits().items() if limit is None} == {"api", "hooks"}


@pytest.mark.parametrize("path", ["/", "/accounts/login/", "/admin/login/", "/theme/"])
def test_a_long_body_gets_a_page_with_a_sentence(client: Client, settings: Any, path: str) -> None:
    answer = client.post(path, {"number": "x" * settings.BODY_MAX})
    assert answer.status_code == 413
    assert "larger than 2 MB, so it was not accepted" in answer.text
    assert "fewer or smaller photos" in answer.text


def test_a_body_of_the_limit_is_read(client: Client, settings: Any) -> None:
    settings.BODY_MAX = 200
    shorter = client.post("/", "number=1".ljust(200, "1"), content_type="application/x-www-form-urlencoded")
    longer = client.post("/", "number=1".ljust(201, "1"), content_type="application/x-www-form-urlencoded")
    assert (shorter.status_code, longer.status_code) == (200, 413)


@pytest.mark.parametrize("length", ["-1", "1e3", "٣", "abc"])
def test_a_length_that_is_no_number_is_refused(client: Client, length: str) -> None:
    answer = client.generic("POST", "/", b"", content_type="multipart/form-data", CONTENT_LENGTH=length)
    assert answer.status_code in (400, 413)


def test_a_body_without_a_length_is_refused(client: Client) -> None:
    assert client.post("/", {"number": "1"}, HTTP_TRANSFER_ENCODING="chunked").status_code == 411


def test_only_a_shopper_who_has_entered_may_send_photos(client: Client, settings: Any) -> None:
    settings.BODY_MAX = 1000
    order = OrderFactory()
    ReasonFactory(shop=order.shop)
    draft = choose(start(order), quantities={order.lines.first().pk: 1})
    path = reverse("returns:request-details", args=[order.token, draft.token])

    def sent() -> int:
        return client.post(path, {"upload": "1", "x": SimpleUploadedFile("a.jpg", b"x" * 2000)}).status_code

    assert sent() == 413
    enter(client, order)
    assert sent() == 302


def test_only_staff_may_send_files_to_import(client: Client, settings: Any) -> None:
    settings.BODY_MAX = 1000
    path = reverse("signoff:import-send")
    sent = {"x": SimpleUploadedFile("a.csv", b"x" * 2000)}
    assert client.post(path, sent).status_code == 413
    client.force_login(UserFactory(role="manager"))
    assert client.post(path, sent).status_code == 200
