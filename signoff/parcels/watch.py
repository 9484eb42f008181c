"""Waiting for a parcel: for its carrier's news, then for the shopper to sign, or until it is back at the shop."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from signoff.db.history import save_with_history
from signoff.db.prepared.compiled import CompiledQuery
from signoff.models import DeliveryTerms, Parcel, Watch
from signoff.parcels.exceptions import settle_arrived
from signoff.parcels.terms import terms_of, watch_for

_LOCKED = CompiledQuery(lambda key: Parcel.objects.filter(pk=key).select_for_update(no_key=True))


def watch(parcel: Parcel, *, now: datetime) -> Watch | None:
    """Watch a parcel that has just been sent or delivered; one that is watched already stays as it is.

    None for a parcel of the past, or one not yet sent.
    """
    terms = terms_of(parcel.order.shop) if parcel.delivered_at else DeliveryTerms()
    begun = watch_for(parcel, terms, now=now)
    if begun:
        Watch.objects.bulk_create([begun], ignore_conflicts=True)
    return begun


@transaction.atomic(savepoint=False)
def come_home(parcel: Parcel, *, by: User | None, now: datetime) -> Parcel:
    """The bench has a parcel in its hands: it has arrived, whatever its carrier says, and nobody waits for it."""
    parcel = _LOCKED.get(parcel.pk)
    if parcel.delivered_at is None:
        parcel.delivered_at = now
        save_with_history(parcel, by=by, now=now)
    Watch.objects.filter(parcel=parcel).delete()
    settle_arrived(parcel, now=now)
    return parcel
