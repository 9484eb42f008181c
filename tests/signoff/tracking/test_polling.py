"""Asking a tracking service: when, which one, by https alone, and what an answer that never comes does."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from signoff.carriers import TrackingRequest
from signoff.carriers.payloads import MAX_BYTES
from signoff.models import Parcel, Watch
from signoff.parcels.terms import FIRST_POLL
from signoff.tracking.http import send_request
from signoff.tracking.polling import pause_after, poll_due, polling_service
from signoff.web.outbound import NotHttps, PrivateAddress, TooLarge
from tests.factories import PLACED, ParcelFactory, WatchFactory
from tests.factories.carrier_messages import example_message
from tests.signoff.web.https_server import HttpsServer, https_server

NOW = PLACED + timedelta(days=5)
NO_SERVICE = {"secrets": [], "key": "", "account": ""}


@pytest.fixture
def service(settings: Any) -> Iterator[HttpsServer]:
    settings.TRACKING = {"easypost": NO_SERVICE | {"key": "EZK"}, "shippo": NO_SERVICE}
    settings.TRACKING_POLLS = ""
    with https_server("api.easypost.com") as server:
        yield server


def delivered(number: str) -> bytes:
    message = example_message("easypost")["result"]
    message["tracking_code"] = number
    message["tracking_details"] = [
        {"datetime": "2026-03-04T10:00:00Z", "message": "Left at door", "status": "delivered"}
    ]
    return json.dumps({"trackers": [message]}).encode()


def poll(service: HttpsServer) -> int:
    return poll_due(send=partial(send_request, network=service.network), now=NOW)


@pytest.mark.django_db(transaction=True)
def test_whose_turn_it_is_is_asked_about_and_the_answer_applied(service: HttpsServer) -> None:
    parcel = WatchFactory(next_poll_at=NOW).parcel
    WatchFactory(next_poll_at=NOW + timedelta(minutes=1))
    WatchFactory(parcel=ParcelFactory(tracking_number="DONE"), next_poll_at=None)
    service.body = delivered(parcel.tracking_number)
    assert (poll(service), poll(service)) == (1, 0)
    assert service.asked == [
        ("api.easypost.com", f"/v2/trackers?tracking_code={parcel.tracking_number}&carrier=DHL", "Basic RVpLOg==")
    ]
    assert Parcel.objects.get(pk=parcel.pk).delivered_at


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("status", "body"), [(500, b"no"), (429, b""), (200, b"<html>"), (200, b'"' + b"x" * MAX_BYTES), (404, b"{}")]
)
def test_an_answer_that_is_none_changes_nothing_and_is_waited_for(
    service: HttpsServer, status: int, body: bytes
) -> None:
    watch = WatchFactory(next_poll_at=NOW, begun_at=NOW - FIRST_POLL)
    service.status, service.body = status, body
    assert poll(service) == 1
    assert Watch.objects.get(pk=watch.pk).next_poll_at == NOW + timedelta(hours=4)


@pytest.mark.django_db(transaction=True)
def test_nobody_is_followed_to_another_address(service: HttpsServer) -> None:
    WatchFactory(next_poll_at=NOW)
    service.status, service.headers = 302, {"Location": "https://elsewhere.example/"}
    poll(service)
    assert len(service.asked) == 1


@pytest.mark.django_db(transaction=True)
def test_a_service_that_is_not_there_is_asked_later(service: HttpsServer) -> None:
    watch = WatchFactory(next_poll_at=NOW, begun_at=NOW - FIRST_POLL)
    unknown = replace(service.network, resolve=lambda host, port: [])
    assert poll_due(send=partial(send_request, network=unknown), now=NOW) == 1
    assert Watch.objects.get(pk=watch.pk).next_poll_at == NOW + timedelta(hours=4)


def test_a_service_may_send_one_megabyte(service: HttpsServer) -> None:
    service.body = b"x" * MAX_BYTES
    question = TrackingRequest("GET", "https://api.easypost.com/")
    assert send_request(question, network=service.network) == service.body
    service.body += b"x"
    with pytest.raises(TooLarge):
        send_request(question, network=service.network)


def test_services_are_asked_by_https_alone_and_never_on_this_machine() -> None:
    with pytest.raises(NotHttps):
        send_request(TrackingRequest("GET", "http://api.easypost.com/"))
    with pytest.raises(PrivateAddress):
        send_request(TrackingRequest("POST", "https://localhost/", body=b"{}"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("chosen", "with_key", "asked"),
    [
        ("", [], ""),
        ("", ["shippo"], "shippo"),
        ("", ["shippo", "easypost"], ""),
        ("easypost", ["shippo", "easypost"], "easypost"),
        ("easypost", ["shippo"], ""),
        ("pigeon", ["shippo"], ""),
    ],
)
def test_the_chosen_service_is_asked_or_the_only_one_with_a_key(
    settings: Any, chosen: str, with_key: list[str], asked: str
) -> None:
    settings.TRACKING = {name: NO_SERVICE | {"key": "k" * (name in with_key)} for name in ("easypost", "shippo")}
    settings.TRACKING_POLLS = chosen
    WatchFactory(next_poll_at=NOW)
    assert polling_service() == asked
    if not asked:
        assert poll_due(now=NOW) == 0


def test_questions_come_after_one_five_and_seventeen_hours() -> None:
    watched, asked = FIRST_POLL, []
    for _ in range(3):
        asked.append(watched)
        watched += pause_after(watched)
    assert asked == [timedelta(hours=hours) for hours in (1, 5, 17)]
