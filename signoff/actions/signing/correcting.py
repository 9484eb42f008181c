"""A sign-off is never changed: a new one names the one that it replaces."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from signoff.actions.signing.first import lock
from signoff.actions.signing.writing import Said, write
from signoff.contents import Content, contents_of, contents_of_order
from signoff.models import Order, Parcel, SignOff
from signoff.receipts import Receipt


class AlreadyCorrected(Exception):
    """Somebody was faster; ``sign_off`` is what stands now. The message is a sentence for who comes late."""

    def __init__(self, sign_off: SignOff) -> None:
        super().__init__(
            _("This sign-off has been corrected in the meantime. Look at the newer one, and correct that if need be.")
        )
        self.sign_off = sign_off


@transaction.atomic
def correct(
    sign_off: SignOff,
    receipt: Receipt,
    *,
    channel: str,
    by: User | None,
    said_by: str = "",
    name: str = "",
    signed_at: datetime | None = None,
    now: datetime | None = None,
) -> SignOff:
    """Write a new sign-off in the place of ``sign_off``, which stays as it is.

    Without ``signed_at`` the moment of signing stays the same: only what was found is corrected. Raises
    ``AlreadyCorrected``, ``DoesNotAddUp``.
    """
    now = now or timezone.now()
    order, parcel = _lock(sign_off)
    if newer := SignOff.objects.filter(corrects=sign_off).first():
        raise AlreadyCorrected(newer)
    moment = signed_at or sign_off.signed_at
    said = Said(receipt, channel=channel, by=by, said_by=said_by, name=name, signed_at=moment)
    return write(order, parcel, said, expected_of(sign_off), corrects=sign_off, now=now)


def expected_of(sign_off: SignOff) -> list[Content]:
    """What a correction counts against: what was expected before, where that was written down."""
    lines = list(sign_off.lines.select_related("order_line").order_by("order_line__position"))
    if lines:
        return [Content(line.order_line, line.expected) for line in lines]
    return contents_of(sign_off.parcel) if sign_off.parcel else contents_of_order(sign_off.order)


def _lock(sign_off: SignOff) -> tuple[Order, Parcel | None]:
    if sign_off.parcel:
        parcel = lock(sign_off.parcel)
        return parcel.order, parcel
    orders = Order.objects.select_for_update(of=("self",), no_key=True).select_related("shop")
    return orders.get(pk=sign_off.order_id), None
