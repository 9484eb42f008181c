"""Messages, surveys and answers."""

from datetime import timedelta

import factory
from factory.django import DjangoModelFactory

from feedback.models import Answer, Message, MessageTemplate, Survey
from tests.factories.parcels import ParcelFactory
from tests.factories.returns import make_case
from tests.factories.signoff import PLACED

TOLD = PLACED + timedelta(days=10)


class MessageTemplateFactory(DjangoModelFactory):
    """Words for a topic of its own, so that the shipped templates stay as they are."""

    class Meta:
        model = MessageTemplate

    topic = factory.Sequence(lambda n: f"topic_{n}")
    language = "en"
    subject = "Your request {{ number }}"
    body = "Dear {{ name }},\n\nwe have your request."


class MessageFactory(DjangoModelFactory):
    """A message that waits to be sent."""

    class Meta:
        model = Message

    case = factory.LazyFunction(make_case)
    topic = "received"
    dedupe_key = factory.Sequence(lambda n: f"case/{n}")
    language = factory.SelfAttribute("case.language")
    to = factory.LazyAttribute(lambda message: message.case.customer.email)
    subject = "Your request is here"
    text = "Dear shopper,\n\nwe have your request."
    created_at = TOLD
    next_try_at = TOLD


class ParcelMessageFactory(MessageFactory):
    """A message about a parcel."""

    case = None
    parcel = factory.SubFactory(ParcelFactory)
    topic = "parcel_delivered"
    dedupe_key = factory.LazyAttribute(lambda message: f"{message.parcel.token}/1")
    language = "en"
    to = factory.LazyAttribute(lambda message: message.parcel.order.customer.email)
    subject = "Your parcel is there"


class SurveyFactory(DjangoModelFactory):
    """A survey that nobody has answered yet."""

    class Meta:
        model = Survey

    case = factory.LazyFunction(make_case)
    asked_at = TOLD


class AnswerFactory(DjangoModelFactory):
    class Meta:
        model = Answer

    survey = factory.SubFactory(SurveyFactory)
    satisfaction = 5
    ease = 4
    words = "Quick and friendly."
    answered_at = TOLD + timedelta(days=1)
