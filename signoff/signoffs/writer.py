"""Insert a sign-off with its lines, discrepancies, notes, photos and outgoing webhooks."""

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
from signoff.signoffs.rules import DeliveryReport, LineResult, line_results, outcome_of
from signoff.webhooks.outbox import queue_webhooks


@dataclass(frozen=True)
class SignedReport:
    """A delivery report with who made it, when, and through which channel; ``by`` is the staff who recorded it."""

    report: DeliveryReport
    channel: str
    by: User | None
    said_by: str
    name: str
    signed_at: datetime


def write_sign_off(
    order: Order,
    parcel: Parcel | None,
    signed: SignedReport,
    contents: Sequence[Content],
    *,
    corrects: SignOff | None = None,
    now: datetime,
) -> SignOff:
    """Insert a sign-off and all that belongs to it. The caller has locked the parcel. Raises ``DoesNotAddUp``."""
    results = line_results(signed.report, {content.line.pk: content.quantity for content in contents})
    sign_off = SignOff(
        order=order,
        parcel=parcel,
        outcome=outcome_of(signed.report, results),
        channel=signed.channel,
        said_by=signed.said_by,
        signed_at=signed.signed_at,
        recorded_at=timezone.now(),
        recorded_by=signed.by,
        corrects=corrects,
    )
    # sign-offs by carrier or timer do not take the photos that a shopper has begun to collect
    photos = list(SignOffPhoto.objects.waiting(parcel)) if parcel and sign_off.is_said else []
    chain(sign_off, _signed_lines(results, contents), photos, corrects=corrects)
    sign_off.save(force_insert=True)
    lines = _write_lines(sign_off, results)
    _write_notes(sign_off, signed, results, lines)
    if photos:
        SignOffPhoto.objects.filter(pk__in=[photo.pk for photo in photos]).update(sign_off=sign_off)
    queue_webhooks(sign_off, results, {content.line.pk: content.line for content in contents}, now=now)
    transaction.on_commit(wake)
    return sign_off


def _signed_lines(results: Sequence[LineResult], contents: Sequence[Content]) -> list[SignedLine]:
    """The lines in the form that is hashed."""
    positions = {content.line.pk: content.line.position for content in contents}
    return [
        SignedLine(positions[result.line], result.expected, result.counted, tuple(sorted(result.problems.items())))
        for result in results
    ]


def _write_lines(sign_off: SignOff, results: Sequence[LineResult]) -> dict[int, SignOffLine]:
    """Insert lines and discrepancies; returns the lines by order line's key."""
    lines = SignOffLine.objects.bulk_create(
        SignOffLine(sign_off=sign_off, order_line_id=result.line, expected=result.expected, counted=result.counted)
        for result in results
    )
    by_key = {line.order_line_id: line for line in lines}
    Discrepancy.objects.bulk_create(
        Discrepancy(line=by_key[result.line], kind=kind, quantity=quantity)
        for result in results
        for kind, quantity in result.problems.items()
    )
    return by_key


def _write_notes(
    sign_off: SignOff, signed: SignedReport, results: Sequence[LineResult], lines: dict[int, SignOffLine]
) -> None:
    """Insert names and comments, in rows of their own because they may have to be erased (personal data)."""
    notes = [
        SignOffNote(sign_off=sign_off, line=lines[result.line], words=result.words)
        for result in results
        if result.words
    ]
    if signed.name or signed.report.words:
        notes.append(SignOffNote(sign_off=sign_off, name=signed.name, words=signed.report.words))
    SignOffNote.objects.bulk_create(notes)
