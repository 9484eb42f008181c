"""Sign for a parcel, and correct a sign-off. Each parcel has one sign-off in force; a correction replaces it."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from signoff.db.history import save_with_history
from signoff.models import ExceptionKind, Order, Parcel, ParcelException, SignOff, Watch
from signoff.parcels.contents import Content, contents_of, contents_of_order, contents_to_sign
from signoff.parcels.exceptions import settle_exception
from signoff.signoffs.rules import DeliveryReport
from signoff.signoffs.writer import SignedReport, write_sign_off
from signoff.web.formatting import legal_moment

#: exceptions that are over once somebody has signed for the parcel
SETTLED_BY_SIGNING = (ExceptionKind.LATE, ExceptionKind.SILENT, ExceptionKind.LOST)


class AlreadySigned(Exception):
    """The parcel has a ``sign_off`` already. The message is a sentence for the page."""

    def __init__(self, sign_off: SignOff) -> None:
        facts = {
            "day": legal_moment(sign_off.signed_at, sign_off.order.shop.time_zone),
            "outcome": sign_off.get_outcome_display(),
        }
        super().__init__(_("This parcel was already signed for on %(day)s: %(outcome)s.") % facts)
        self.sign_off = sign_off

    def __reduce__(self) -> tuple[type["AlreadySigned"], tuple[SignOff]]:
        return type(self), (self.sign_off,)


class NeverSigned(Exception):
    """Return parcels are received at the inspection bench and have no sign-off."""


@transaction.atomic
def sign(
    parcel: Parcel,
    report: DeliveryReport,
    *,
    channel: str,
    by: User | None = None,
    said_by: str = "",
    name: str = "",
    signed_at: datetime | None = None,
    now: datetime | None = None,
) -> SignOff:
    """Sign for ``parcel``: record that it was accepted or refused, and what was counted.

    ``by`` is the staff who recorded it, None for the shopper and for the system; ``said_by`` (of ``SignOff.Who``) and
    ``name`` say who received the parcel, ``signed_at`` when. Ends the parcel's watch and settles its exceptions.
    Raises ``AlreadySigned``, ``NeverSigned``, ``DoesNotAddUp``.
    """
    now = now or timezone.now()
    parcel = lock(parcel)
    if earlier := current_sign_off(parcel):
        raise AlreadySigned(earlier)
    if parcel.direction == Parcel.Direction.RETURN:
        raise NeverSigned(_("This is a return parcel. Receive it at the inspection bench instead."))
    signed = SignedReport(report, channel=channel, by=by, said_by=said_by, name=name, signed_at=signed_at or now)
    contents = contents_to_sign(parcel) or contents_of(parcel)
    sign_off = write_sign_off(parcel.order, parcel, signed, contents, now=now)
    _end_watch(parcel, at=signed.signed_at, by=by, now=now)
    return sign_off


def sign_by_carrier(parcel: Parcel, *, at: datetime) -> SignOff:
    """Sign on the carrier's proof of delivery; returns the existing sign-off if there is one."""
    try:
        return sign(parcel, DeliveryReport(), channel=SignOff.Channel.CARRIER, signed_at=at)
    except AlreadySigned as earlier:
        return earlier.sign_off


def lock(parcel: Parcel) -> Parcel:
    """The parcel, freshly read with order and shop, locked (no key update) for the transaction."""
    locked = Parcel.objects.select_for_update(of=("self",), no_key=True)
    return locked.select_related("order__shop").get(pk=parcel.pk)


def current_sign_off(parcel: Parcel) -> SignOff | None:
    """The sign-off in force: the one that no other corrects."""
    return SignOff.objects.filter(parcel=parcel, corrected_by=None).order_by("pk").last()


def _end_watch(parcel: Parcel, *, at: datetime, by: User | None, now: datetime) -> None:
    """Mark the parcel as delivered, settle what that overcomes, and end its watch."""
    if parcel.delivered_at is None:
        parcel.delivered_at = at
        save_with_history(parcel, by=by, now=now)
    for exception in ParcelException.objects.open().filter(parcel=parcel, kind__in=SETTLED_BY_SIGNING):
        settle_exception(exception, by=None, as_=ParcelException.Settled.ARRIVED, now=now)
    Watch.objects.filter(parcel=parcel).delete()


class AlreadyCorrected(Exception):
    """Another correction came first; ``sign_off`` is the newer one. The message is a sentence for the page."""

    def __init__(self, sign_off: SignOff) -> None:
        super().__init__(_("This sign-off has since been corrected. Check the newer one and correct that if needed."))
        self.sign_off = sign_off

    def __reduce__(self) -> tuple[type["AlreadyCorrected"], tuple[SignOff]]:
        return type(self), (self.sign_off,)


@transaction.atomic
def correct(
    sign_off: SignOff,
    report: DeliveryReport,
    *,
    channel: str,
    by: User | None,
    said_by: str = "",
    name: str = "",
    signed_at: datetime | None = None,
    now: datetime | None = None,
) -> SignOff:
    """Replace ``sign_off`` by a new one; the old row is never changed.

    Without ``signed_at`` the time of signing is kept and only the counts are corrected. Raises
    ``AlreadyCorrected``, ``DoesNotAddUp``.
    """
    now = now or timezone.now()
    order, parcel = _lock(sign_off)
    if newer := SignOff.objects.filter(corrects=sign_off).first():
        raise AlreadyCorrected(newer)
    moment = signed_at or sign_off.signed_at
    signed = SignedReport(report, channel=channel, by=by, said_by=said_by, name=name, signed_at=moment)
    return write_sign_off(order, parcel, signed, expected_contents(sign_off), corrects=sign_off, now=now)


def expected_contents(sign_off: SignOff) -> list[Content]:
    """The contents that a correction counts against: those of ``sign_off``, or the parcel's if it has no lines."""
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
