"""Asking a tracking service: when, which one, by https alone, and what an answer that never comes does."""

import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.request import HTTPDefaultErrorHandler, HTTPErrorProcessor, HTTPSHandler, OpenerDirector, Request

import pytest

from signoff.carriers import Question
from signoff.carriers.payloads import MOST_BYTES
from signoff.models import Parcel, Watch
from signoff.parcels.terms import FIRST_POLL
from signoff.tracking.http import InsideTransaction, NoAnswer, NoRedirects, ask
from signoff.tracking.polling import pause_after, poll_due, polling_service
from tests.factories import PLACED, ParcelFactory, WatchFactory
from tests.signoff.carriers.messages import example

NOW = PLACED + timedelta(days=5)
NO_SERVICE = {"secrets": [], "key": "", "account": ""}


class Service(ThreadingHTTPServer):
    """A tracking service on this machine; ``asked`` are the paths and keys it was asked with."""

    daemon_threads = True
    status, body, location = 200, b"[]", ""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.asked: list[tuple[str, str | None]] = []

    def opener(self, request: Request) -> Any:
        """The product's opener with this machine in the place of every host."""
        opener = OpenerDirector()
        for handler in (Here(self.server_port), NoRedirects(), HTTPDefaultErrorHandler(), HTTPErrorProcessor()):
            opener.add_handler(handler)
        return opener.open(request, timeout=2)


class Answering(BaseHTTPRequestHandler):
    server: Service

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers.get("Authorization")))
        self.send_response(self.server.status)
        if self.server.location:
            self.send_header("Location", self.server.location)
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, *args: Any) -> None:
        """Says nothing."""


class Here(HTTPSHandler):
    def __init__(self, port: int) -> None:
        super().__init__()
        self.port = port

    def https_open(self, request: Request) -> Any:
        def connect(_host: str, **options: Any) -> http.client.HTTPConnection:
            return http.client.HTTPConnection("127.0.0.1", self.port, timeout=options["timeout"])

        return self.do_open(connect, request)


@contextmanager
def running() -> Iterator[Service]:
    server = Service()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def service(settings: Any) -> Iterator[Service]:
    settings.TRACKING = {"easypost": NO_SERVICE | {"key": "EZK"}, "shippo": NO_SERVICE}
    settings.TRACKING_POLLS = ""
    with running() as server:
        yield server


def delivered(number: str) -> bytes:
    message = example("easypost")["result"]
    message["tracking_code"] = number
    message["tracking_details"] = [
        {"datetime": "2026-03-04T10:00:00Z", "message": "Left at door", "status": "delivered"}
    ]
    return json.dumps({"trackers": [message]}).encode()


def poll(service: Service) -> int:
    return poll_due(send=partial(ask, opener=service.opener), now=NOW)


@pytest.mark.django_db(transaction=True)
def test_whose_turn_it_is_is_asked_about_and_the_answer_applied(service: Service) -> None:
    parcel = WatchFactory(next_poll_at=NOW).parcel
    WatchFactory(next_poll_at=NOW + timedelta(minutes=1))
    WatchFactory(parcel=ParcelFactory(tracking_number="DONE"), next_poll_at=None)
    service.body = delivered(parcel.tracking_number)
    assert (poll(service), poll(service)) == (1, 0)
    assert service.asked == [(f"/v2/trackers?tracking_code={parcel.tracking_number}&carrier=DHL", "Basic RVpLOg==")]
    assert Parcel.objects.get(pk=parcel.pk).delivered_at


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("status", "body"), [(500, b"no"), (429, b""), (200, b"<html>"), (200, b'"' + b"x" * MOST_BYTES), (404, b"{}")]
)
def test_an_answer_that_is_none_changes_nothing_and_is_waited_for(service: Service, status: int, body: bytes) -> None:
    watch = WatchFactory(next_poll_at=NOW, begun_at=NOW - FIRST_POLL)
    service.status, service.body = status, body
    assert poll(service) == 1
    assert Watch.objects.get(pk=watch.pk).next_poll_at == NOW + timedelta(hours=4)


@pytest.mark.django_db(transaction=True)
def test_nobody_is_followed_to_another_address(service: Service) -> None:
    WatchFactory(next_poll_at=NOW)
    service.status, service.location = 302, "https://elsewhere.example/"
    poll(service)
    assert len(service.asked) == 1


@pytest.mark.django_db(transaction=True)
def test_a_service_that_is_not_there_is_asked_later() -> None:
    def gone(request: Request) -> Any:
        raise ConnectionRefusedError

    with pytest.raises(NoAnswer, match="ConnectionRefusedError"):
        ask(Question("GET", "https://api.example/"), opener=gone)
    with pytest.raises(NoAnswer, match="https only"):
        ask(Question("GET", "http://api.example/"), opener=gone)


@pytest.mark.django_db
def test_nobody_is_waited_for_inside_a_transaction() -> None:
    with pytest.raises(InsideTransaction):
        ask(Question("GET", "https://api.example/"))


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


@pytest.mark.django_db(transaction=True)
def test_the_real_opener_talks_tls_or_not_at_all() -> None:
    with running() as server:
        address = f"https://127.0.0.1:{server.server_port}/"
        with pytest.raises(NoAnswer, match="SSL"):
            ask(Question("GET", address))
    assert server.asked == []
    with pytest.raises(NoAnswer, match="ConnectionRefusedError"):
        ask(Question("POST", address, body=b"{}"))
