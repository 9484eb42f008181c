"""Querysets of messages and surveys."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Avg, Count, Q

from feedback.models.conversation import Thread
from returns.models import Case
from returns.models.queues import case_number
from signoff.models import Order, Parcel

if TYPE_CHECKING:
    from feedback.models.messages import Message  # noqa: F401 - its module imports this one
    from feedback.models.surveys import Survey  # noqa: F401

LOW = 2  # of 5 points; answers with this or fewer need a follow-up
SAME_NUMBER = 20  # several shops may use one order number; a search uses at most this many
SAMPLE = 1000  # averages cover the newest surveys only, so that the page stays fast


def _parcels(orders: Collection[int]) -> list[int]:
    return list(Parcel.objects.filter(order__in=orders).values_list("pk", flat=True))


def _inquiries(orders: Collection[int]) -> list[int]:
    return list(Thread.objects.filter(order__in=orders, case=None).values_list("pk", flat=True))


class MessageQuerySet(models.QuerySet["Message"]):
    """Readings of messages."""

    def for_list(self) -> "MessageQuerySet":
        """Rows of a list."""
        return self.select_related("case__shop", "parcel__order__shop", "thread__order__shop")

    def search(self, words: str) -> "MessageQuerySet":
        """Messages of the case or order with this number or, if there is none, to addresses that contain ``words``."""
        words = words.strip()
        if not words:
            return self
        if case := Case.objects.filter(number=case_number(words)).first():
            return self.filter(case=case)
        orders = list(Order.objects.numbered(words).values_list("pk", flat=True)[:SAME_NUMBER])
        return self.of_orders(orders) if orders else self.filter(to__icontains=words)

    def of_orders(self, orders: Collection[int]) -> "MessageQuerySet":
        """Messages about these orders and their cases; by keys, so that the planner expects few rows."""
        cases = Case.objects.filter(order__in=orders).values_list("pk", flat=True)
        inquiries = Q(thread__in=_inquiries(orders))
        return self.filter(Q(parcel__in=_parcels(orders)) | Q(case__in=list(cases)) | inquiries)

    def of_parcels(self, order: Order) -> "MessageQuerySet":
        """Messages about the parcels of one order, and those of its inquiry."""
        return self.with_keys(parcels=_parcels([order.pk]), threads=_inquiries([order.pk]))

    def with_keys(self, *, parcels: Collection[int], threads: Collection[int]) -> "MessageQuerySet":
        """Messages about these parcels, and of these threads."""
        return self.filter(Q(parcel__in=parcels) | Q(thread__in=threads))


@dataclass(frozen=True)
class Figures:
    """Numbers of surveys sent, answered, and answered with a low score; and the averages."""

    asked: int
    answered: int
    low: int
    satisfaction: float | None
    ease: float | None


class SurveyQuerySet(models.QuerySet["Survey"]):
    """Readings of surveys."""

    def for_list(self) -> "SurveyQuerySet":
        """Rows of a list, each with its answer."""
        return self.select_related("case__customer", "case__shop", "answer")

    def answered(self) -> "SurveyQuerySet":
        return self.filter(answer__isnull=False)

    def low(self) -> "SurveyQuerySet":
        """Answers with a low score, which need a follow-up."""
        return self.filter(Q(answer__satisfaction__lte=LOW) | Q(answer__ease__lte=LOW))

    def with_words(self) -> "SurveyQuerySet":
        return self.answered().exclude(answer__words="")

    def unanswered(self) -> "SurveyQuerySet":
        return self.filter(answer__isnull=True)

    def figures(self) -> Figures:
        """The figures of the newest ``SAMPLE``."""
        newest = self.model._default_manager.filter(pk__in=self.order_by("-asked_at", "-id").values("pk")[:SAMPLE])
        low = Q(answer__satisfaction__lte=LOW) | Q(answer__ease__lte=LOW)
        figures = newest.aggregate(
            asked=Count("pk"),
            answered=Count("answer"),
            low=Count("answer", filter=low),
            satisfaction=Avg("answer__satisfaction"),
            ease=Avg("answer__ease"),
        )
        return Figures(**figures)
