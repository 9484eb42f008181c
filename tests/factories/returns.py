"""Reasons, and cases with what the product's actions write for them: lines, words, pictures, the logbook."""

from typing import Any

import factory
from factory.django import DjangoModelFactory

from returns.intake.actions import Wish, open_case
from returns.logbook.statements import save_statement
from returns.models import (
    Case,
    CaseOrigin,
    Checkpoint,
    Draft,
    Evidence,
    Line,
    LogEntry,
    ReadingPlace,
    Reason,
    Statement,
)
from signoff.models import Order
from tests.factories.parcels import SignOffFactory
from tests.factories.people import UserFactory
from tests.factories.signoff import PLACED, OrderFactory, ShopFactory
from tests.steps.logbook import note


class ReasonFactory(DjangoModelFactory):
    class Meta:
        model = Reason
        django_get_or_create = ("shop", "code")

    shop = factory.SubFactory(ShopFactory)
    code = "defective"
    title_en = "It does not work"
    title_zh_hans = "商品有质量问题"
    title_zh_hant = "商品有品質問題"
    liability = Reason.Liability.SHOP
    freight_bearer = Reason.Liability.SHOP


def make_case(*, order: Order | None = None, quantity: int = 1, remedy: str = "refund", **options: Any) -> Case:
    """A submitted case about ``quantity`` units of the order's first line, opened by its customer."""
    order = order or OrderFactory()
    line = order.lines.first()
    wish = Wish(line, quantity, options.pop("reason", None) or ReasonFactory(shop=order.shop), remedy)
    return open_case(order, [wish], by=order.customer, **({"channel": Case.Channel.PORTAL} | options))


def make_line(**options: Any) -> Line:
    """The line of a case of its own: lines are made by opening cases."""
    return make_case(**options).lines.get()


def make_log_entry(case: Case | None = None, *, verb: str = "take", **facts: Any) -> LogEntry:
    """The next entry of the case's logbook, chained to the one before."""
    case = case or make_case()
    note(case, verb, by=UserFactory(role="agent"), **facts)
    return case.log.last()


def make_statement(case: Case | None = None, *, topic: str = Statement.Topic.QUESTION, words: str = "") -> Statement:
    """Words of an agent, said with the last logbook entry."""
    case = case or make_case()
    save_statement(case, topic=topic, words=words or "Which lamp is broken?", by=UserFactory(role="agent"))
    return case.statements.last()


class DraftFactory(DjangoModelFactory):
    """A request that names one unit of the order's first line and nothing else yet."""

    class Meta:
        model = Draft

    order = factory.SubFactory(OrderFactory)
    data = factory.LazyAttribute(lambda draft: {"lines": [{"line": draft.order.lines.first().pk, "quantity": 1}]})


class EvidenceFactory(DjangoModelFactory):
    """A picture's row without files behind it; ``publish`` makes whole ones."""

    class Meta:
        model = Evidence

    case = factory.LazyFunction(make_case)
    file = "pictures/ab/ab.jpg"
    thumbnail = "thumbnails/ab/ab.jpg"


class CheckpointFactory(DjangoModelFactory):
    """What the database remembers of a checkpoint; the file is written by ``returns.logbook.checkpoints.write``."""

    class Meta:
        model = Checkpoint

    book = "logbook"
    number = factory.Sequence(lambda n: n + 1)
    digest = factory.Sequence(lambda n: f"{n:064x}")
    at = PLACED


class CaseOriginFactory(DjangoModelFactory):
    """A case that a sign-off opened."""

    class Meta:
        model = CaseOrigin

    sign_off = factory.SubFactory(SignOffFactory)
    case = factory.LazyAttribute(lambda origin: make_case(order=origin.sign_off.order))


class ReadingPlaceFactory(DjangoModelFactory):
    """Where a reader of its own begins."""

    class Meta:
        model = ReadingPlace

    reader = factory.Sequence(lambda n: f"reader {n}")
