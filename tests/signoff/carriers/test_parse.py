"""Pushed and asked for, newest or oldest first, with and without zones: one list of events."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from signoff.carriers import PROVIDERS, Event, Harm, TrackingUpdate, UnreadableMessage
from signoff.carriers.messages import Code
from tests.signoff.carriers.messages import EXAMPLES, example, packed

NAMES = sorted(EXAMPLES)
PROMISE = date(2026, 11, 20)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


FIRST, LAST = at("2026-11-18 08:00"), at("2026-11-20 10:30")
MORNING = at("2026-11-19 09:00")
EXPECTED = {
    "easypost": TrackingUpdate(
        "EZ1",
        "UPS",
        PROMISE,
        (
            Event(FIRST, Code.REGISTERED, "Label"),
            Event(at("2026-11-19 17:00"), Code.EXCEPTION, "Dented", "Oakland, CA, US", Harm.DAMAGED),
            Event(LAST, Code.DELIVERED, "Left at door"),
        ),
    ),
    "aftership": TrackingUpdate(
        "AS1",
        "dhl",
        PROMISE,
        (
            Event(FIRST, Code.REGISTERED, "Booked"),
            Event(MORNING, Code.EXCEPTION, "Refused"),
            Event(LAST, Code.RETURNED, "Back", "Köln, Germany"),
        ),
    ),
    "shippo": TrackingUpdate(
        "SH1",
        "usps",
        PROMISE,
        (
            Event(FIRST, Code.REGISTERED, "Label"),
            Event(MORNING, Code.OUT_FOR_DELIVERY, "On the van", "Reno, NV, US"),
            Event(LAST, Code.DELIVERED, "Mailbox"),
        ),
    ),
    "17track": TrackingUpdate(
        "ST1",
        "China Post",
        PROMISE,
        (
            Event(FIRST, Code.REGISTERED, "Got"),
            Event(at("2026-11-19 01:00"), Code.IN_TRANSIT, "Hub"),
            Event(LAST, Code.EXCEPTION, "Hub", "Kazan", Harm.LOST),
        ),
    ),
    "kuaidi100": TrackingUpdate(
        "KD1",
        "shunfeng",
        None,
        (
            Event(FIRST, Code.IN_TRANSIT, "已揽收", "深圳市"),
            Event(MORNING, Code.OUT_FOR_DELIVERY, "派件中"),
            Event(LAST, Code.DELIVERED, "已签收"),
        ),
    ),
    "kdniao": TrackingUpdate(
        "KN1",
        "ZTO",
        PROMISE,
        (
            Event(FIRST, Code.IN_TRANSIT, "已收件", "深圳"),
            Event(MORNING, Code.OUT_FOR_DELIVERY, "派件中"),
            Event(LAST, Code.DELIVERED, "已签收"),
        ),
    ),
}
ASKED_FOR: dict[str, Any] = {
    "easypost": lambda message: {"trackers": [message["result"]], "has_more": False},
    "aftership": lambda message: {"meta": {"code": 200}, "data": {"trackings": [message["msg"]]}},
    "shippo": lambda message: message["data"],
    "17track": lambda message: {"code": 0, "data": {"accepted": [message["data"]], "rejected": []}},
    "kuaidi100": lambda message: {"message": "ok", "status": "200", **message["lastResult"]},
    "kdniao": lambda message: message["Data"][0],
}


@pytest.mark.parametrize("name", NAMES)
def test_a_pushed_message_is_read(name: str) -> None:
    assert PROVIDERS[name].parse(packed(name, example(name))) == [EXPECTED[name]]


@pytest.mark.parametrize("name", NAMES)
def test_the_answer_to_a_question_tells_the_same(name: str) -> None:
    assert PROVIDERS[name].parse(json.dumps(ASKED_FOR[name](example(name))).encode()) == [EXPECTED[name]]


@pytest.mark.parametrize("name", NAMES)
def test_newest_first_and_each_event_twice_tell_the_same(name: str) -> None:
    message = example(name)
    events = EXAMPLES[name][1](message)
    events[:] = [*reversed(events), *events]
    assert PROVIDERS[name].parse(packed(name, message)) == [EXPECTED[name]]


@pytest.mark.parametrize("name", NAMES)
def test_a_replayed_message_tells_equal_events(name: str) -> None:
    body = packed(name, example(name))
    assert PROVIDERS[name].parse(body) == PROVIDERS[name].parse(body)


@pytest.mark.parametrize("name", NAMES)
def test_an_unknown_status_word_is_a_parcel_on_its_way(name: str) -> None:
    message = example(name)
    for row in EXAMPLES[name][1](message):
        row |= dict.fromkeys(("status", "tag", "subtag", "stage", "sub_status", "statusCode", "Action"), "Teleported_1")
        row |= {"status_detail": "x", "substatus": {"code": "x"}}
    (update,) = PROVIDERS[name].parse(packed(name, message))
    assert {event.code for event in update.events[:-1]} == {Code.IN_TRANSIT}


@pytest.mark.parametrize("name", NAMES)
def test_an_event_without_a_time_is_none_and_one_with_a_wrong_time_is_refused(name: str) -> None:
    message = example(name)
    row = EXAMPLES[name][1](message)[0]
    times = {"datetime", "checkpoint_time", "status_date", "time_utc", "ftime", "AcceptTime"} & set(row)
    row |= dict.fromkeys(times, None)
    (update,) = PROVIDERS[name].parse(packed(name, message))
    assert update.events == EXPECTED[name].events[1:]
    for wrong in ("soon", "0000-00-00 00:00:00", "1066-10-14", "9999-12-31T23:59:59-12:00"):
        row |= dict.fromkeys(times, wrong)
        with pytest.raises(UnreadableMessage, match="is not a time such as"):
            PROVIDERS[name].parse(packed(name, message))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("number", "sentence"),
    [("", "has no tracking number"), (None, "has no tracking number"), ("9" * 81, "longer than 80 characters")],
)
def test_a_message_without_a_usable_number_is_refused(name: str, number: str | None, sentence: str) -> None:
    body = packed(name, example(name)).decode()
    for known in ("EZ1", "AS1", "SH1", "ST1", "KD1", "KN1"):
        body = body.replace(known, "NUMBER")
    quoted = ("%22NUMBER%22", "null") if "%22NUMBER%22" in body else ('"NUMBER"', "null")
    body = body.replace(*quoted) if number is None else body.replace("NUMBER", number)
    with pytest.raises(UnreadableMessage, match=sentence):
        PROVIDERS[name].parse(body.encode())


@pytest.mark.parametrize("name", NAMES)
def test_cells_are_cut_to_what_can_be_stored(name: str) -> None:
    message = example(name)
    row = EXAMPLES[name][1](message)[0]
    keys = {"message", "status_details", "description", "context", "AcceptStation"} & set(row)
    row |= dict.fromkeys(keys, "\u202e🎁\x00\x01\n" + "长" * 400)
    (update,) = PROVIDERS[name].parse(packed(name, message))
    assert update.events[0].description == ("\u202e🎁 " + "长" * 400)[:250]


@pytest.mark.parametrize("name", NAMES)
def test_too_large_a_message_too_many_events_and_no_text_at_all_are_refused(name: str) -> None:
    read = PROVIDERS[name].parse
    with pytest.raises(UnreadableMessage, match="larger than 1 MB"):
        read(b" " * 1_048_577)
    with pytest.raises(UnreadableMessage, match="not text in UTF-8"):
        read(b"{\xff\xfe}")
    for nothing in (b"", b"null", b"{}", b"<xml/>", b"param", b"[" * 100_000):
        with pytest.raises(UnreadableMessage, match=r"Check|Make sure"):
            read(nothing)
    message = example(name)
    EXAMPLES[name][1](message)[:] = [{}] * 5_001
    with pytest.raises(UnreadableMessage, match="more than 5000 rows"):
        read(packed(name, message))


def test_a_half_of_a_surrogate_pair_does_not_reach_the_database() -> None:
    message = example("shippo")
    message["data"]["tracking_history"][0]["status_details"] = "\ud83d cut"
    (update,) = PROVIDERS["shippo"].parse(json.dumps(message).encode())
    assert update.events[0].description == "cut"


@pytest.mark.parametrize(
    ("name", "message", "sentence"),
    [
        ("aftership", {"meta": {"code": 4004, "message": "Tracking does not exist."}, "data": {}}, "does not exist"),
        ("17track", {"code": 0, "data": {"accepted": [], "rejected": [{"error": {"message": "Not yours"}}]}}, "yours"),
        ("17track", {"code": -1, "data": {"errors": [{"code": -18010002, "message": "Bad key"}]}}, "Bad key"),
        ("kuaidi100", {"result": False, "returnCode": "500", "message": "查询无结果"}, "查询无结果"),
        ("kuaidi100", {"status": "abort", "message": "3天查询无记录", "lastResult": {}}, "3天查询无记录"),
        ("kdniao", {"Success": False, "Reason": "没有可用套餐", "LogisticCode": "1"}, "没有可用套餐"),
    ],
)
def test_a_providers_refusal_is_told_in_its_words(name: str, message: Any, sentence: str) -> None:
    with pytest.raises(UnreadableMessage, match=sentence):
        PROVIDERS[name].parse(json.dumps(message).encode())


def test_a_parcel_from_abroad_has_the_events_of_both_countries() -> None:
    message = example("kuaidi100")
    message["destResult"] = {
        "nu": "KD1",
        "com": "japanposten",
        "state": "5",
        "data": [{"context": "引受", "time": "2026-11-21 09:00:00", "status": "派件"}],
    }
    (update,) = PROVIDERS["kuaidi100"].parse(packed("kuaidi100", message))
    assert [event.code for event in update.events][2:] == [Code.DELIVERED, Code.OUT_FOR_DELIVERY]


@pytest.mark.parametrize(
    ("state", "code", "harm"),
    [
        ("209", Code.EXCEPTION, Harm.DAMAGED),
        ("501", Code.READY_FOR_PICKUP, None),
        ("399", Code.DELIVERED, None),
        ("14", Code.RETURNED, None),
        ("102", Code.REGISTERED, None),
    ],
)
def test_a_finer_state_of_kuaidi100_is_understood_by_itself_or_its_family(
    state: str, code: Code, harm: Harm | None
) -> None:
    message = example("kuaidi100")
    message["lastResult"]["data"][1]["statusCode"] = state
    (update,) = PROVIDERS["kuaidi100"].parse(packed("kuaidi100", message))
    assert (update.events[1].code, update.events[1].harm) == (code, harm)
