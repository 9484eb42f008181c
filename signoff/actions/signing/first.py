"""The first sign-off of a parcel. There is one; whoever comes later is told what was signed."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from signoff.actions.exceptions import settle
from signoff.actions.signing.writing import Said, write
from signoff.contents import contents_of
from signoff.keeping import keep
from signoff.models import Parcel, ParcelException, SignOff, Trouble, Watch
from signoff.receipts import Receipt

#: what a parcel that is being signed for has overcome
OVERCOME = (Trouble.LATE, Trouble.SILENT, Trouble.LOST)


class AlreadySigned(Exception):
    """Somebody was faster; ``sign_off`` is what they signed. The message is a sentence for who comes late."""

    def __init__(self, sign_off: SignOff) -> None:
        told = {
            "day": date_format(timezone.localtime(sign_off.signed_at), "DATETIME_FORMAT"),
            "outcome": sign_off.get_outcome_display(),
        }
        super().__init__(_("This parcel was signed for already, on %(day)s: %(outcome)s.") % told)
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
        raise NeverSigned(_("This parcel comes back to the shop. It is received at the bench, not signed for here."))
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
        keep(parcel, by=by, now=now)
    for trouble in ParcelException.objects.open().filter(parcel=parcel, kind__in=OVERCOME):
        settle(trouble, by=None, as_=ParcelException.Settled.ARRIVED, now=now)
    Watch.objects.filter(parcel=parcel).delete()
