"""The rows of a sign-off, written together: lines, discrepancies, words, photos, and the news for others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from signoff.jobs import wake
from signoff.models import Discrepancy, Order, Parcel, SignOff, SignOffLine, SignOffNote, SignOffPhoto
from signoff.parcels.contents import Content
from signoff.signoffs.proof import SignedLine, chain
from signoff.signoffs.rules import Found, Receipt, judge, outcome_of
from signoff.webhooks.outbox import announce


@dataclass(frozen=True)
class Said:
    """A receipt, and who said it, when, by which channel."""

    receipt: Receipt
    channel: str
    by: User | None
    said_by: str
    name: str
    signed_at: datetime


def write(
    order: Order,
    parcel: Parcel | None,
    said: Said,
    contents: Sequence[Content],
    *,
    corrects: SignOff | None = None,
    now: datetime,
) -> SignOff:
    """One sign-off with all that belongs to it; the caller holds the lock. Raises ``DoesNotAddUp``."""
    found = judge(said.receipt, {content.line.pk: content.quantity for content in contents})
    sign_off = SignOff(
        order=order,
        parcel=parcel,
        outcome=outcome_of(said.receipt, found),
        channel=said.channel,
        said_by=said.said_by,
        signed_at=said.signed_at,
        recorded_at=timezone.now(),
        recorded_by=said.by,
        corrects=corrects,
    )
    # photos that somebody began to collect stay theirs while only the carrier or the timer signs
    photos = list(SignOffPhoto.objects.waiting(parcel)) if parcel and sign_off.is_said else []
    chain(sign_off, _signed(found, contents), photos, corrects=corrects)
    sign_off.save(force_insert=True)
    lines = _write_lines(sign_off, found)
    _write_words(sign_off, said, found, lines)
    if photos:
        SignOffPhoto.objects.filter(pk__in=[photo.pk for photo in photos]).update(sign_off=sign_off)
    announce(sign_off, found, {content.line.pk: content.line for content in contents}, now=now)
    transaction.on_commit(wake)
    return sign_off


def _signed(found: Sequence[Found], contents: Sequence[Content]) -> list[SignedLine]:
    """What was found as its proof names it."""
    positions = {content.line.pk: content.line.position for content in contents}
    return [
        SignedLine(positions[one.line], one.expected, one.counted, tuple(sorted(one.problems.items()))) for one in found
    ]


def _write_lines(sign_off: SignOff, found: Sequence[Found]) -> dict[int, SignOffLine]:
    """The lines by order line's key."""
    lines = SignOffLine.objects.bulk_create(
        SignOffLine(sign_off=sign_off, order_line_id=one.line, expected=one.expected, counted=one.counted)
        for one in found
    )
    by_key = {line.order_line_id: line for line in lines}
    Discrepancy.objects.bulk_create(
        Discrepancy(line=by_key[one.line], kind=kind, quantity=quantity)
        for one in found
        for kind, quantity in one.problems.items()
    )
    return by_key


def _write_words(sign_off: SignOff, said: Said, found: Sequence[Found], lines: dict[int, SignOffLine]) -> None:
    """What may have to be erased one day stands in rows of its own."""
    notes = [SignOffNote(sign_off=sign_off, line=lines[one.line], words=one.words) for one in found if one.words]
    if said.name or said.receipt.words:
        notes.append(SignOffNote(sign_off=sign_off, name=said.name, words=said.receipt.words))
    SignOffNote.objects.bulk_create(notes)
