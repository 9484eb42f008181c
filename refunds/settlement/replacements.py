"""Record that replacements were sent."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_fsm import TransitionNotAllowed

from refunds.models import Replacement
from refunds.settlement.finish import finish
from returns.lifecycle.actions import require_permission
from returns.logbook.locks import lock_with_lines
from returns.logbook.writer import Actor, author_of, note
from signoff.models import Parcel, ParcelLine
from signoff.parcels.watch import watch


@transaction.atomic
def send_replacement(
    replacement: Replacement, *, by: Actor, carrier: str, tracking_number: str, now: datetime | None = None
) -> Replacement:
    """Record that the goods were sent; the case is resolved if nothing else is owed.

    Raises ``PermissionDenied``, and ``TransitionNotAllowed`` if they were sent already.
    """
    require_permission(by, "refunds.send_replacement")
    now = now or timezone.now()
    case = lock_with_lines(replacement.case)
    replacement = Replacement.objects.select_related("item__line").get(pk=replacement.pk)
    if replacement.sent_at:
        raise TransitionNotAllowed(_("A colleague has already sent this. Check the case."))
    if not Replacement.objects.owed().filter(pk=replacement.pk).exists():
        raise TransitionNotAllowed(_("The plan that promised this was stopped. Check the case."))
    parcel = _parcel(replacement, case.order_id, carrier, tracking_number, now)
    case.parcels.add(parcel)
    watch(parcel, now=now)
    replacement.parcel, replacement.sent_at = parcel, now
    replacement._history_user = author_of(by)
    replacement.save()
    facts: dict[str, Any] = {"parcel": parcel.token, "kind": replacement.kind, "quantity": replacement.quantity}
    note(case, "replacement_sent", by=by, now=now, **facts)
    finish(case, now=now)
    return replacement


def _parcel(replacement: Replacement, order: int, carrier: str, tracking_number: str, now: datetime) -> Parcel:
    parcel = Parcel.objects.create(
        order_id=order,
        direction=Parcel.Direction.REPLACEMENT,
        carrier=carrier,
        tracking_number=tracking_number,
        shipped_at=now,
    )
    if replacement.item and replacement.item.line:
        ParcelLine.objects.create(
            parcel=parcel,
            order_line_id=replacement.item.line.order_line_id,
            quantity=replacement.quantity,
            instead=replacement.name if replacement.item.instead else "",
        )
    return parcel
