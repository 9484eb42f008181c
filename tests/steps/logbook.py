"""Logbook entries of tests: written for a case that the caller has not locked."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from returns.logbook import writer
from returns.logbook.locks import lock_case
from returns.logbook.writer import Actor
from returns.models import Case, LogEntry


@transaction.atomic
def note(case: Case, verb: str, *, by: Actor, now: datetime | None = None, **facts: Any) -> LogEntry:
    """Lock ``case``, record ``verb``, and bring the passed instance up to date."""
    locked = lock_case(case)
    entry = writer.note(locked, verb, by=by, now=now or timezone.now(), **facts)
    case.seq, case.head = locked.seq, locked.head
    return entry
