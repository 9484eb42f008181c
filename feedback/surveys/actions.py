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
    """The survey has an answer already; a sentence for the shopper."""


def send_survey(case: Case, *, now: datetime | None = None) -> Survey:
    """Create the survey of a resolved case once; a reopened case gets no second one."""
    survey, _made = Survey.objects.get_or_create(case=case, defaults={"asked_at": now or timezone.now()})
    return survey


@transaction.atomic
def answer(survey: Survey, *, satisfaction: int, ease: int, words: str = "", now: datetime | None = None) -> Answer:
    """Store the shopper's answer (1 to 5 each) and note it in the logbook. Raises ``AlreadyAnswered``.

    The logbook of a closed case gets no entry, but the answer is stored.
    """
    survey_answer = Answer(
        survey=survey, satisfaction=satisfaction, ease=ease, words=words, answered_at=now or timezone.now()
    )
    _save(survey_answer, lock_case(survey.case))
    return survey_answer


@transaction.atomic
def answer_and_close(
    survey: Survey, *, satisfaction: int, ease: int, words: str = "", now: datetime | None = None
) -> Answer:
    """Store the answer and close the case at once, because the shopper confirms that it is resolved.

    A case that is not resolved (any more) is not closed. Raises ``AlreadyAnswered``.
    """
    survey_answer = Answer(
        survey=survey, satisfaction=satisfaction, ease=ease, words=words, answered_at=now or timezone.now()
    )
    case = lock_case(survey.case)
    _save(survey_answer, case)
    if case.status == Case.Status.RESOLVED:  # its units are dealt with already: closing it writes to no order line
        take_step(case, Case.close, by=case.customer, now=survey_answer.answered_at)
    return survey_answer


def _save(survey_answer: Answer, case: LockedCase) -> None:
    """Save an answer. The lock of the case keeps closing and reopening apart from it."""
    if is_answered(survey_answer.survey_id):
        raise AlreadyAnswered(_("You've already answered. Thank you!"))
    insert(survey_answer)
    if case.status != Case.Status.CLOSED:
        marks: dict[str, Any] = {"satisfaction": survey_answer.satisfaction, "ease": survey_answer.ease}
        note(case, "survey_answered", by=case.customer, now=survey_answer.answered_at, **marks)
