"""Shoppers are told about their parcels, each thing once, and what was told is marked."""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Thread

import pytest
from django.db import connections, transaction
from django.utils import timezone

from feedback.messages.outbox import send_due
from feedback.models import Message, MessageTemplate
from feedback.parcel_notices.actions import notify_deliveries
from returns.models import ReadingPlace
from signoff.carriers import Event, Harm, TrackingUpdate
from signoff.carriers.messages import Code
from signoff.models import ExceptionKind, Parcel, ParcelException, SignOff, Watch
from signoff.signoffs.actions import correct, sign, sign_by_carrier
from signoff.signoffs.rules import DeliveryReport, LineCount
from signoff.signoffs.timer import sign_due
from signoff.tracking.apply import apply_update
from tests.factories import ParcelExceptionFactory, SignOffFactory, UserFactory, WatchFactory
from tests.factories.parcel_messages import PARCEL_TOPICS, make_delivered_watch, make_exception, make_parcel

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
db = pytest.mark.django_db


def topics() -> list[str]:
    return list(Message.objects.order_by("pk").values_list("topic", flat=True))


def again(watch: Watch) -> Watch:
    return Watch.objects.get(pk=watch.pk)


@db
@pytest.mark.parametrize("topic", PARCEL_TOPICS)
def test_each_thing_is_told_once(topic: str) -> None:
    PARCEL_TOPICS[topic]()
    assert notify_deliveries() == 1
    assert notify_deliveries() == notify_deliveries(timezone.now() + HOUR) == 0
    assert topics() == [topic]


@db
def test_a_delivery_is_told_and_marked() -> None:
    watch, now = make_delivered_watch(), timezone.now()
    notify_deliveries(now)
    assert (again(watch).told_at, again(watch).warned_at) == (now, None)
    message = Message.objects.get()
    assert (message.parcel, message.dedupe_key) == (watch.parcel, f"{watch.parcel.token}/1")
    assert (message.created_at, message.next_try_at, message.status) == (now, now, "queued")


@db
@pytest.mark.parametrize(
    ("before", "told"), [(DAY + timedelta(seconds=1), []), (DAY, ["sign_off_due"]), (-2 * DAY, ["sign_off_due"])]
)
def test_the_shopper_is_warned_a_day_before_time_signs_and_not_sooner(before: timedelta, told: list[str]) -> None:
    watch = make_delivered_watch(told=True)
    now = watch.sign_due_at - before
    notify_deliveries(now)
    assert topics() == told
    assert again(watch).warned_at == (now if told else None)


@db
def test_time_that_stands_still_is_not_warned_about() -> None:
    watch = make_delivered_watch(told=True, due=HOUR)
    watch.paused_at = timezone.now()
    watch.save()
    notify_deliveries()
    assert topics() == []

    watch.paused_at = None
    watch.save()
    notify_deliveries()
    assert topics() == ["sign_off_due"]


@db
def test_a_warning_of_another_day_is_given_anew() -> None:
    watch = make_delivered_watch(told=True, due=HOUR)
    notify_deliveries()
    Watch.objects.update(warned_at=None, sign_due_at=watch.sign_due_at + 5 * DAY)  # as the timer does after a pause
    notify_deliveries()
    notify_deliveries(watch.sign_due_at + 4 * DAY)
    keys = Message.objects.order_by("pk").values_list("dedupe_key", flat=True)
    assert list(keys) == [f"{watch.parcel.token}/1", f"{watch.parcel.token}/2"]


@db
def test_who_hears_of_a_delivery_late_has_a_day_and_one_message() -> None:
    watch, now = make_delivered_watch(due=-DAY, language="en"), timezone.now()
    notify_deliveries(now)
    assert topics() == ["parcel_delivered"]
    assert again(watch).told_at == again(watch).warned_at == now
    tomorrow = (now + DAY).date()
    assert (
        f"{tomorrow.day} {tomorrow:%B} {tomorrow.year}"
        in Message.objects.get().text.partition("signed for automatically on ")[2]
    )


