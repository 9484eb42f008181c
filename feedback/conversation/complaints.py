"""Complaints about the service: a thread with a severity, a clock of its own and a result that the shopper is told."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from feedback.conversation.drafts import lock_thread
from feedback.models import Thread
from feedback.models.conversation import FIRST_ANSWER, RESULT
from returns.lifecycle.actions import require_permission
from returns.logbook.locks import lock_case
from returns.logbook.writer import note
from returns.permissions import REVIEW
from signoff.web.formatting import exact


@dataclass(frozen=True)
class Clock:
    """One promise of a complaint in words: what, by when, and how it stands."""

    label: str
    words: str
    tone: str


@transaction.atomic
def mark_complaint(thread: Thread, *, by: User, severity: int, now: datetime | None = None) -> Thread:
    """Make the thread a complaint, or change its severity; its clock starts once and is stored.

    Nothing changes where it is a complaint of this severity already. Raises ``PermissionDenied``.
    """
    require_permission(by, REVIEW)
    now = now or timezone.now()
    case = lock_case(thread.case) if thread.case else None
    thread = lock_thread(thread)
    if thread.severity == severity:
        return thread
    if thread.complained_at is None:
        thread.complained_at = now
        thread.answer_due_at, thread.result_due_at = now + FIRST_ANSWER, now + RESULT
    thread.severity = severity
    thread.last_at = thread.last_at or now
    if case is not None:
        note(case, "complaint_marked", by=by, now=now, severity=severity)
    thread.save()
    return thread


def clocks_of(thread: Thread, *, now: datetime) -> list[Clock]:
    """Both promises of a complaint, for the desk; none for other threads."""
    if thread.severity is None:
        return []
    zone = thread.shop.time_zone
    return [
        _clock(_("First answer"), thread.answer_due_at, thread.answered_at, zone=zone, now=now),
        _clock(_("Result"), thread.result_due_at, thread.concluded_at, zone=zone, now=now),
    ]


def _clock(label: str, due: datetime | None, done: datetime | None, *, zone: str, now: datetime) -> Clock:
    if due is None:
        return Clock(label, "", "neutral")
    facts = {"due": exact(due, zone), "done": exact(done, zone) if done else ""}
    if done is None and now <= due:
        return Clock(label, _("by %(due)s") % facts, "info")
    if done is None:
        return Clock(label, _("missed: it was due by %(due)s") % facts, "danger")
    if done <= due:
        return Clock(label, _("in time, on %(done)s") % facts, "ok")
    return Clock(label, _("late: on %(done)s, it was due by %(due)s") % facts, "danger")
