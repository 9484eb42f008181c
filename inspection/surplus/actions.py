"""Record what came beyond a case, and decide what becomes of it."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from inspection.models import Surplus
from returns.lifecycle.actions import require_permission
from returns.logbook.locks import LockedCase, lock_case
from returns.logbook.writer import note
from returns.models import Line
from returns.permissions import REVIEW
from signoff.db.history import insert


class AlreadyDecided(Exception):
    """Somebody else has decided; the message is a sentence."""


def record(
    case: LockedCase, *, over: Mapping[Line, int], other: str = "", by: User | None, now: datetime
) -> list[Surplus]:
    """Record units beyond each line, and ``other`` things that the case knows nothing of, as one line."""
    rows = [Surplus(case=case, line=line, quantity=units, found_at=now, found_by=by) for line, units in over.items()]
    if other:
        rows.append(Surplus(case=case, quantity=1, words=other, found_at=now, found_by=by))
    insert(*rows)
    return rows


@transaction.atomic
def decide(surplus: Surplus, decision: str, *, by: User, now: datetime | None = None) -> Surplus:
    """Set what becomes of it, once. Raises ``AlreadyDecided`` and ``PermissionDenied``."""
    require_permission(by, REVIEW)
    now = now or timezone.now()
    case = lock_case(surplus.case)
    surplus = Surplus.objects.select_for_update().get(pk=surplus.pk)
    if surplus.decision:
        raise AlreadyDecided(_("This is decided already: %(decision)s.") % {"decision": surplus.get_decision_display()})
    surplus.decision, surplus.decided_at, surplus.decided_by = Surplus.Decision(decision), now, by
    surplus.save()
    note(case, "surplus_decided", by=by, now=now, surplus=surplus.quantity, decision=decision)
    return surplus


def total(rows: Iterable[Surplus]) -> int:
    """How many units these rows are about."""
    return sum(row.quantity for row in rows)
