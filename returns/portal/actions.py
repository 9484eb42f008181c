"""Actions of the shopper in a case: answer, appeal, reopen, ship, cancel."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_fsm import TransitionNotAllowed

from returns.lifecycle.actions import Step, check, move, take_step
from returns.lifecycle.queries import bare_lines
from returns.lifecycle.unit_reservation import reopen_units
from returns.logbook.digests import EVIDENCE, pinned_pictures
from returns.logbook.locks import LockedCase, lock_case, lock_with_lines
from returns.logbook.statements import save_statement
from returns.logbook.writer import Actor, author_of
from returns.models import Case, Draft, Evidence, Statement
from signoff.db.history import insert, save_with_history
from signoff.models import Parcel, ParcelLine
from signoff.parcels.watch import watch
from signoff.pictures.clean import CleanPicture
from signoff.pictures.store import publish_all

Topic = Statement.Topic


@transaction.atomic
def supply_information(
    case: Case,
    *,
    by: Actor,
    words: str,
    pictures: Iterable[CleanPicture] = (),
    held: Draft | None = None,
    seen: int | None = None,
    now: datetime | None = None,
) -> Case:
    """Answer the shop's question in words, pictures or both; ``held`` has pictures that were sent before."""
    return _step_with_evidence(
        lock_case(case),
        Case.supply_information,
        Topic.ANSWER,
        by=by,
        words=words,
        pictures=pictures,
        held=held,
        seen=seen,
        now=now,
    )


@transaction.atomic
def appeal(
    case: Case,
    *,
    by: Actor,
    words: str,
    pictures: Iterable[CleanPicture] = (),
    held: Draft | None = None,
    seen: int | None = None,
    now: datetime | None = None,
) -> Case:
    """Appeal against a rejection; ``words`` say why."""
    return _step_with_evidence(
        lock_case(case), Case.appeal, Topic.APPEAL, by=by, words=words, pictures=pictures, held=held, seen=seen, now=now
    )


@transaction.atomic
def reopen(
    case: Case,
    *,
    by: Actor,
    words: str,
    pictures: Iterable[CleanPicture] = (),
    held: Draft | None = None,
    seen: int | None = None,
    now: datetime | None = None,
) -> Case:
    """Reopen a resolved case; ``words`` say what is still wrong. Its units count as being returned again.

    Raises ``TransitionNotAllowed`` after the window, too, even if the case is not closed yet.
    """
    now = now or timezone.now()
    locked = lock_with_lines(case)
    if not is_within_window(locked, now=now):
        raise TransitionNotAllowed(_window_over(), object=locked)
    _step_with_evidence(
        locked,
        Case.reopen,
        Topic.REOPENING,
        by=by,
        words=words,
        pictures=pictures,
        held=held,
        seen=seen,
        now=now,
    )
    reopen_units(locked)
    return locked


def is_within_window(case: Case, *, now: datetime) -> bool:
    """Whether the shopper may still say that something is wrong with a resolved case."""
    return case.due_at is None or now <= case.due_at


def _window_over() -> str:
    return _("The time to reopen this request is over. Ask us a question about your order instead; we'll look into it.")


@transaction.atomic
def cancel(case: Case, *, by: Actor, reason: str = "", seen: int | None = None, now: datetime | None = None) -> Case:
    """End the case without effect; its units can be requested again. ``reason`` may hold personal words."""
    now = now or timezone.now()
    case = move(case, Case.cancel, by=by, seen=seen, now=now)
    save_statement(case, topic=Topic.ANSWER, words=reason, by=by, now=now)
    return case


@transaction.atomic
def ship(
    case: Case,
    *,
    by: Actor,
    carrier: str,
    tracking_number: str,
    seen: int | None = None,
    now: datetime | None = None,
) -> Case:
    """Record that the authorised goods were handed to a carrier, all in one parcel."""
    now = now or timezone.now()
    parcel = Parcel(
        order_id=case.order_id,
        direction=Parcel.Direction.RETURN,
        carrier=carrier,
        tracking_number=tracking_number,
        shipped_at=now,
    )
    case = take_step(lock_case(case), Case.ship, by=by, seen=seen, now=now, parcel=parcel.token)
    author = author_of(by)
    save_with_history(parcel, by=author, now=now)
    insert(Case.parcels.through(case=case, parcel=parcel))
    watch(parcel, now=now)
    sent = [line for line in bare_lines(case) if line.authorised]
    for line in sent:
        line.shipped = line.authorised
        save_with_history(line, by=author, now=now)
    insert(*(ParcelLine(parcel=parcel, order_line_id=line.order_line_id, quantity=line.shipped) for line in sent))
    return case


def _step_with_evidence(
    case: LockedCase,
    step: Step,
    topic: str,
    *,
    by: Actor,
    words: str,
    pictures: Iterable[CleanPicture],
    held: Draft | None,
    seen: int | None,
    now: datetime | None,
) -> Case:
    now = now or timezone.now()
    check(case, step, by=by, seen=seen)  # before files are stored
    shown = _attach(case, by=by, pictures=pictures, held=held)
    digests = pinned_pictures(EVIDENCE, shown)
    take_step(case, step, by=by, seen=seen, now=now, digests=digests, **_count(len(shown)))
    save_statement(case, topic=topic, words=words, by=by, now=now)
    return case


def _attach(case: Case, *, by: Actor, pictures: Iterable[CleanPicture], held: Draft | None) -> list[Evidence]:
    """Add pictures to the case's evidence, those that were held first."""
    shown = list(held.evidence.order_by("pk")) if held else []
    for picture in shown:
        picture.draft, picture.case = None, case
        picture.save()
    if held:
        held.delete()
    author = author_of(by)
    return shown + publish_all(pictures, make=lambda: Evidence(case=case, added_by=author))


def _count(pictures: int) -> dict[str, Any]:
    return {"pictures": pictures} if pictures else {}
