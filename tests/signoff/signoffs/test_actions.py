"""Signing for a parcel: every outcome, once, with lines, words, photos and messages; corrected by a new sign-off."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from signoff.models import (
    Discrepancy,
    OutgoingWebhook,
    Parcel,
    ParcelException,
    SignOff,
    SignOffLine,
    SignOffNote,
    SignOffPhoto,
    Watch,
)
from signoff.parcels.contents import contents_of
from signoff.signoffs.actions import AlreadyCorrected, AlreadySigned, NeverSigned, correct, sign, sign_by_carrier
from signoff.signoffs.rules import DeliveryReport, DoesNotAddUp, LineCount
from tests.factories import (
    OrderFactory,
    ParcelExceptionFactory,
    ParcelFactory,
    ParcelLineFactory,
    SignOffPhotoFactory,
    UserFactory,
    WatchFactory,
)

pytestmark = pytest.mark.django_db

PORTAL = SignOff.Channel.PORTAL


@pytest.fixture
def parcel() -> Parcel:
    """Three lamps and a kettle, all in one parcel that nobody said the contents of."""
    return ParcelFactory(order=OrderFactory(lines=[(3, "20.00"), (1, "50.00")]))


def keys(parcel: Parcel) -> list[int]:
    return [content.line.pk for content in contents_of(parcel)]


def told(sign_off: SignOff) -> dict[str, Any]:
    return {
        "outcome": sign_off.outcome,
        "lines": list(sign_off.lines.values_list("order_line__position", "expected", "counted")),
        "wrong": sorted(
            Discrepancy.objects.filter(line__sign_off=sign_off).values_list(
                "line__order_line__position", "kind", "quantity"
            )
        ),
    }


def test_everything_as_ordered(parcel: Parcel) -> None:
    sign_off = sign(parcel, DeliveryReport(), channel=PORTAL, said_by="buyer")
    assert told(sign_off) == {"outcome": "accepted", "lines": [(1, 3, 3), (2, 1, 1)], "wrong": []}
    assert (sign_off.order, sign_off.parcel, sign_off.channel, sign_off.said_by) == (
        parcel.order,
        parcel,
        "portal",
        "buyer",
    )
    assert sign_off.recorded_by is None
    assert not SignOffNote.objects.exists()


def test_with_remarks(parcel: Parcel) -> None:
    sign_off = sign(parcel, DeliveryReport(words="The box was wet."), channel=PORTAL, name="Anna")
    assert told(sign_off)["outcome"] == "with_remarks"
    assert list(sign_off.notes.values_list("line", "name", "words")) == [(None, "Anna", "The box was wet.")]


def test_partly(parcel: Parcel) -> None:
    lamps, kettle = keys(parcel)
    receipt = DeliveryReport({lamps: LineCount(2, {"damaged": 1}, "Broken glass."), kettle: LineCount(0)})
    sign_off = sign(parcel, receipt, channel=PORTAL)
    assert told(sign_off) == {
        "outcome": "partly",
        "lines": [(1, 3, 2), (2, 1, 0)],
        "wrong": [(1, "damaged", 1), (1, "missing", 1), (2, "missing", 1)],
    }
    assert list(sign_off.notes.values_list("line__order_line", "words")) == [(lamps, "Broken glass.")]


def test_refused_at_the_door(parcel: Parcel) -> None:
    sign_off = sign(parcel, DeliveryReport(refused_for="damaged"), channel=PORTAL)
    assert told(sign_off) == {
        "outcome": "refused",
        "lines": [(1, 3, 3), (2, 1, 1)],
        "wrong": [(1, "damaged", 3), (2, "damaged", 1)],
    }


def test_recorded_for_a_caller(parcel: Parcel) -> None:
    agent, said = UserFactory(role="agent"), timezone.now() - timedelta(hours=3)
    sign_off = sign(
        parcel, DeliveryReport(), channel="phone", by=agent, said_by="neighbour", name="Mr. Li", signed_at=said
    )
    assert (sign_off.recorded_by, sign_off.said_by, sign_off.signed_at) == (agent, "neighbour", said)
    assert list(sign_off.notes.values_list("name", "words")) == [("Mr. Li", "")]


def test_only_what_is_in_the_parcel_is_signed_for(parcel: Parcel) -> None:
    ParcelLineFactory(parcel=parcel, quantity=2)
    other = ParcelFactory(order=parcel.order)
    assert told(sign(parcel, DeliveryReport(), channel=PORTAL))["lines"] == [(1, 2, 2)]
    assert told(sign(other, DeliveryReport(), channel=PORTAL))["lines"] == [(1, 1, 1), (2, 1, 1)]


def test_two_parcels_that_nobody_described_do_not_count_the_goods_twice(parcel: Parcel) -> None:
    other = ParcelFactory(order=parcel.order)
    assert len(told(sign(parcel, DeliveryReport(), channel=PORTAL))["lines"]) == 2
    assert told(sign(other, DeliveryReport(), channel=PORTAL))["lines"] == []


def test_nobody_waits_for_a_parcel_that_is_signed_for(parcel: Parcel) -> None:
    WatchFactory(parcel=parcel)
    late, damaged = (ParcelExceptionFactory(parcel=parcel, kind=kind) for kind in ("late", "damaged"))
    now = timezone.now()
    sign(parcel, DeliveryReport(), channel=PORTAL, now=now)
    parcel.refresh_from_db()
    late.refresh_from_db()
    assert parcel.delivered_at == now
    assert not Watch.objects.exists()
    assert late.settled_as == ParcelException.Settled.ARRIVED
    assert list(ParcelException.objects.open()) == [damaged]


def test_a_known_day_of_delivery_stays(parcel: Parcel) -> None:
    parcel.delivered_at = day = timezone.now() - timedelta(days=2)
    parcel.save()
    sign(parcel, DeliveryReport(), channel=PORTAL)
    assert Parcel.objects.get(pk=parcel.pk).delivered_at == day


def test_photos_that_wait_go_with_the_sign_off(parcel: Parcel) -> None:
    outside, elsewhere = SignOffPhotoFactory(parcel=parcel), SignOffPhotoFactory()
    sign_off = sign(parcel, DeliveryReport(words="Wet."), channel=PORTAL)
    assert list(sign_off.photos.all()) == [outside]
    assert list(SignOffPhoto.objects.filter(sign_off=None)) == [elsewhere]


def test_a_second_sign_off_is_told_what_was_signed(parcel: Parcel) -> None:
    first = sign(parcel, DeliveryReport(refused_for="damaged"), channel=PORTAL)
    with pytest.raises(AlreadySigned, match=r"already signed for on .*: refused") as late:
        sign(parcel, DeliveryReport(), channel="phone")
    assert late.value.sign_off == first
    assert SignOff.objects.count() == 1


def test_what_comes_back_is_not_signed_for() -> None:
    with pytest.raises(NeverSigned, match="Receive it at the inspection bench"):
        sign(ParcelFactory(direction="return"), DeliveryReport(), channel=PORTAL)


def test_nothing_is_written_when_it_does_not_add_up(parcel: Parcel) -> None:
    WatchFactory(parcel=parcel)
    with pytest.raises(DoesNotAddUp, match="Only 3 items were sent in this parcel"):
        sign(parcel, DeliveryReport({keys(parcel)[0]: LineCount(4)}), channel=PORTAL)
    assert not SignOff.objects.exists()
    assert Watch.objects.exists()


def test_the_carriers_proof_signs_once_and_gives_way_to_a_person(parcel: Parcel) -> None:
    waiting = SignOffPhotoFactory(parcel=parcel)
    at = timezone.now() - timedelta(hours=1)
    first = sign_by_carrier(parcel, at=at)
    assert (first.channel, first.outcome, first.signed_at, first.recorded_by) == ("carrier", "accepted", at, None)
    assert sign_by_carrier(parcel, at=at) == first
    assert list(SignOffPhoto.objects.filter(sign_off=None)) == [waiting]
    shopper = correct(first, DeliveryReport(refused_for="damaged"), channel=PORTAL, by=None)
    assert sign_by_carrier(parcel, at=at) == shopper
    assert list(shopper.photos.all()) == [waiting]


def test_a_correction_names_what_it_replaces_and_changes_nothing(parcel: Parcel) -> None:
    agent = UserFactory(role="agent")
    first = sign(parcel, DeliveryReport(), channel=PORTAL)
    second = correct(first, DeliveryReport({keys(parcel)[1]: LineCount(0)}), channel="phone", by=agent, said_by="buyer")
    assert (second.corrects, second.signed_at, second.recorded_by) == (first, first.signed_at, agent)
    assert told(second)["wrong"] == [(2, "missing", 1)]
    assert told(first) == {"outcome": "accepted", "lines": [(1, 3, 3), (2, 1, 1)], "wrong": []}
    with pytest.raises(AlreadyCorrected, match="has since been corrected") as late:
        correct(first, DeliveryReport(), channel="phone", by=agent)
    assert late.value.sign_off == second


def test_a_correction_counts_against_what_was_expected_before(parcel: Parcel) -> None:
    first = sign(parcel, DeliveryReport(), channel=PORTAL)
    ParcelLineFactory(parcel=parcel, quantity=1)
    assert told(correct(first, DeliveryReport(), channel="phone", by=None))["lines"] == [(1, 3, 3), (2, 1, 1)]


def test_a_sign_off_without_lines_or_parcel_can_be_corrected(parcel: Parcel) -> None:
    bare = SignOff.objects.create(order=parcel.order, outcome="accepted", channel="phone", signed_at=timezone.now())
    second = correct(bare, DeliveryReport({keys(parcel)[0]: LineCount(1)}), channel="phone", by=None)
    assert told(second)["wrong"] == [(1, "missing", 2)]


@pytest.mark.parametrize(
    ("sentence", "refusal"),
    [
        ("UPDATE {} SET id = id", "Cannot update or delete rows from"),
        ("DELETE FROM {}", "Cannot update or delete rows from"),
        ("TRUNCATE {} CASCADE", "is append-only and cannot be emptied"),
    ],
)
@pytest.mark.parametrize("model", [SignOff, SignOffLine, Discrepancy])
def test_the_database_refuses_to_change_what_was_signed(
    parcel: Parcel, model: Any, sentence: str, refusal: str
) -> None:
    sign(parcel, DeliveryReport(refused_for="damaged"), channel=PORTAL)
    connection.check_constraints()  # nothing is pending, so that the refusal is the trigger's
    with pytest.raises(DatabaseError, match=refusal), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sentence.format(model._meta.db_table))


def test_shop_and_carrier_are_told_without_personal_data(parcel: Parcel) -> None:
    lamps, _kettle = keys(parcel)
    now = timezone.now()
    receipt = DeliveryReport({lamps: LineCount(2, words="Secret words.")}, words="More words.")
    sign_off = sign(parcel, receipt, channel=PORTAL, name="Anna Schmidt", now=now)
    shop, carrier = OutgoingWebhook.objects.order_by("-audience")
    line = parcel.order.lines.get(pk=lamps)
    whole = {
        "version": 1,
        "topic": "parcel.signed",
        "parcel": {
            "token": parcel.token,
            "direction": "outbound",
            "carrier": "DHL",
            "tracking_number": parcel.tracking_number,
        },
        "outcome": "partly",
        "channel": "portal",
        "signed_at": now.isoformat(),
        "expected": 4,
        "counted": 3,
        "problems": {"missing": 1},
    }
    assert (carrier.audience, carrier.payload) == ("carrier", whole)
    assert shop.payload.pop("order") == {"number": parcel.order.number, "token": parcel.order.token, "external_id": ""}
    assert shop.payload.pop("lines")[0] == {
        "position": 1,
        "sku": line.sku,
        "external_id": "",
        "expected": 3,
        "counted": 2,
        "problems": {"missing": 1},
    }
    assert (shop.shop, shop.topic, shop.dedupe_key, shop.created_at, shop.sent_at) == (
        parcel.order.shop,
        "parcel.signed",
        f"sign-off/{sign_off.pk}/shop",
        now,
        None,
    )
    assert shop.payload == whole


def test_a_refusal_and_a_correction_are_told_by_their_names(parcel: Parcel) -> None:
    correct(
        sign(parcel, DeliveryReport(refused_for="damaged"), channel=PORTAL), DeliveryReport(), channel="phone", by=None
    )
    topics = OutgoingWebhook.objects.filter(audience="shop").order_by("pk").values_list("topic", flat=True)
    assert list(topics) == ["parcel.refused", "parcel.sign_off_corrected"]


def test_the_workers_are_woken_after_the_commit(
    parcel: Parcel, nudges: list[str], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        sign(parcel, DeliveryReport(), channel=PORTAL)
        assert nudges == []
    assert nudges == ["config.tasks.wake"]
