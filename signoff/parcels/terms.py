"""Delivery terms of a shop, and which parcels are watched."""

from datetime import datetime, timedelta

from signoff.models import DeliveryTerms, Parcel, Shop, Watch

#: a parcel sent longer ago than this, or delivered before the time to sign, is not watched any more
RECENT = timedelta(days=60)
FIRST_POLL = timedelta(hours=1)


def terms_of(shop: Shop) -> DeliveryTerms:
    """The shop's terms; unsaved defaults if it has none."""
    return DeliveryTerms.objects.filter(shop=shop).first() or DeliveryTerms(shop=shop)


def watch_for(parcel: Parcel, terms: DeliveryTerms, *, now: datetime) -> Watch | None:
    """The unsaved watch for a new parcel; None if it is too old or not sent yet.

    Return parcels are watched until they arrive, and are never signed for here.
    """
    signs = parcel.direction != Parcel.Direction.RETURN
    if parcel.delivered_at:
        due = parcel.delivered_at + terms.sign_within
        if not signs or due <= now:
            return None
        return Watch(parcel=parcel, begun_at=now, heard_at=parcel.delivered_at, sign_due_at=due)
    if parcel.shipped_at is None or parcel.shipped_at < now - RECENT:
        return None
    polls = now + FIRST_POLL if parcel.tracking_number else None
    return Watch(parcel=parcel, begun_at=now, heard_at=parcel.shipped_at, next_poll_at=polls)
