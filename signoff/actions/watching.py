"""Beginning to wait for a parcel: for its carrier's news, then for the shopper to sign."""

from datetime import datetime

from django.db import transaction

from signoff.delivery import terms_of, watch_for
from signoff.models import DeliveryTerms, Parcel, Watch


@transaction.atomic
def watch(parcel: Parcel, *, now: datetime) -> Watch | None:
    """Watch a parcel that has just been sent or delivered; one that is watched already stays as it is.

    None for a parcel of the past, or one not yet sent.
    """
    terms = terms_of(parcel.order.shop) if parcel.delivered_at else DeliveryTerms()
    begun = watch_for(parcel, terms, now=now)
    if begun:
        Watch.objects.bulk_create([begun], ignore_conflicts=True)
    return begun
