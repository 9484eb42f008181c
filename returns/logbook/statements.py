"""Free text of a logbook entry. It may be personal, so it can be erased, unlike the entry."""

from datetime import datetime

from django.contrib.auth.models import User
from django.utils import timezone

from returns.logbook.writer import Actor
from returns.models import Case, Statement


def save_statement(case: Case, *, topic: str, words: str, by: Actor, now: datetime | None = None) -> Statement | None:
    """Save ``words`` with the last logbook entry of ``case``, which the caller has just written.

    None, and nothing is saved, where ``words`` are blank.
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
