"""How a parcel stands: signed for by whom, and whether its shopper may still say how it was found."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from signoff.actions.signing.first import newest_of
from signoff.delivery import terms_of
from signoff.models import Parcel, SignOff


@dataclass(frozen=True)
class Standing:
    """``sign_off`` is the one that stands, None where nobody has signed; ``open`` while the shopper may sign."""

    sign_off: SignOff | None
    open: bool


def standing_of(parcel: Parcel, *, now: datetime | None = None) -> Standing:
    """A carrier's proof says that a parcel came, not what was in it: for as long as the shop would wait for a
    signature, the shopper may still say so.
    """
    newest = newest_of(parcel)
    if newest is None:
        return Standing(None, open=True)
    if newest.channel != SignOff.Channel.CARRIER:
        return Standing(newest, open=False)
    until = newest.signed_at + terms_of(parcel.order.shop).sign_within
    return Standing(newest, open=(now or timezone.now()) < until)
