"""Cases that an agent opens for a shopper in one call, chat, e-mail or visit: one draft and one case per order."""

from collections.abc import Mapping
from datetime import datetime

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction

from returns.intake import drafts
from returns.intake.queries import lock_contact, lock_lines_of_drafts
from returns.intake.submit import submit
from returns.models import Case, Contact, Draft
from returns.permissions import REVIEW
from signoff.models import Order

type Quantities = Mapping[int, int]


@transaction.atomic
def begin(quantities: Mapping[Order, Quantities], *, by: User, channel: str, caller: str = "") -> Contact:
    """Begin a contact with a draft for each of these orders: order → order line's key → units."""
    contact = Contact.objects.create(channel=channel, caller=caller, started_by=by)
    _choose(contact, quantities)
    return contact


@transaction.atomic
def change(contact: Contact, quantities: Mapping[Order, Quantities], *, channel: str, caller: str = "") -> Contact:
    """Set what a contact is about; drafts of orders that are not named any more are discarded.

    Raises ``AlreadySent`` once its cases are open.
    """
    contact = lock_contact(contact)
    for draft in contact.drafts.select_related("case"):
        if draft.case is not None:
            raise drafts.AlreadySent(draft.case)
        if draft.order_id not in {order.pk for order in quantities}:
            drafts.discard(draft)
    contact.channel, contact.caller = channel, caller
    contact.save()
    _choose(contact, quantities)
    return contact


@transaction.atomic
def submit_all(
    contact: Contact, *, by: User, promised: Mapping[str, datetime | None], now: datetime | None = None
) -> list[Case]:
    """Open the case of every draft of the contact, all or none; a second submit returns the same cases.

    ``promised`` has the date of the decision that was read out, by the draft's token. Each case is in the shopper's
    language, or the shop's where there is no customer.

    Raises ``PermissionDenied`` without the right to review, ``ExceedsOrdered`` and ``Incomplete`` as ``submit`` does.
    """
    if not by.has_perm(REVIEW):
        raise PermissionDenied
    contact = lock_contact(contact)
    found = list(contact.drafts.select_related("order__customer", "order__shop").order_by("pk"))
    lock_lines_of_drafts(found)  # before the first case: see returns.logbook.locks
    return [
        submit(
            draft,
            by=by,
            language=_language(draft),
            channel=contact.channel,
            promised=promised.get(draft.token),
            now=now,
        )
        for draft in found
    ]


def discard(contact: Contact) -> None:
    """Delete a contact whose cases are not opened, with its drafts. Raises ``AlreadySent``."""
    with transaction.atomic():
        contact = lock_contact(contact)
        for draft in contact.drafts.all():
            drafts.discard(draft)
        contact.delete()


def _choose(contact: Contact, quantities: Mapping[Order, Quantities]) -> None:
    known = {draft.order_id: draft for draft in contact.drafts.all()}
    for order, units in quantities.items():
        if order.pk in known:
            drafts.choose(known[order.pk], quantities=units)
        else:
            drafts.start(order, quantities=units, contact=contact)


def _language(draft: Draft) -> str:
    return draft.order.customer.language if draft.order.customer else draft.order.shop.language
