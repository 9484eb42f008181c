"""Start and end the watch on a parcel: for tracking events, then for the sign-off, or until a return arrives."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from signoff.db.history import save_with_history
from signoff.models import DeliveryTerms, Parcel, Watch
from signoff.parcels.exceptions import settle_arrived
from signoff.parcels.queries import lock_parcel
from signoff.parcels.terms import terms_of, watch_for


def watch(parcel: Parcel, *, now: datetime) -> Watch | None:
    """Create the watch of a parcel that was just sent or delivered; an existing watch stays unchanged.

    None for a parcel that ``watch_for`` does not watch: too old, or not sent yet.
    """
    terms = terms_of(parcel.order.shop) if parcel.delivered_at else DeliveryTerms()
    new_watch = watch_for(parcel, terms, now=now)
    if new_watch:
        Watch.objects.bulk_create([new_watch], ignore_conflicts=True)
    return new_watch


@transaction.atomic(savepoint=False)
def mark_return_delivered(parcel: Parcel, *, by: User | None, now: datetime) -> Parcel:
    """Mark a return parcel as delivered when the bench receives it, and end its watch; the carrier is not consulted."""
    parcel = lock_parcel(parcel.pk)
    if parcel.delivered_at is None:
        parcel.delivered_at = now
        save_with_history(parcel, by=by, now=now)
    Watch.objects.filter(parcel=parcel).delete()
    settle_arrived(parcel, now=now)
    return parcel
