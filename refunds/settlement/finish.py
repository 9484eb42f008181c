"""The end of settling: everything owed is paid and sent."""

from datetime import datetime
from functools import partial

from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from refunds.models import Refund, Replacement
from returns.lifecycle.actions import move_locked
from returns.lifecycle.sweep import sweep
from returns.lifecycle.unit_reservation import complete_units, lock_lines
from returns.logbook.writer import lock
from returns.models import Case
from signoff.db.prepared.compiled import CompiledQuery
from signoff.db.prepared.statements import allow_prepare

AT_ONCE = 200  # cases that one sweep looks at; the next sweep takes the rest

STILL_OWED = allow_prepare("""
    SELECT EXISTS (SELECT FROM refunds_refund WHERE case_id = %s AND status <> %s)
        OR EXISTS (SELECT FROM refunds_replacement WHERE case_id = %s AND sent_at IS NULL)
""")

_OWING = Exists(Refund.objects.filter(case=OuterRef("pk")).exclude(status=Refund.Status.PAID)) | Exists(
    Replacement.objects.filter(case=OuterRef("pk"), sent_at=None)
)
_DONE = CompiledQuery(
    lambda: (
        Case.objects.filter(~_OWING, status=Case.Status.SETTLING)
        .order_by("due_at", "pk")
        .values_list("pk", flat=True)[:AT_ONCE]
    ),
    by_key=False,
)


@transaction.atomic
def finish(case: Case, *, now: datetime | None = None) -> Case:
    """Resolve ``case`` if it is settling and nothing is owed any more; else nothing happens."""
    lock_lines(case)
    return finish_locked(lock(case.pk), now=now)


def finish_locked(case: Case, *, now: datetime | None = None) -> Case:
    """``finish`` for a case that is locked after its order lines, and as it is now."""
    if case.status != Case.Status.SETTLING or _still_owed(case):
        return case
    complete_units(case)
    return move_locked(case, Case.resolve, by=None, now=now or timezone.now())


def _still_owed(case: Case) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(STILL_OWED, [case.pk, Refund.Status.PAID, case.pk])
        return cursor.fetchone()[0]


def finish_settled(*, now: datetime | None = None) -> int:
    """Resolve every settling case that owes nothing, should one have been left behind; returns how many."""
    return sweep(_DONE.all(), partial(finish, now=now))
