"""What tracking services push, over HTTP: taken once when rightly signed, else refused with a sentence."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from signoff.carriers.payloads import MAX_BYTES
from signoff.models import Parcel, TrackingMessage
from signoff.tracking.webhooks import MAX_ATTEMPTS, delete_old_messages, process_messages
from tests.datafiles import needed
from tests.factories import ParcelFactory, TrackingMessageFactory
from tests.factories.carrier_messages import EXAMPLES, example_message, sign_message, sign_text
from tests.signoff.carriers.test_payloads import EXPECTED, PAYLOADS

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, tzinfo=UTC)
SECRET, NAMES = "whsec-0123456789", sorted(EXAMPLES)
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(autouse=True)
def _secrets(settings: Any) -> None:
    settings.TRACKING = {name: {"secrets": ["older", SECRET], "key": "", "account": "1237100"} for name in NAMES}


def push(client: Client, name: str, body: bytes, headers: dict[str, str], *, query: str = "") -> Any:
    kind = FORM if name in ("kuaidi100", "kdniao") else "application/json"
    return client.post(f"/hooks/tracking/{name}/{query}", body, content_type=kind, headers=headers)


@pytest.mark.parametrize("name", NAMES)
def test_a_signed_message_is_kept_once_and_answered_alike_each_time(
    client: Client, name: str, nudges: list[str], django_capture_on_commit_callbacks: Any
) -> None:
    body, headers = sign_message(name, example_message(name), SECRET)
    with django_capture_on_commit_callbacks(execute=True):
        answers = [push(client, name, body, headers) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert [bytes(message.body) for message in TrackingMessage.objects.all()] == [body]
    assert nudges == ["config.tasks.wake"]


def test_the_chinese_services_hear_what_they_want(client: Client) -> None:
    responses = {
        name: push(client, name, *sign_message(name, example_message(name), SECRET)).json()
        for name in ("kuaidi100", "kdniao")
    }
    assert responses["kuaidi100"] == {"result": True, "returnCode": "200", "message": "成功"}
    assert (responses["kdniao"]["EBusinessID"], responses["kdniao"]["Success"]) == ("1237100", True)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_not_rightly_signed_is_refused_with_a_sentence(client: Client, name: str) -> None:
    body, headers = sign_message(name, example_message(name), "a stranger's")
    plain = b"RequestData={}&param={}" if name in ("kuaidi100", "kdniao") else body
    for answer in (push(client, name, body, headers), push(client, name, plain, {})):
        assert (answer.status_code, answer.text[-1]) == (401, ".")
    assert not TrackingMessage.objects.exists()


def test_without_a_secret_nothing_is_taken(client: Client, settings: Any) -> None:
    settings.TRACKING["easypost"]["secrets"] = []
    answer = push(client, "easypost", *sign_message("easypost", example_message("easypost"), ""))
    assert (answer.status_code, "No secret has been entered for EasyPost" in answer.text) == (401, True)


def test_shippos_token_in_the_address_proves_as_well(client: Client) -> None:
    body, _headers = sign_message("shippo", example_message("shippo"), SECRET)
    assert push(client, "shippo", body, {}, query=f"?token={SECRET}").status_code == 200
    assert push(client, "shippo", body, {}, query="?token=guessed").status_code == 401
    assert push(client, "easypost", body, {}, query=f"?token={SECRET}").status_code == 401


def test_an_unknown_service_is_not_found_and_nothing_is_read_here(client: Client) -> None:
    assert push(client, "pigeon", b"{}", {}).status_code == 404
    assert client.get("/hooks/tracking/easypost/").status_code == 405


def test_a_message_larger_than_a_megabyte_is_refused_unread(client: Client) -> None:
    answer = push(client, "easypost", b"x" * (MAX_BYTES + 1), {})
    assert (answer.status_code, "larger than 1 MB" in answer.text) == (413, True)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_every_known_payload_goes_through_the_door_and_is_read_or_refused(client: Client, payload: str) -> None:
    name, text = payload.partition("/")[0], needed(f"formats/{payload}").read_text()
    numbers = {row[0] for row in EXPECTED.get(payload, [])}
    parcels = [ParcelFactory(tracking_number=number, order__placed_at="2012-01-01T00:00Z") for number in numbers]
    body, headers = sign_text(name, text, SECRET)
    assert push(client, name, b"{}", headers).status_code == 401
    assert push(client, name, body, headers).status_code == 200
    assert process_messages(NOW) == 1
    message = TrackingMessage.objects.get()
    assert (message.parcels, bool(message.problem), bytes(message.body)) == (len(numbers), payload not in EXPECTED, b"")
    assert [parcel.events.count() for parcel in parcels] == [row[3] for row in EXPECTED.get(payload, [])]


def test_a_number_that_nobody_knows_is_counted_and_forgotten(client: Client) -> None:
    push(client, "easypost", *sign_message("easypost", example_message("easypost"), SECRET))
    process_messages(NOW)
    message = TrackingMessage.objects.get()
    assert (message.parcels, message.problem) == (0, "There is no parcel with the number EZ1.")
    assert message.read_at


def test_a_message_that_fails_holds_up_nobody_and_is_given_up_after_a_few_tries() -> None:
    """A trigger of the test's own makes the rows of one parcel fail, as a fault of the database would."""
    bad, good = ParcelFactory(tracking_number="EZ1"), ParcelFactory(tracking_number="SH1")
    for name in ("easypost", "shippo"):
        body, _headers = sign_message(name, example_message(name), SECRET)
        TrackingMessageFactory(provider=name, body=body, read_at=None, digest=name)
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE signoff_trackingevent ADD CONSTRAINT not_this CHECK (parcel_id <> {bad.pk})")
    assert [process_messages(NOW) for _ in range(MAX_ATTEMPTS + 2)] == [1] + [0] * (MAX_ATTEMPTS + 1)
    waiting = TrackingMessage.objects.get(provider="easypost")
    assert (waiting.attempts, waiting.read_at, "worker log" in waiting.problem) == (MAX_ATTEMPTS, None, True)
    assert Parcel.objects.get(pk=good.pk).delivered_at


def test_messages_are_forgotten_after_a_month() -> None:
    TrackingMessageFactory()
    TrackingMessageFactory(received_at=timezone.now())
    assert delete_old_messages() == 1
