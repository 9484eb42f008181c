"""Parcels, what is in them, where they are, and who signed for them."""

from datetime import timedelta

import factory
from factory.django import DjangoModelFactory

from signoff.models import Parcel, ParcelLine, SignOff, TrackingEvent
from tests.factories.signoff import PLACED, OrderFactory


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
