"""Keeping what somebody said in their own words: erasable, unlike the logbook that points to it."""

from datetime import datetime

from django.contrib.auth.models import User
from django.utils import timezone

from returns.logbook.writer import Actor
from returns.models import Case, Statement


def say(case: Case, *, topic: str, words: str, by: Actor, now: datetime | None = None) -> Statement | None:
    """Keep ``words`` with the last logbook entry of ``case``, which the caller has just written.

    Blank words are not kept; then None is returned.
    """
    if not words.strip():
        return None
    return Statement.objects.create(
        case=case,
        seq=case.seq,
        topic=topic,
        words=words.strip(),
        by=by if isinstance(by, User) else None,
        said_at=now or timezone.now(),
    )