@db
def test_a_trouble_is_told_first_and_then_marked() -> None:
    trouble, now = make_exception(ExceptionKind.LOST), timezone.now()
    notify_deliveries(now)
    assert topics() == ["delivery_lost"]
    assert ParcelException.objects.get(pk=trouble.pk).told_at == now


@db
def test_only_the_worst_of_several_troubles_is_told() -> None:
    worst = make_exception(ExceptionKind.RETURNED)
    for kind in (ExceptionKind.LATE, ExceptionKind.SILENT):
        ParcelExceptionFactory(parcel=worst.parcel, kind=kind)
    notify_deliveries()
    assert topics() == ["delivery_returned"]
    assert not ParcelException.objects.filter(told_at=None).exists()


@db
def test_the_same_trouble_later_is_told_again() -> None:
    first = make_exception(ExceptionKind.SILENT)
    notify_deliveries()
    ParcelException.objects.update(settled_at=timezone.now(), settled_as="answered")
    ParcelExceptionFactory(parcel=first.parcel, kind=ExceptionKind.SILENT)
    notify_deliveries()
    assert topics() == ["delivery_silent"] * 2


@db
def test_what_is_settled_before_it_was_told_is_not_told() -> None:
    make_exception(ExceptionKind.LATE)
    ParcelException.objects.update(settled_at=timezone.now(), settled_as="arrived")
    assert notify_deliveries() == 0


@db
@pytest.mark.parametrize("kind", ExceptionKind.values)
def test_of_a_parcel_that_comes_back_its_case_tells(kind: str) -> None:
    trouble = make_exception(kind, direction=Parcel.Direction.RETURN)
    notify_deliveries()
    assert topics() == []
    assert ParcelException.objects.get(pk=trouble.pk).told_at


@db
def test_a_replacement_is_told_about_like_any_parcel() -> None:
    make_delivered_watch(direction=Parcel.Direction.REPLACEMENT)
    notify_deliveries()
    assert topics() == ["parcel_delivered"]


@db
@pytest.mark.parametrize("make", [make_delivered_watch, lambda **facts: make_exception(ExceptionKind.LOST, **facts)])
@pytest.mark.parametrize("nobody", ["without an address", "without a customer"])
def test_where_nobody_can_be_told_it_is_only_marked(make: Callable[..., Watch | ParcelException], nobody: str) -> None:
    row = make(email="")
    if nobody == "without a customer":
        order = row.parcel.order
        order.customer = None
        order.save()
    now = timezone.now()
    notify_deliveries(now)
    assert topics() == []
    assert type(row).objects.get(pk=row.pk).told_at == now


@db
def test_nobody_gets_mail_about_parcels_of_the_past() -> None:
    parcel = make_parcel(delivered_at=timezone.now() - DAY)  # nobody watches it
    signed = timezone.now() - timedelta(days=8)
    SignOffFactory(order=parcel.order, parcel=parcel, signed_at=signed)
    assert notify_deliveries() == 0


@db
def test_what_was_signed_for_at_once_is_told_in_one_message() -> None:
    sign_by_carrier(make_delivered_watch().parcel, at=timezone.now())
    notify_deliveries()
    assert topics() == ["signed_by_carrier"]


@db
def test_a_correction_gets_a_receipt_of_its_own_and_what_it_corrects_none_any_more() -> None:
    agent = UserFactory(role="agent")
    parcel = make_delivered_watch(told=True).parcel
    first = sign(parcel, DeliveryReport(), channel=SignOff.Channel.PORTAL)
    second = correct(first, _two_there(parcel), by=agent, channel=SignOff.Channel.PHONE)
    notify_deliveries()
    assert topics() == ["parcel_signed"]
    assert "2 of 3" in Message.objects.get().text

    correct(second, DeliveryReport(), by=agent, channel=SignOff.Channel.PHONE)
    notify_deliveries()
    assert [message.dedupe_key[-2:] for message in Message.objects.order_by("pk")] == ["/1", "/2"]


