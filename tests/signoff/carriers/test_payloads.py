"""Every payload of the six providers that the data folder holds: read with its known facts, or refused in words."""

from datetime import UTC, date, datetime

import pytest

from signoff.carriers import PROVIDERS, TrackingUpdate, UnreadableMessage
from signoff.carriers.messages import Code
from tests.datafiles import manifest, needed

EZ = [("EZ1000000001", "USPS", date(2025, 5, 9), 2, Code.REGISTERED, "2025-04-10 09:17:17", "HOUSTON, TX")]
POST = [
    ("9205590164917337534322", "usps", date(2016, 12, 8), 11, Code.DELIVERED, "2016-12-08 15:19:00", "Berkeley, CA, US")
]
QUIET = [("HH19260817", "4px", None, 0, None, None, None)]
QUIET_TOO = [("19260817", "china-post", None, 0, None, None, None)]

#: number, carrier, promise, how many events; the newest one's code, time in UTC and place
EXPECTED = {
    "easypost/event-body.json": [
        ("1", "FedEx", date(2024, 8, 5), 7, Code.IN_TRANSIT, "2024-08-02 18:50:00", "EDISON, NJ, US")
    ],
    "easypost/trackers-create.json": EZ,
    "easypost/trackers-list.json": EZ,
    "easypost/trackers-retrieve.json": EZ,
    # the documentation's own sample delivers three days before it is out for delivery
    "easypost/tracking-webhook.json": [
        (
            "EZ4000000004",
            "UPS",
            date(2014, 11, 27),
            6,
            Code.OUT_FOR_DELIVERY,
            "2014-11-24 08:10:00",
            "SAN FRANCISCO, CA, US",
        )
    ],
    "aftership/TrackingTestCase.test_create_tracking_0.json": QUIET,
    "aftership/TrackingTestCase.test_get_last_checkpoint_0.json": QUIET_TOO,
    "aftership/TrackingTestCase.test_get_tracking_0.json": QUIET,
    "aftership/TrackingTestCase.test_list_trackings_0.json": QUIET,
    "aftership/TrackingTestCase.test_list_trackings_1.json": QUIET,
    "aftership/TrackingTestCase.test_retrack_0.json": QUIET_TOO,
    "aftership/TrackingTestCase.test_update_tracking_0.json": QUIET_TOO,
    "shippo/track_test_create_0.json": POST,
    "shippo/track_test_get_status_0.json": POST,
    "17track/webhook_tracking_stopped.json": [("1234567890", "1001", None, 0, None, None, None)],
    "17track/webhook_tracking_updated_delivered.json": [
        ("1Z999AA10123456784", "UPS", None, 5, Code.DELIVERED, "2022-04-04 23:35:22", "GASQUET, CA, US")
    ],
    "kuaidi100/push_doc_sample.json": [
        ("V030344422", "shunfeng", None, 2, Code.IN_TRANSIT, "2012-08-28 08:33:19", "上海市")
    ],
    "kdniao/doc_sample_signed.json": [("638650888018", "ZTO", None, 4, Code.DELIVERED, "2014-06-25 02:23:03", "")],
}
PAYLOADS = sorted(row["path"] for row in manifest("formats") if row["path"].partition("/")[0] in PROVIDERS)


def facts(update: TrackingUpdate) -> tuple[object, ...]:
    last = update.events[-1] if update.events else None
    return (
        update.number,
        update.carrier,
        update.promised_on,
        len(update.events),
        last and last.code,
        last and f"{last.occurred_at:%Y-%m-%d %H:%M:%S}",
        last and last.place,
    )


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_is_read_with_its_known_facts_or_refused_with_a_sentence(payload: str) -> None:
    provider, body = PROVIDERS[payload.partition("/")[0]], needed(f"formats/{payload}").read_bytes()
    if payload in EXPECTED:
        assert [facts(update) for update in provider.parse(body)] == EXPECTED[payload]
    else:
        with pytest.raises(UnreadableMessage, match=r"\. (Check|Make sure) "):
            provider.parse(body)


def test_every_payload_with_known_facts_is_listed() -> None:
    assert set(EXPECTED) <= set(PAYLOADS)
    assert len(PAYLOADS) == 38


@pytest.mark.parametrize("payload", sorted(EXPECTED))
@pytest.mark.parametrize("other", sorted(PROVIDERS))
def test_a_payload_is_refused_by_every_other_provider(payload: str, other: str) -> None:
    if payload.startswith(other):
        return
    with pytest.raises(UnreadableMessage, match="This is not a tracking message from "):
        PROVIDERS[other].parse(needed(f"formats/{payload}").read_bytes())


def test_two_events_of_the_same_second_are_both_kept() -> None:
    (update,) = PROVIDERS["kdniao"].parse(needed("formats/kdniao/doc_sample_signed.json").read_bytes())
    assert [(event.occurred_at, event.description) for event in update.events[-2:]] == [
        (datetime(2014, 6, 25, 2, 23, 3, tzinfo=UTC), "派件已签收[深圳市]"),
        (datetime(2014, 6, 25, 2, 23, 3, tzinfo=UTC), "签收人是：已签收[深圳市]"),
    ]
