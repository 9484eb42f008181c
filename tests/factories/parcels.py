"""Parcels, their contents, tracking and sign-offs."""

from datetime import timedelta
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from signoff.models import (
    DeliveryTerms,
    Discrepancy,
    ExceptionKind,
    Failing,
    OutgoingWebhook,
    Parcel,
    ParcelException,
    ParcelLine,
    Rating,
    ScoreRule,
    ScoreSnapshot,
    SignOff,
    SignOffLine,
    SignOffNote,
    SignOffPhoto,
    Subject,
    TrackingEvent,
    TrackingMessage,
    Violation,
    Watch,
)
from tests.factories.signoff import PLACED, OrderFactory, ShopFactory


class ParcelFactory(DjangoModelFactory):
    """A parcel on its way to the shopper; ``direction="return"`` for one that comes back."""

    class Meta:
        model = Parcel

    order = factory.SubFactory(OrderFactory)
    direction = Parcel.Direction.OUTBOUND
    carrier = "DHL"
    tracking_number = factory.Sequence(lambda n: f"JJD{n:010}")
    shipped_at = PLACED + timedelta(days=1)


class ParcelLineFactory(DjangoModelFactory):
    """One unit of the order's first line in its parcel."""

    class Meta:
        model = ParcelLine

    parcel = factory.SubFactory(ParcelFactory)
    order_line = factory.LazyAttribute(lambda line: line.parcel.order.lines.first())
    quantity = 1


class TrackingEventFactory(DjangoModelFactory):
    class Meta:
        model = TrackingEvent

    parcel = factory.SubFactory(ParcelFactory)
    occurred_at = PLACED + timedelta(days=2)
    code = TrackingEvent.Code.DELIVERED
    place = "Hamburg"


class SignOffFactory(DjangoModelFactory):
    """The shopper took the parcel over; a row can never be changed, make another with ``corrects``."""

    class Meta:
        model = SignOff

    order = factory.SubFactory(OrderFactory)
    parcel = factory.SubFactory(ParcelFactory, order=factory.SelfAttribute("..order"))
    outcome = SignOff.Outcome.ACCEPTED
    channel = SignOff.Channel.PORTAL
    signed_at = PLACED + timedelta(days=2)


class SignOffLineFactory(DjangoModelFactory):
    """Two of three units were counted."""

    class Meta:
        model = SignOffLine

    sign_off = factory.SubFactory(SignOffFactory, outcome=SignOff.Outcome.PARTLY)
    order_line = factory.LazyAttribute(lambda line: line.sign_off.order.lines.first())
    expected = 3
    counted = 2


class DiscrepancyFactory(DjangoModelFactory):
    class Meta:
        model = Discrepancy

    line = factory.SubFactory(SignOffLineFactory)
    kind = Discrepancy.Kind.MISSING
    quantity = 1


class SignOffNoteFactory(DjangoModelFactory):
    class Meta:
        model = SignOffNote

    sign_off = factory.SubFactory(SignOffFactory)
    name = "Anna Schmidt"
    words = "The box was wet."


class SignOffPhotoFactory(DjangoModelFactory):
    """The row of a picture of the parcel's outside, before anybody signs; ``publish`` makes whole ones."""

    class Meta:
        model = SignOffPhoto

    parcel = factory.SubFactory(ParcelFactory)
    file = "pictures/ef/ef.jpg"
    thumbnail = "thumbnails/ef/ef.jpg"


class RatingFactory(DjangoModelFactory):
    class Meta:
        model = Rating

    order = factory.SubFactory(OrderFactory)
    about = Rating.About.SHOP
    stars = 4
    given_at = PLACED + timedelta(days=3)


class DeliveryTermsFactory(DjangoModelFactory):
    class Meta:
        model = DeliveryTerms

    shop = factory.SubFactory(ShopFactory)


class WatchFactory(DjangoModelFactory):
    """A parcel that somebody waits for."""

    class Meta:
        model = Watch

    parcel = factory.SubFactory(ParcelFactory)
    begun_at = PLACED + timedelta(days=1)
    heard_at = PLACED + timedelta(days=1)


class ParcelExceptionFactory(DjangoModelFactory):
    class Meta:
        model = ParcelException

    parcel = factory.SubFactory(ParcelFactory)
    kind = ExceptionKind.LOST
    since = PLACED + timedelta(days=4)
    found_at = PLACED + timedelta(days=4)


class TrackingMessageFactory(DjangoModelFactory):
    class Meta:
        model = TrackingMessage

    provider = "easypost"
    digest = factory.Sequence(lambda n: f"{n:064x}")
    body = b"{}"
    received_at = PLACED + timedelta(days=2)


class OutgoingWebhookFactory(DjangoModelFactory):
    class Meta:
        model = OutgoingWebhook

    shop = factory.SubFactory(ShopFactory)
    audience = OutgoingWebhook.Audience.SHOP
    topic = "parcel.signed"
    dedupe_key = factory.Sequence(str)
    payload = {"order": "L-5000"}
    created_at = PLACED + timedelta(days=2)


class ScoreRuleFactory(DjangoModelFactory):
    """More than three percent damaged within thirty days, of at least fifty parcels: five for each."""

    class Meta:
        model = ScoreRule

    shop = factory.SubFactory(ShopFactory)
    subject = Subject.CARRIER
    failing = Failing.DAMAGED
    above_percent = Decimal("3.00")
    penalty = Decimal("5.00")


class ScoreSnapshotFactory(DjangoModelFactory):
    """An empty count of the carriers' last thirty days."""

    class Meta:
        model = ScoreSnapshot

    shop = factory.SubFactory(ShopFactory)
    subject = "carrier"
    days = 30
    first_day = PLACED.date()
    counted_for = PLACED.date()
    counted_at = PLACED


class ViolationFactory(DjangoModelFactory):
    class Meta:
        model = Violation

    rule = factory.SubFactory(ScoreRuleFactory)
    name = "DHL"
    first_day = PLACED.date()
    last_day = PLACED.date() + timedelta(days=29)
    parcels = 100
    failed = 4
    penalty = Decimal("20.00")
    currency = "EUR"
    raised_at = PLACED + timedelta(days=30)
