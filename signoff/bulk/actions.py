"""Draft a bulk step, confirm it once, and run it: every row in a transaction of its own."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import OperationalError, transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from signoff.bulk.registry import BulkAction, Candidate, find_bulk_action
from signoff.jobs import wake
from signoff.models import BulkItem, BulkRun

MOST = 1000  # rows of one bulk step
AT_ONCE = 50  # rows that are done while the browser waits; more are left to a worker
LEASE = timedelta(minutes=2)
MAX_TRIES = 3
KEPT = timedelta(days=30)
State, Outcome = BulkRun.State, BulkItem.Outcome


class BulkRefused(Exception):
    """Nothing was drafted or confirmed; a sentence that says what to do."""


def draft(action: BulkAction, candidates: Sequence[Candidate], *, by: User, now: datetime | None = None) -> BulkRun:
    """Store what was chosen, so that it can be confirmed. Raises ``BulkRefused`` for no rows and for too many."""
    if not by.has_perm(action.permission):
        raise PermissionDenied
    if not candidates:
        raise BulkRefused(_("Choose at least one row first."))
    if len(candidates) > MOST:
        raise BulkRefused(too_many())
    with transaction.atomic():
        run = BulkRun.objects.create(
            list=action.desk_list,
            action=action.name,
            by=by,
            language=translation.get_language() or "en",
            created_at=now or timezone.now(),
        )
        BulkItem.objects.bulk_create(_item(run, position, row) for position, row in enumerate(candidates, start=1))
    return run


def too_many() -> str:
    """What to do when more rows match than a bulk step takes."""
    return _("More than 1,000 rows match, and a bulk step takes at most 1,000. Narrow the list with a filter first.")


def _item(run: BulkRun, position: int, row: Candidate) -> BulkItem:
    return BulkItem(
        run=run,
        position=position,
        ref=row.ref[:120],
        label=row.label[:160],
        url=row.url,
        seen=row.seen,
        amount=row.amount,
        currency=row.currency,
        values=dict(row.values),
        outcome=Outcome.LEFT_OUT if row.why_not else Outcome.PENDING,
        said=row.why_not,
    )


def confirm(run: BulkRun, *, by: User, values: Mapping[str, Any], now: datetime | None = None) -> bool:
    """Run a drafted step, at once or by a worker; False, and nothing happens, if it was confirmed already."""
    now = now or timezone.now()
    with transaction.atomic():
        locked = BulkRun.objects.select_for_update().get(pk=run.pk, by=by)
        if locked.state != State.DRAFT:
            return False
        locked.values = dict(values)
        at_once = locked.items.filter(outcome=Outcome.PENDING).count() <= AT_ONCE
        locked.state, locked.heard_at = (State.RUNNING, now) if at_once else (State.WAITING, None)
        locked.tries = 1 if at_once else 0
        locked.save()
        if not at_once:
            transaction.on_commit(wake, robust=True)
    if at_once:
        _run_rows(locked)
    return True


def run_waiting(now: datetime | None = None) -> int:
    """Run what waits, and what a worker that died has left; returns how many steps ended."""
    ended = 0
    while (run := _claim(now or timezone.now())) is not None:
        if run.state == State.RUNNING:
            _run_rows(run)
        ended += 1
    return ended


def forget_old(now: datetime | None = None) -> int:
    """Delete bulk steps of a month ago, and drafts that nobody has confirmed within a day."""
    now = now or timezone.now()
    drafts = Q(state=State.DRAFT, created_at__lt=now - timedelta(days=1))
    deleted, _by_model = BulkRun.objects.filter(Q(created_at__lt=now - KEPT) | drafts).delete()
    return deleted


@transaction.atomic
def _claim(now: datetime) -> BulkRun | None:
    abandoned = Q(state=State.RUNNING, heard_at__lte=now - LEASE)
    rows = BulkRun.objects.filter(Q(state=State.WAITING) | abandoned).order_by("pk")
    run = rows.select_for_update(skip_locked=True).first()
    if run is None:
        return None
    run.tries += 1
    if run.tries > MAX_TRIES:
        return _end(run, State.FAILED)
    run.state, run.heard_at = State.RUNNING, now
    run.save()
    return run


def _run_rows(run: BulkRun) -> None:
    """Do the rows that are not done yet, one transaction each; safe to be run by two workers at once."""
    action = find_bulk_action(run.list, run.action)
    with translation.override(run.language):
        while action and _run_next(run, action):
            pass
    with transaction.atomic():
        locked = BulkRun.objects.select_for_update().get(pk=run.pk)
        if locked.state == State.RUNNING and not locked.items.filter(outcome=Outcome.PENDING).exists():
            _end(locked, State.DONE)


def _end(run: BulkRun, state: str) -> BulkRun:
    run.state, run.values, run.finished_at = state, {}, timezone.now()
    run.save()
    return run


@transaction.atomic
def _run_next(run: BulkRun, action: BulkAction) -> bool:
    """Do the next row; False if there is none. The row stays locked until its outcome is stored with its effect."""
    rows = run.items.filter(outcome=Outcome.PENDING).order_by("position")
    item = rows.select_for_update(skip_locked=True).first()
    if item is None:
        return False
    BulkRun.objects.filter(pk=run.pk).update(heard_at=timezone.now())
    by = User.objects.get(pk=run.by_id)  # anew for each row: rights may have been taken away meanwhile
    item.outcome, item.said = _do(action, item, by, {**run.values, **item.values})
    item.save(update_fields=["outcome", "said"])
    return True


def _do(action: BulkAction, item: BulkItem, by: User, values: dict[str, Any]) -> tuple[str, str]:
    if not (by.is_active and by.has_perm(action.permission)):
        return Outcome.REFUSED, _("You don't have permission for this step. Ask a colleague who has.")
    try:
        with transaction.atomic():
            return Outcome.DONE, action.act(item.ref, by=by, seen=item.seen, **values)
    except ObjectDoesNotExist:
        return Outcome.MOVED, _("It is not in the list any more.")
    except action.moved as why:
        return Outcome.MOVED, str(why)
    except PermissionDenied as why:
        return Outcome.REFUSED, str(why) or _("You don't have permission for this step. Ask a colleague who has.")
    except action.refusals as why:
        return Outcome.REFUSED, str(why)
    except OperationalError:  # somebody else holds a lock for longer than we wait
        return Outcome.REFUSED, _("A colleague is working on it right now. Try it again.")
