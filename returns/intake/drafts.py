"""Drafts of requests: every step is saved at once, until the draft is submitted and becomes a case."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from returns.intake.queries import lock_draft
from returns.models import Case, Contact, Draft, Evidence
from returns.models.reasons import EXCHANGE_FIELDS
from signoff.db.history import insert, update_all_columns
from signoff.models import Order, OrderLine
from signoff.pictures.clean import CleanPicture
from signoff.pictures.store import store_new

KEPT = timedelta(days=30)


class AlreadySent(Exception):
    """The draft has become ``case`` and can no longer be changed."""

    def __init__(self, case: Case) -> None:
        super().__init__(case.number)
        self.case = case

    def __reduce__(self) -> tuple[type["AlreadySent"], tuple[Case]]:
        return type(self), (self.case,)


def start(order: Order, *, quantities: Mapping[int, int] | None = None, contact: Contact | None = None) -> Draft:
    """A draft for ``order`` about these units: order line's key → how many. ``contact``: begun by an agent."""
    chosen = [{"line": line, "quantity": units} for line, units in (quantities or {}).items()]
    draft = Draft(order=order, contact=contact, data={"lines": chosen} if chosen else {})
    insert(draft)
    return draft


@transaction.atomic
def choose(draft: Draft, *, quantities: Mapping[int, int]) -> Draft:
    """Set what the request is about: order line's key → units. Answers about lines that stay are kept."""
    draft = _open(draft)
    answers = {entry["line"]: entry for entry in draft.data.get("lines", [])}
    draft.data["lines"] = [
        answers.get(line, {}) | {"line": line, "quantity": units} for line, units in quantities.items()
    ]
    draft.save()
    for picture in draft.evidence.exclude(order_line_id__in=list(quantities)):
        _remove(picture)
    return draft


@transaction.atomic
def describe(draft: Draft, *, said: Mapping[int, Mapping[str, Any]]) -> Draft:
    """Add reason, wish and words to the chosen lines: order line's key → answers about it."""
    draft = _open(draft)
    draft.data["lines"] = [_answered(entry, said.get(entry["line"])) for entry in draft.data.get("lines", [])]
    update_all_columns(draft)
    return draft


def _answered(entry: Mapping[str, Any], answers: Mapping[str, Any] | None) -> dict[str, Any]:
    """The entry with new answers; exchange fields that are not among them were taken back."""
    kept = {name: value for name, value in entry.items() if answers is None or name not in EXCHANGE_FIELDS}
    return kept | dict(answers or {})


@transaction.atomic
def attach(
    draft: Draft, *, line: OrderLine | None, pictures: Iterable[CleanPicture], by: User | None = None
) -> list[str]:
    """Store pictures of a line with the draft; returns the refusals of ``store_new``. ``by`` is the agent, if any."""
    draft = _open(draft)
    return store_new(
        pictures,
        existing=draft.evidence.filter(order_line=line),
        make=lambda: Evidence(draft=draft, order_line=line, added_by=by),
    )


@transaction.atomic
def detach(draft: Draft, *, token: str) -> None:
    """Delete a picture of the draft; one that is gone already is no error."""
    for picture in _open(draft).evidence.all():
        if str(picture.token) == token:
            _remove(picture)


def forget_old(now: datetime | None = None) -> None:
    """Delete drafts that were never submitted after ``KEPT``, with their pictures, and contacts without any other."""
    before = (now or timezone.now()) - KEPT
    for draft in Draft.objects.filter(case=None, started_at__lt=before):
        _forget(draft)
    Contact.objects.filter(drafts=None, started_at__lt=before).delete()


@transaction.atomic
def discard(draft: Draft) -> None:
    """Delete a draft that is not wanted any more, with its pictures. Raises ``AlreadySent``."""
    _open(draft)
    _forget(draft)


@transaction.atomic
def _forget(draft: Draft) -> None:
    if locked := Draft.objects.select_for_update(skip_locked=True).filter(pk=draft.pk, case=None).first():
        for picture in locked.evidence.all():
            _remove(picture)
        locked.delete()


def _open(draft: Draft) -> Draft:
    """The draft, locked. Raises ``AlreadySent``."""
    locked = lock_draft(draft)
    if locked.case:
        raise AlreadySent(locked.case)
    if Draft.order.is_cached(draft):
        locked.order = draft.order
    return locked


def _remove(picture: Evidence) -> None:
    picture.erase()
    picture.delete()
