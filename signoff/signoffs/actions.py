"""The first sign-off of a parcel. There is one; whoever comes later is told what was signed."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from signoff.db.history import save_with_history
from signoff.models import Order, Parcel, ParcelException, SignOff, Trouble, Watch
from signoff.parcels.contents import Content, contents_of, contents_of_order
from signoff.parcels.exceptions import settle_exception
from signoff.signoffs.rules import Receipt
from signoff.signoffs.writer import Said, write

#: what a parcel that is being signed for has overcome
OVERCOME = (Trouble.LATE, Trouble.SILENT, Trouble.LOST)


class AlreadySigned(Exception):
    """Somebody was faster; ``sign_off`` is what they signed. The message is a sentence for who comes late."""

    def __init__(self, sign_off: SignOff) -> None:
        told = {
            "day": date_format(timezone.localtime(sign_off.signed_at), "DATETIME_FORMAT"),
            "outcome": sign_off.get_outcome_display(),
        }
        super().__init__(_("This parcel was already signed for on %(day)s: %(outcome)s.") % told)
        self.sign_off = sign_off


class NeverSigned(Exception):
    """The parcel is one that comes back to the shop: the bench receives it, nobody signs."""


@transaction.atomic
def sign(
    parcel: Parcel,
    receipt: Receipt,
    *,
    channel: str,
    by: User | None = None,
    said_by: str = "",
    name: str = "",
    signed_at: datetime | None = None,
    now: datetime | None = None,
) -> SignOff:
    """Write down that ``parcel`` was taken over or refused, and how it was found.

    ``by`` is who recorded it for somebody, None for the shopper themselves and for the system; ``said_by`` (of
    ``SignOff.Who``) and ``name`` tell who said so, ``signed_at`` when. Nobody waits for the parcel afterwards.
    Raises ``AlreadySigned``, ``NeverSigned``, ``DoesNotAddUp``.
    """
    now = now or timezone.now()
    parcel = lock(parcel)
    if earlier := newest_of(parcel):
        raise AlreadySigned(earlier)
    if parcel.direction == Parcel.Direction.RETURN:
        raise NeverSigned(_("This is a return parcel. Receive it at the inspection bench instead."))
    said = Said(receipt, channel=channel, by=by, said_by=said_by, name=name, signed_at=signed_at or now)
    sign_off = write(parcel.order, parcel, said, contents_of(parcel), now=now)
    _arrived(parcel, at=said.signed_at, by=by, now=now)
    return sign_off


def sign_by_carrier(parcel: Parcel, *, at: datetime) -> SignOff:
    """Take the carrier's proof of delivery for a signature; where somebody has signed, that stands and is returned."""
    try:
        return sign(parcel, Receipt(), channel=SignOff.Channel.CARRIER, signed_at=at)
    except AlreadySigned as earlier:
        return earlier.sign_off


def lock(parcel: Parcel) -> Parcel:
    """The parcel as it is now, its order joined, locked for the transaction; rows about it can still be added."""
    locked = Parcel.objects.select_for_update(of=("self",), no_key=True)
    return locked.select_related("order__shop").get(pk=parcel.pk)


def newest_of(parcel: Parcel) -> SignOff | None:
    """The sign-off of a parcel that stands."""
    return SignOff.objects.filter(parcel=parcel, corrected_by=None).order_by("pk").last()


def _arrived(parcel: Parcel, *, at: datetime, by: User | None, now: datetime) -> None:
    """Nobody waits any more, neither for the carrier nor for a signature."""
    if parcel.delivered_at is None:
        parcel.delivered_at = at
        save_with_history(parcel, by=by, now=now)
    for trouble in ParcelException.objects.open().filter(parcel=parcel, kind__in=OVERCOME):
        settle_exception(trouble, by=None, as_=ParcelException.Settled.ARRIVED, now=now)
    Watch.objects.filter(parcel=parcel).delete()


class AlreadyCorrected(Exception):
    """Somebody was faster; ``sign_off`` is what stands now. The message is a sentence for who comes late."""

    def __init__(self, sign_off: SignOff) -> None:
        super().__init__(_("This sign-off has since been corrected. Check the newer one and correct that if needed."))
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
