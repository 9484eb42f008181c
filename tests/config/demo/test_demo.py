"""The demo: believable, made by the product's own actions, the same from the same seed."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.db.models import Count
from django.test import Client
from django.utils import timezone

from config.demo.drawings import DRAWINGS, svg
from config.demo.loader import load_demo
from config.demo.messages import write_messages
from config.demo.orders import SOURCES
from config.demo.startup_message import orders_to_sign_for, untouched_orders
from config.demo.stories import FAULT_STEPS, STORIES
from feedback.messages.topics import TOPICS_OF_SIGNATURES
from feedback.models import Message
from feedback.parcel_notices.actions import notify_deliveries
from inspection.models import UnknownParcel
from inspection.unknown_parcels.queries import suggestions
from refunds.approvals.actions import approvers_needed
from refunds.approvals.queries import count_approvals
from refunds.models import Claim, Resolution
from returns.models import Case, Contact
from signoff.db.required import required
from signoff.models import (
    DeliveryTerms,
    Destination,
    ExceptionKind,
    Order,
    OrderAnomaly,
    OrderImport,
    OrderLine,
    Parcel,
    ParcelException,
    Rating,
    SignOff,
    SignOffLine,
    Violation,
    Watch,
)
from signoff.signoffs.links import path_for

TODAY = datetime(2026, 11, 2, 9, tzinfo=UTC)
FEW = {"kiln-and-kettle": 60, "guiyan": 40}


pytestmark = pytest.mark.slow


def small() -> list[Any]:
    """Each story once in each shop, but without the long tails."""
    return [replace(story, count=1) for story in STORIES]


def loaded(seed: int) -> list[Any]:
    """What the demo made, before all of it is taken back."""
    stories = [replace(story, count=1) for story in STORIES[:6]]
    with transaction.atomic():
        load_demo(orders=FEW, stories=stories, fault_steps=FAULT_STEPS[:3], today=TODAY, seed=seed)
        orders = Order.objects.order_by("pk").values_list("number", "total", "customer__name", "placed_at")
        cases = Case.objects.order_by("pk").values_list("order__number", "status", "value", "language", "opened_at")
        signed = SignOff.objects.order_by("pk").values_list("order__number", "outcome", "channel", "signed_at")
        troubles = ParcelException.objects.order_by("pk").values_list("parcel__tracking_number", "kind", "settled_as")
        unknown = UnknownParcel.objects.order_by("pk").values_list("sender", "phone", "weight", "arrived_at")
        calls = Contact.objects.alias(drafts_begun=Count("drafts")).filter(drafts_begun=2).order_by("drafts")
        calls = calls.values_list("channel", "caller", "drafts__order__number", "started_at")
        made = [*orders, *cases, *signed, *troubles, *unknown, *calls]
        transaction.set_rollback(True)
    return made


@pytest.mark.django_db(transaction=True)
def test_every_story_can_be_played_and_every_state_is_there() -> None:
    load_demo(orders=FEW, stories=small(), today=TODAY)
    assert set(Case.objects.values_list("status", flat=True)) == set(Case.Status.values)
    assert Case.objects.filter(opened_at__gt=TODAY).count() == 0
    assert len(untouched_orders()) == 4
    _a_call_opened_two_linked_cases()
    _unknown_parcels_wait_and_one_has_a_likely_case()
    assert any(_half_approved(plan) for plan in Resolution.objects.filter(superseded_at=None, approved_at=None))


def _a_call_opened_two_linked_cases() -> None:
    [contact] = [one for one in Contact.objects.all() if one.drafts.count() == 2]
    first, second = contact.cases()
    assert (contact.channel, first.customer, first.status) == ("phone", second.customer, "submitted")
    assert first.order != second.order
    assert contact.caller == required(first.customer).name


def _unknown_parcels_wait_and_one_has_a_likely_case() -> None:
    parcels = UnknownParcel.objects.order_by("pk")
    assert [(parcel.case, parcel.photos.count()) for parcel in parcels] == [(None, 1), (None, 1)]
    found = [suggestions(parcel) for parcel in parcels]
    assert [bool(rows) for rows in found] == [True, False]
    assert len(found[0][0].reasons) == 2


@pytest.mark.django_db(transaction=True)
def test_parcels_are_in_every_state_and_what_they_did_shows_in_scores(client: Client) -> None:
    load_demo(stories=[], today=TODAY)
    _mails_about_waiting_parcels_have_links(client)
    _parcels_have_whereabouts()
    _every_way_of_signing_is_there()
    _troubles_are_open_and_settled()
    _violations_are_open_confirmed_and_waived()
    _files_came_in()


@pytest.mark.django_db(transaction=True)
def test_the_workers_mail_nothing_that_shoppers_have_heard() -> None:
    now = timezone.now()
    load_demo(orders={"kiln-and-kettle": 160, "guiyan": 30}, stories=[], today=now)
    write_messages(now)
    receipts = Message.objects.filter(topic__in=TOPICS_OF_SIGNATURES)
    assert receipts.exists()
    assert len(receipts) == len({receipt.parcel_id for receipt in receipts})
    assert not Message.objects.filter(status=Message.Status.QUEUED, created_at__lt=now - timedelta(days=1)).exists()
    notify_deliveries()
    assert len(receipts) == receipts.count()


def _parcels_have_whereabouts() -> None:
    bought = Order.objects.filter(source__in=SOURCES).exclude(number__startswith="38")  # of the file that is imported
    assert Destination.objects.filter(order__in=bought).exclude(street="").count() == bought.count()
    assert not OrderLine.objects.filter(order__in=bought, supplier="").exists()
    assert not Parcel.objects.filter(warehouse="").exists()
    assert DeliveryTerms.objects.count() == 2


def _every_way_of_signing_is_there() -> None:
    assert set(SignOff.objects.values_list("outcome", flat=True)) == set(SignOff.Outcome.values)
    assert set(SignOff.objects.values_list("channel", flat=True)) == {"portal", "phone", "carrier", "timer"}
    assert not SignOff.objects.exclude(pk__in=SignOffLine.objects.values("sign_off")).exists()
    assert not SignOff.objects.with_consequences().filter(case_origin=None).exists()
    refused = SignOff.objects.filter(outcome=SignOff.Outcome.REFUSED)
    assert all(sign_off.photos.exists() and sign_off.case_origin.case.evidence.exists() for sign_off in refused)
    assert set(Rating.objects.values_list("about", flat=True)) == set(Rating.About.values)


def _troubles_are_open_and_settled() -> None:
    rows = ParcelException.objects
    assert set(rows.values_list("kind", flat=True)) == set(ExceptionKind.values)
    assert {"", *ParcelException.Settled.values} == set(rows.values_list("settled_as", flat=True))
    assert not rows.filter(told_at=None, settled_at=None).exists()
    assert Watch.objects.filter(sign_due_at=None).exists()
    assert Watch.objects.filter(warned_at__isnull=False).exists()


def _violations_are_open_confirmed_and_waived() -> None:
    assert set(Violation.objects.values_list("status", flat=True)) == set(Violation.Status.values)
    confirmed = Violation.objects.filter(status=Violation.Status.CONFIRMED)
    assert Claim.objects.count() == confirmed.count()
    real = ("顺丰速运", "中通快递", "圆通速递")
    assert not Violation.objects.filter(name__in=real).exists(), "nothing bad is told of those that exist"
    assert not ParcelException.objects.filter(parcel__carrier__in=real, parcel__direction="outbound").exists()


def _files_came_in() -> None:
    done = OrderImport.objects.filter(state=OrderImport.State.DONE)
    assert [one.outcome["refused"] for one in done] == [2, 2]
    assert OrderImport.objects.filter(state=OrderImport.State.SENT).count() == 1
    assert OrderAnomaly.objects.open().exists()
    assert OrderAnomaly.objects.exclude(settled_at=None).exists()


def _mails_about_waiting_parcels_have_links(client: Client) -> None:
    waiting = orders_to_sign_for()
    assert [order.shop.slug for order in waiting] == ["kiln-and-kettle", "guiyan"]
    for order in waiting:
        parcel = order.parcels.get()
        mail = Message.objects.get(parcel=parcel, topic="parcel_delivered")
        (link,) = re.findall(r"/sign/[^/\s]+/", mail.text)
        assert link.split(":")[0] == path_for(parcel).split(":")[0], "the same parcel"
        assert client.get(link).status_code == 200


def _half_approved(plan: Resolution) -> bool:
    """One of the two who must approve has done so."""
    return (count_approvals(plan), approvers_needed(plan)) == (1, 2)


@pytest.mark.long
@pytest.mark.django_db
def test_the_same_seed_makes_the_same_demo() -> None:
    first = loaded(seed=7)
    assert len(first) > 100
    assert loaded(seed=7) == first
    assert loaded(seed=8) != first


@pytest.mark.parametrize("name", DRAWINGS)
def test_the_articles_pictures_are_as_drawn(name: str) -> None:
    kept = Path(settings.BASE_DIR) / "static" / "demo" / f"{name}.svg"
    assert kept.read_text(encoding="utf-8") == svg(name), "run manage.py draw_demo"
