"""Asking afterwards, once, and taking the answer."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from feedback.models import Answer, Survey
from returns.actions import move, note
from returns.models import Case


class AlreadyAnswered(Exception):
    """A survey is answered once; a sentence for the shopper."""


def ask(case: Case, *, now: datetime | None = None) -> Survey:
    """The survey of a resolved case, made once; a case that is reopened gets no second one."""
    survey, _made = Survey.objects.get_or_create(case=case, defaults={"asked_at": now or timezone.now()})
    return survey


@transaction.atomic
def answer(survey: Survey, *, satisfaction: int, ease: int, words: str = "", now: datetime | None = None) -> Answer:
    """Keep the shopper's answer (1 to 5 each) and note it in the logbook. Raises ``AlreadyAnswered``.

    The logbook of a closed case stays as it is; the answer is kept all the same.
    """
    now = now or timezone.now()
    case = _lock_case(survey)
    if Answer.objects.filter(survey=survey).exists():
        raise AlreadyAnswered(_("You have answered already. Thank you!"))
    given = Answer.objects.create(survey=survey, satisfaction=satisfaction, ease=ease, words=words, answered_at=now)
    if case.status != Case.Status.CLOSED:
        note(case, "survey_answered", by=case.customer, now=now, satisfaction=satisfaction, ease=ease)
    return given


@transaction.atomic
def answer_and_close(
    survey: Survey, *, satisfaction: int, ease: int, words: str = "", now: datetime | None = None
) -> Answer:
    """Keep the answer and close the case at once, as the shopper says that all is settled.

    A case that is not (any more) resolved stays as it is. Raises ``AlreadyAnswered``.
    """
    given = answer(survey, satisfaction=satisfaction, ease=ease, words=words, now=now)
    case = _lock_case(survey)
    if case.status == Case.Status.RESOLVED:
        move(case, Case.close, by=case.customer, now=now)
    return given


def _lock_case(survey: Survey) -> Case:
    """Whoever answers, closes or reopens waits here for the others."""
    return Case.objects.select_for_update(of=["self"]).select_related("customer").get(pk=survey.case_id)
