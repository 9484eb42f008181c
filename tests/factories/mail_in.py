"""Mails that arrived, and the addresses they answer to."""

import factory
from factory.django import DjangoModelFactory

from feedback.models import InboundMail, ReplyAddress
from tests.factories.returns import make_case
from tests.factories.signoff import PLACED


class ReplyAddressFactory(DjangoModelFactory):
    class Meta:
        model = ReplyAddress

    case = factory.LazyFunction(make_case)
    token = factory.Sequence(lambda n: f"token{n}")
    digest = factory.Sequence(lambda n: f"{n:064x}")


class InboundMailFactory(DjangoModelFactory):
    """A mail that nothing has read yet."""

    class Meta:
        model = InboundMail

    door = InboundMail.Door.IMAP
    digest = factory.Sequence(lambda n: f"{n:064x}")
    raw = b"From: anna@shopper.example\r\n\r\nWhere is it?"
    size = factory.LazyAttribute(lambda mail: len(mail.raw))
    received_at = PLACED
