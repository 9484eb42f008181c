"""What the shopper does in a case: send it in, answer, ship, appeal, withdraw."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from returns.intake.actions import Wish, open_case
from returns.intake.drafts import lock, pictures_of
from returns.intake.reasons import reasons_of
from returns.lifecycle.actions import Step, move, move_locked
from returns.lifecycle.queries import bare_lines
from returns.logbook.statements import say
from returns.logbook.writer import Actor, author_of, lock_again
from returns.models import Case, Draft, Evidence, Reason, Statement
from signoff.db.history import insert, save_with_history, update_all_columns
from signoff.db.prepared.compiled import CompiledQuery, any_of
from signoff.models import OrderLine, Parcel, ParcelLine
from signoff.parcels.watch import watch
from signoff.pictures.clean import CleanPicture
from signoff.pictures.store import publish

Topic = Statement.Topic
_LINES = CompiledQuery(lambda keys: OrderLine.objects.filter(any_of("pk", keys)))


class Incomplete(Exception):
    """The draft does not say yet what is asked for."""


@transaction.atomic
def submit(draft: Draft, *, by: Actor, language: str, now: datetime | None = None) -> Case:
    """Make the draft a case; a second submit of the same draft returns the same case.

    Raises ``MoreThanBought`` when units were taken meanwhile and ``Incomplete`` (``is_complete``).
    """
    locked = lock(draft)
    if locked.case is not None:
        return locked.case
    locked.order, pictures = draft.order, pictures_of(locked)
    wishes = _wishes(locked, pictures)
    case = open_case(locked.order, wishes, by=by, channel=Case.Channel.PORTAL, language=language, now=now)
    lines = {line.order_line_id: line for line in case.lines.all()} if pictures else {}
    for picture in pictures:
        picture.draft, picture.case, picture.line = None, case, lines.get(picture.order_line_id)
        picture.save()
    locked.case = case
    update_all_columns(locked)
    return case


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
    return _say_and_show(
        case,
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
    """Ask for a second look at a rejection, with words that say why."""
    return _say_and_show(
        case, Case.appeal, Topic.APPEAL, by=by, words=words, pictures=pictures, held=held, seen=seen, now=now
    )


@transaction.atomic
def withdraw(case: Case, *, by: Actor, reason: str = "", seen: int | None = None, now: datetime | None = None) -> Case:
    """End the case without effect; its units can be asked for again. ``reason`` may hold personal words."""
    now = now or timezone.now()
    case = move(case, Case.withdraw, by=by, seen=seen, now=now)
    say(case, topic=Topic.ANSWER, words=reason, by=by, now=now)
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
    case = move_locked(lock_again(case), Case.ship, by=by, seen=seen, now=now, parcel=parcel.token)
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


def _say_and_show(
    case: Case,
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
    clean, earlier = list(pictures), list(held.evidence.all()) if held else []
    case = move(case, step, by=by, seen=seen, now=now, **_count(len(clean) + len(earlier)))
    say(case, topic=topic, words=words, by=by, now=now)
    for picture in earlier:
        picture.draft, picture.case = None, case
        picture.save()
    if held:
        held.delete()
    for picture in clean:
        publish(Evidence(case=case, added_by=by if isinstance(by, User) else None), picture)
    return case


def _count(pictures: int) -> dict[str, Any]:
    return {"pictures": pictures} if pictures else {}


def is_complete(draft: Draft) -> bool:
    """Whether ``submit`` would take it: each line has its reason, its wish and its photos, or words why it has none."""
    return _is_complete(draft, _reasons(draft), pictures_of(draft))


def _is_complete(draft: Draft, reasons: dict[str, Reason], pictures: Iterable[Evidence]) -> bool:
    shown, entries = Counter(picture.order_line_id for picture in pictures), draft.data.get("lines", [])
    return bool(entries) and all(
        entry.get("reason") in reasons and entry.get("wish") and _is_shown(entry, reasons, shown) for entry in entries
    )


def _is_shown(entry: dict[str, Any], reasons: dict[str, Reason], shown: Counter[int | None]) -> bool:
    enough = shown[entry["line"]] >= reasons[entry["reason"]].photos_required
    return enough or bool(entry.get("without_photos") and entry.get("words", "").strip())


def _reasons(draft: Draft) -> dict[str, Reason]:
    return {reason.code: reason for reason in reasons_of(draft.order.shop_id)}


def _wishes(draft: Draft, pictures: Sequence[Evidence]) -> Sequence[Wish]:
    reasons = _reasons(draft)
    if not _is_complete(draft, reasons, pictures):
        raise Incomplete
    entries = draft.data["lines"]
    lines = {line.pk: line for line in _LINES.all([entry["line"] for entry in entries])}
    return [
        Wish(
            order_line=lines[entry["line"]],
            quantity=entry["quantity"],
            reason=reasons[entry["reason"]],
            remedy=entry["wish"],
            words=entry.get("words", ""),
        )
        for entry in entries
    ]
