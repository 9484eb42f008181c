"""Create the survey of a case, once, and save the answer."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from feedback.models import Answer, Survey
from feedback.surveys.queries import is_answered
from returns.lifecycle.actions import take_step
from returns.logbook.locks import LockedCase, lock_case
from returns.logbook.writer import note
from returns.models import Case
from signoff.db.history import insert


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
    given = Answer(survey=survey, satisfaction=satisfaction, ease=ease, words=words, answered_at=now or timezone.now())
    _keep(given, lock_case(survey.case))
    return given


@transaction.atomic
def answer_and_close(
    survey: Survey, *, satisfaction: int, ease: int, words: str = "", now: datetime | None = None
) -> Answer:
    """Keep the answer and close the case at once, as the shopper says that all is settled.

    A case that is not (any more) resolved stays as it is. Raises ``AlreadyAnswered``.
    """
    given = Answer(survey=survey, satisfaction=satisfaction, ease=ease, words=words, answered_at=now or timezone.now())
    case = lock_case(survey.case)
    _keep(given, case)
    if case.status == Case.Status.RESOLVED:  # its units are dealt with already: closing it writes to no order line
        take_step(case, Case.close, by=case.customer, now=given.answered_at)
    return given


def _keep(given: Answer, case: LockedCase) -> None:
    """Keep an answer about a case: its lock keeps answering, closing and reopening apart."""
    if is_answered(given.survey_id):
        raise AlreadyAnswered(_("You've already answered. Thank you!"))
    insert(given)
    if case.status != Case.Status.CLOSED:
        marks: dict[str, Any] = {"satisfaction": given.satisfaction, "ease": given.ease}
        note(case, "survey_answered", by=case.customer, now=given.answered_at, **marks)