def _two_there(parcel: Parcel) -> DeliveryReport:
    return DeliveryReport({parcel.lines.get().order_line_id: LineCount(2)})


@db
def test_the_place_among_the_sign_offs_stays_ten_minutes_behind() -> None:
    signed = PARCEL_TOPICS["parcel_signed"]()
    notify_deliveries(signed.recorded_at + timedelta(minutes=9))
    assert ReadingPlace.objects.get(reader="sign_offs").entry == 0
    notify_deliveries(signed.recorded_at + timedelta(minutes=11))
    assert ReadingPlace.objects.get(reader="sign_offs").entry == signed.pk


@db
@pytest.mark.parametrize("topic", ["parcel_delivered", "delivery_lost"])
def test_broken_words_are_logged_stop_nobody_and_are_told_once_they_are_mended(
    topic: str, caplog: pytest.LogCaptureFixture
) -> None:
    broken = MessageTemplate.objects.get(topic=topic, language="zh-hans")
    body, broken.body = broken.body, "{% include 'base.html' %}"
    broken.save()
    PARCEL_TOPICS[topic](language="zh-hans")
    PARCEL_TOPICS[topic](language="en")

    assert notify_deliveries() == 1
    assert f"No message {topic} about parcel" in caplog.text
    assert list(Message.objects.values_list("language", flat=True)) == ["en"]

    broken.body = body
    broken.save()
    assert notify_deliveries() == 1
    assert list(Message.objects.order_by("pk").values_list("language", flat=True)) == ["en", "zh-hans"]


@db
def test_the_life_of_a_parcel_is_told_as_its_carrier_and_time_go_on() -> None:
    parcel, now = WatchFactory(parcel=make_parcel()).parcel, timezone.now()
    for moment, event in (
        (now, Event(now - HOUR, Code.EXCEPTION, "Torn open", harm=Harm.DAMAGED)),
        (now, Event(now, Code.DELIVERED, "Handed over")),
        (now + 6 * DAY, None),
        (now + 7 * DAY, None),
    ):
        if event:
            apply_update(parcel, TrackingUpdate(parcel.tracking_number, parcel.carrier, events=(event,)), now=moment)
        sign_due(moment)
        notify_deliveries(moment)
    assert topics() == ["delivery_damaged", "parcel_delivered", "sign_off_due", "signed_by_time"]


@pytest.mark.django_db(transaction=True)
def test_three_sweeps_at_once_tell_each_thing_once() -> None:
    for way in PARCEL_TOPICS.values():
        way()
    now = timezone.now()

    def work(moment: datetime = now) -> None:
        notify_deliveries(moment)
        connections.close_all()

    sweeps = [Thread(target=work) for _ in range(3)]
    for sweep in sweeps:
        sweep.start()
    for sweep in sweeps:
        sweep.join()
    notify_deliveries()

    assert sorted(topics()) == sorted(PARCEL_TOPICS)


@pytest.mark.django_db(transaction=True)
def test_a_parcel_that_somebody_is_at_is_told_about_by_the_next_sweep() -> None:
    watch = make_delivered_watch()
    done: list[int] = []

    def work() -> None:
        done.append(notify_deliveries())
        connections.close_all()

    with transaction.atomic():
        Parcel.objects.select_for_update().get(pk=watch.pk)
        sweep = Thread(target=work)
        sweep.start()
        sweep.join()
    assert done == [0]
    assert notify_deliveries() == 1


@pytest.mark.django_db(transaction=True)
def test_a_delivery_reaches_the_shopper(mailoutbox: list) -> None:
    watch = make_delivered_watch()
    notify_deliveries()
    assert send_due() == 1
    (letter,) = mailoutbox
    assert letter.to == [watch.parcel.order.customer.email]
    assert "/sign/" in letter.body
    assert "Check and sign for it" in letter.alternatives[0].content
