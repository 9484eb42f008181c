"""Tracking numbers: one normal form on both sides, words that are none, parcels that share a number or get it again."""

from datetime import timedelta
from typing import Any

import pytest

from signoff.carriers import PROVIDERS, Event, Harm, TrackingUpdate, easypost, kuaidi100, seventeentrack
from signoff.carriers.messages import Code, Meaning
from signoff.models import ExceptionKind, Parcel, Watch
from signoff.parcels.numbers import normal_number, split_numbers
from signoff.parcels.progress import journey_of
from signoff.tracking.apply import apply_update, apply_updates, find_parcels
from tests.datafiles import needed
from tests.factories import PLACED, OrderFactory, ParcelFactory

NOW = PLACED + timedelta(days=6)
YEAR = timedelta(days=365)


def event(day: float, code: Code = Code.IN_TRANSIT, harm: Harm | None = None, *, words: str = "") -> Event:
    return Event(PLACED + timedelta(days=day), code, words or f"{code} {day}", harm=harm)


def unsent(**values: Any) -> Parcel:
    """A parcel that nobody has reported as sent, so that it is not watched."""
    return ParcelFactory(shipped_at=None, **values)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1Z 999 AA1 01", ["1Z 999 AA1 01"]),
        ("1ZAAA1, 1ZAAA2", ["1ZAAA1", "1ZAAA2"]),
        ("1ZAAA1;1ZAAA2|1ZAAA3", ["1ZAAA1", "1ZAAA2", "1ZAAA3"]),
        ("1ZAAA1\n1zaaa1\n1ZAAA2", ["1ZAAA1", "1ZAAA2"]),
        ("YT1234567890 YT1234567891", ["YT1234567890", "YT1234567891"]),
        ("0034 0434 1234 5678", ["0034 0434 1234 5678"]),
        ("00340434123456/00340434123457", ["00340434123456", "00340434123457"]),
        ("1ZAAA1 and 1ZAAA2", ["1ZAAA1", "1ZAAA2"]),
        ("No:YT123，No:YT124", ["YT123", "YT124"]),
        ("顺丰：SF1234567890", ["SF1234567890"]),
        ("１ＺＡＡＡ１", ["1ZAAA1"]),
        ("N/A", []),
        ("N/A, 1ZAAA1", ["1ZAAA1"]),
        ("无", []),
        ("", []),
    ],
)
def test_the_numbers_of_a_cell_are_parted(text: str, numbers: list[str]) -> None:
    assert split_numbers(text) == numbers


@pytest.mark.parametrize(
    "text", ["N/A", "-", "—", "无", "無", "自提", "暂无", "0", "000 000", "none", "Selbstabholung"]
)
def test_a_placeholder_has_no_normal_form(text: str) -> None:
    assert normal_number(text) == ""


@pytest.mark.django_db
@pytest.mark.parametrize("stored", ["1Z 999 SPC 01", "1z999spc01", "1Z-999-SPC-01"])
@pytest.mark.parametrize("reported", ["1Z999SPC01", "1z 999 spc 01", "1Z.999.SPC.01"])
def test_a_message_finds_its_parcel_however_the_number_is_written(stored: str, reported: str) -> None:
    parcel = unsent(tracking_number=stored)
    assert find_parcels(TrackingUpdate(reported, parcel.carrier)) == [parcel]


@pytest.mark.django_db
def test_a_message_without_a_real_number_finds_no_parcel() -> None:
    ParcelFactory(tracking_number="N/A")
    assert find_parcels(TrackingUpdate("N/A", "")) == []


@pytest.mark.django_db
def test_two_orders_in_one_parcel_both_hear_of_it() -> None:
    parcels = [unsent(tracking_number=number, carrier=name) for number, name in (("1Z 9", ""), ("1z9", "UPS"))]
    apply_updates(TrackingUpdate("1Z9", "ups", events=(event(2),)), now=NOW)
    assert [parcel.events.count() for parcel in parcels] == [1, 1]
    assert Watch.objects.count() == 2


@pytest.mark.django_db
def test_a_number_that_is_used_again_after_a_year_is_a_new_journey() -> None:
    old = ParcelFactory(
        tracking_number="1Z9", shipped_at=PLACED + timedelta(days=1), delivered_at=PLACED + timedelta(days=3)
    )
    new = unsent(tracking_number="1Z9", order=OrderFactory(placed_at=PLACED + YEAR))
    update = TrackingUpdate("1Z9", "", events=(event(1), event(366), event(368, Code.RETURNED)))
    assert apply_updates(update, now=PLACED + YEAR + timedelta(days=6)) == (2, "")
    assert [list(parcel.events.values_list("occurred_at", flat=True)) for parcel in (old, new)] == [
        [PLACED + timedelta(days=1)], [PLACED + timedelta(days=366), PLACED + timedelta(days=368)],
    ]  # fmt: skip
    assert [list(parcel.exceptions.values_list("kind", flat=True)) for parcel in (old, new)] == [
        [], [ExceptionKind.RETURNED],
    ]  # fmt: skip


