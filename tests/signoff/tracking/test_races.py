"""Several workers at once: no event, exception or signature twice, and nothing left behind."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from signoff.carriers import TrackingRequest
from signoff.models import Parcel, ParcelException, TrackingMessage, Watch
from signoff.tracking.overdue import open_exceptions
from signoff.tracking.polling import poll_due
from signoff.tracking.webhooks import process_messages
from tests.factories import PLACED, DeliveryTermsFactory, ParcelFactory, TrackingMessageFactory, WatchFactory
from tests.factories.carrier_messages import example_message, message_body

pytestmark = pytest.mark.django_db(transaction=True)
NOW = PLACED + timedelta(days=300)
WORKERS = 6


def at_once(work: Callable[[], object]) -> None:
    """Let several workers do the same at the same moment; a failure of one is the test's."""
    start, failed = threading.Barrier(WORKERS), list[BaseException]()

    def run() -> None:
        start.wait()
        try:
            work()
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []


def test_workers_share_the_messages_and_apply_each_once() -> None:
    parcel = WatchFactory(parcel=ParcelFactory(tracking_number="EZ1")).parcel
    DeliveryTermsFactory(shop=parcel.order.shop, carrier_proof_signs=True)
    for number in range(12):
        message = example_message("easypost")
        message["description"] = f"copy {number}"
        TrackingMessageFactory(provider="easypost", body=message_body("easypost", message))
    at_once(lambda: process_messages(NOW))
    assert TrackingMessage.objects.filter(read_at=None).count() == 0
    assert (parcel.events.count(), parcel.sign_offs.count()) == (3, 1)
    assert list(parcel.exceptions.values_list("kind", flat=True)) == ["damaged"]
    assert Parcel.history.filter(id=parcel.pk).count() == 2
    assert not Watch.objects.exists()


def test_two_sweeps_find_each_parcel_once() -> None:
    for _ in range(20):
        WatchFactory(parcel=ParcelFactory(promised_on="2026-03-04"))
    at_once(lambda: open_exceptions(NOW))
    open_exceptions(NOW)
    assert ParcelException.objects.count() == 40


def test_a_parcel_that_arrives_while_it_is_looked_for_is_not_late_for_ever() -> None:
    for number in range(8):
        parcel = WatchFactory(parcel=ParcelFactory(tracking_number=f"EZ{number}", promised_on="2026-03-04")).parcel
        message = example_message("easypost")
        message["result"]["tracking_code"] = parcel.tracking_number
        TrackingMessageFactory(provider="easypost", body=message_body("easypost", message))
    turn = iter([open_exceptions, process_messages] * WORKERS)
    at_once(lambda: next(turn)(NOW))
    process_messages(NOW)
    assert not ParcelException.objects.open().filter(kind__in=["late", "silent"]).exists()


def test_workers_ask_about_each_parcel_once(settings: Any) -> None:
    settings.TRACKING, settings.TRACKING_POLLS = {"easypost": {"secrets": [], "key": "k", "account": ""}}, ""
    for _ in range(12):
        WatchFactory(next_poll_at=NOW)
    asked = list[str]()

    def send(question: TrackingRequest) -> bytes:
        asked.append(question.url)
        return b"[]"

    at_once(lambda: poll_due(send=send, now=NOW))
    assert len(asked) == len(set(asked)) == 12
