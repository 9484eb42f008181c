"""Actions of the review: ask the shopper, send to an expert, reject, report a lost parcel, reopen."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django_fsm import TransitionNotAllowed

from returns.lifecycle.actions import Step, lock_for, moved_on, take_step
from returns.lifecycle.unit_reservation import reopen_units
from returns.logbook.locks import LockedCase, lock_with_lines
from returns.logbook.statements import save_statement
from returns.logbook.writer import Actor
from returns.models import Case, Statement

Topic = Statement.Topic


def request_information(
    case: Case, *, by: Actor, question: str, seen: int | None = None, now: datetime | None = None
) -> Case:
    """Ask the shopper a question; the case waits for the answer."""
    return _decide(case, Case.request_information, by=by, topic=Topic.QUESTION, words=question, seen=seen, now=now)


def send_to_appraisal(
    case: Case, *, by: Actor, note: str = "", seen: int | None = None, now: datetime | None = None
) -> Case:
    """Let an expert look at the evidence; ``note`` says what to look for and is never shown to the shopper."""
    return _decide(case, Case.send_to_appraisal, by=by, topic=Topic.NOTE, words=note, seen=seen, now=now)


@transaction.atomic
def reject(case: Case, *, by: Actor, words: str, seen: int | None = None, now: datetime | None = None) -> Case:
    """Reject the request; ``words`` tell the shopper why.

    Raises ``TransitionNotAllowed`` while a plan waits for approval: then rejecting is an answer to the plan.
    """
    locked = lock_for(case, Case.reject)
    if locked.status == Case.Status.AWAITING_APPROVAL:
        raise TransitionNotAllowed(moved_on(locked), object=locked)
    return _step_and_say(locked, Case.reject, by=by, topic=Topic.REFUSAL, words=words, seen=seen, now=now)


def report_lost(case: Case, *, by: Actor, note: str = "", seen: int | None = None, now: datetime | None = None) -> Case:
    """The return parcel will not arrive; the review decides what follows."""
    return _decide(case, Case.report_lost, by=by, topic=Topic.NOTE, words=note, seen=seen, now=now)


@transaction.atomic
def reopen(case: Case, *, by: Actor, note: str = "", seen: int | None = None, now: datetime | None = None) -> Case:
    """Reopen a resolved case; its units count as being returned again."""
    locked = _step_and_say(lock_with_lines(case), Case.reopen, by=by, topic=Topic.NOTE, words=note, seen=seen, now=now)
    reopen_units(locked)
    return locked


@transaction.atomic
def _decide(
    case: Case, step: Step, *, by: Actor, topic: str, words: str, seen: int | None, now: datetime | None
) -> Case:
    return _step_and_say(lock_for(case, step), step, by=by, topic=topic, words=words, seen=seen, now=now)


def _step_and_say[C: LockedCase](
    case: C, step: Step, *, by: Actor, topic: str, words: str, seen: int | None, now: datetime | None
) -> C:
    now = now or timezone.now()
    take_step(case, step, by=by, seen=seen, now=now)
    save_statement(case, topic=topic, words=words, by=by, now=now)
    return case
