"""How messages and surveys are found: the readings that lists use."""

from django.db import models
from django.db.models import Avg, Count, Q

from returns.models import Case

LOW = 2  # so many of 5 points or fewer call for somebody to look
SAMPLE = 1000  # averages are about so many of the newest surveys


class MessageQuerySet(models.QuerySet["Message"]):  # type: ignore[name-defined]
    """Readings of messages."""

    def for_list(self) -> "MessageQuerySet":
        """Rows of a list."""
        return self.select_related("case")

    def search(self, words: str) -> "MessageQuerySet":
        """Messages of the case with this number or, where there is none, to an address that has ``words`` in it."""
        words = words.strip()
        if not words:
            return self
        case = Case.objects.filter(number__in=[words.upper(), f"R-{words.upper()}"]).first()
        return self.filter(case=case) if case else self.filter(to__icontains=words)


class SurveyQuerySet(models.QuerySet["Survey"]):  # type: ignore[name-defined]
    """Readings of surveys."""

    def for_list(self) -> "SurveyQuerySet":
        """Rows of a list, each with its answer."""
        return self.select_related("case__customer", "answer")

    def answered(self) -> "SurveyQuerySet":
        return self.filter(answer__isnull=False)

    def low(self) -> "SurveyQuerySet":
        """Answers that call for somebody to look."""
        return self.filter(Q(answer__satisfaction__lte=LOW) | Q(answer__ease__lte=LOW))

    def with_words(self) -> "SurveyQuerySet":
        return self.answered().exclude(answer__words="")

    def unanswered(self) -> "SurveyQuerySet":
        return self.filter(answer__isnull=True)

    def figures(self) -> dict[str, float | int | None]:
        """``asked``, ``answered``, ``low`` and the averages ``satisfaction``, ``ease`` of the newest ``SAMPLE``."""
        newest = self.model._default_manager.filter(pk__in=self.order_by("-asked_at", "-id").values("pk")[:SAMPLE])
        low = Q(answer__satisfaction__lte=LOW) | Q(answer__ease__lte=LOW)
        return newest.aggregate(
            asked=Count("pk"),
            answered=Count("answer"),
            low=Count("answer", filter=low),
            satisfaction=Avg("answer__satisfaction"),
            ease=Avg("answer__ease"),
        )