@pytest.mark.django_db
def test_a_number_that_is_used_again_soon_goes_to_the_order_that_was_placed_later() -> None:
    old = ParcelFactory(tracking_number="1Z9", delivered_at=PLACED + timedelta(days=3))
    new = unsent(tracking_number="1Z9", order=OrderFactory(placed_at=PLACED + timedelta(days=30)))
    apply_updates(TrackingUpdate("1Z9", "", events=(event(32),)), now=PLACED + timedelta(days=33))
    assert (old.events.count(), new.events.count()) == (0, 1)


@pytest.mark.django_db
def test_events_long_after_a_parcel_are_not_about_it_though_no_other_has_its_number() -> None:
    old = ParcelFactory(tracking_number="1Z9", delivered_at=PLACED + timedelta(days=3))
    count, problem = apply_updates(TrackingUpdate("1Z9", "", events=(event(340),)), now=PLACED + YEAR)
    assert (count, old.events.count()) == (1, 0)
    assert "Check whether the number belongs to another parcel" in problem


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("events", "kind"),
    [
        ((event(2, Code.RETURNED),), ExceptionKind.RETURNED),
        ((event(2, Code.EXCEPTION, Harm.LOST),), ExceptionKind.LOST),
        ((event(2, Code.EXCEPTION, Harm.DAMAGED),), ExceptionKind.DAMAGED),
        ((event(1), event(2, Code.RETURNED)), ExceptionKind.RETURNED),
    ],
)
def test_a_first_message_about_trouble_raises_it_on_a_parcel_that_is_not_watched(
    events: tuple[Event, ...], kind: str
) -> None:
    parcel = unsent()
    assert not Watch.objects.exists()
    apply_update(parcel, TrackingUpdate(parcel.tracking_number, parcel.carrier, events=events), now=NOW)
    assert list(parcel.exceptions.values_list("kind", "settled_as")) == [(kind, "")]


@pytest.mark.django_db
def test_trouble_of_long_ago_is_not_raised_where_nobody_waits() -> None:
    parcel = unsent()
    update = TrackingUpdate(parcel.tracking_number, parcel.carrier, events=(event(2, Code.RETURNED),))
    apply_update(parcel, update, now=PLACED + timedelta(days=70))
    assert not parcel.exceptions.exists()


@pytest.mark.django_db
def test_a_voided_label_is_not_sent_and_the_desk_sees_it() -> None:
    (update,) = PROVIDERS["easypost"].parse(needed("faults/easypost_label_voided.json").read_bytes())
    placed = update.events[0].occurred_at - timedelta(days=1)
    parcel = unsent(tracking_number="1Z999LOW01", carrier="UPS", order=OrderFactory(placed_at=placed))
    apply_updates(update, now=placed + timedelta(days=2))
    parcel = Parcel.objects.get(pk=parcel.pk)
    assert (parcel.shipped_at, Watch.objects.count(), parcel.exceptions.count()) == (None, 0, 0)
    assert [row.get_code_display() for row in parcel.events.all()] == ["label voided"]
    assert parcel.is_label_voided


@pytest.mark.django_db
def test_a_parcel_that_moved_is_sent_though_its_label_is_voided_later() -> None:
    parcel = unsent()
    events = (event(1, Code.REGISTERED), event(2), event(3, Code.VOIDED))
    apply_update(parcel, TrackingUpdate(parcel.tracking_number, parcel.carrier, events=events), now=NOW)
    parcel = Parcel.objects.get(pk=parcel.pk)
    assert (parcel.shipped_at, parcel.is_label_voided) == (PLACED + timedelta(days=2), False)


def test_a_label_that_was_made_and_voided_is_no_journey() -> None:
    journey = journey_of([event(1, Code.REGISTERED), event(2, Code.VOIDED)])
    assert (journey.sent_at, journey.returned_at, journey.exceptions) == (None, None, {})


@pytest.mark.parametrize(
    "meaning",
    [
        easypost._to_meaning({"status": "cancelled"}),
        seventeentrack._to_meaning("Exception", "Exception_Cancel"),
        kuaidi100._to_meaning("401"),
    ],
)
def test_what_services_call_a_cancelled_label_is_a_voided_one(meaning: Meaning) -> None:
    assert meaning == Meaning(Code.VOIDED)
