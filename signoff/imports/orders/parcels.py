"""News of parcels that files bring: new ones, and what was not known of those that are here."""

from collections.abc import Sequence
from dataclasses import dataclass

from signoff.db.history import history_model, history_row
from signoff.imports.orders.diff import Matched
from signoff.imports.orders.insert import Import, Placed, add_contents, add_parcels, add_watches
from signoff.imports.orders.rows import PARCEL, parcel_values
from signoff.models import Parcel, ParcelException, SignOff, Trouble, Watch

AT_ONCE = 500
ENDED = (Trouble.LATE, Trouble.SILENT, Trouble.LOST)
"""Troubles that a parcel has no more when it arrives."""


@dataclass(frozen=True, slots=True)
class News:
    """What is to be written of one parcel of an order."""

    order: Placed
    parcel: Matched


def take_over(news: Sequence[News], of: Import) -> None:
    """Write new parcels, and news of those that are here; the caller has locked these."""
    add_parcels([(one.order, one.parcel.now) for one in news if one.parcel.kept is None], of)
    known = [one for one in news if one.parcel.kept]
    if not known:
        return
    _write(known, of)
    opened = [one for one in known if one.parcel.kept and not one.parcel.kept.sent.items and one.parcel.now.items]
    add_contents([(_key(one), one.order, one.parcel.now) for one in opened])
    _wait(known, of)


def _write(news: Sequence[News], of: Import) -> None:
    rows = Parcel.objects.in_bulk([_key(one) for one in news])
    for one in news:
        row = rows[_key(one)]
        for name, value in zip(PARCEL, parcel_values(one.parcel.now), strict=True):
            setattr(row, name, value)
    Parcel.objects.bulk_update(rows.values(), PARCEL, batch_size=AT_ONCE)
    history_model(Parcel)._default_manager.bulk_create(
        [history_row(row, kind="~", by=None, now=of.now, why=of.why) for row in rows.values()]
    )


def _wait(news: Sequence[News], of: Import) -> None:
    """A parcel that has come waits to be signed for, or for nothing more; one just sent is watched from now on."""
    come = [one for one in news if one.parcel.has_come]
    keys = [_key(one) for one in come]
    signed = set(SignOff.objects.filter(parcel__in=keys).values_list("parcel", flat=True))
    Watch.objects.filter(parcel__in=keys).delete()
    just_sent = [one for one in news if one.parcel.kept and not one.parcel.kept.sent.sent_at]
    waited = {_key(one): one.parcel.now for one in (*come, *just_sent)}
    add_watches([(key, parcel) for key, parcel in waited.items() if key not in signed], of)
    ParcelException.objects.open().filter(parcel__in=keys, kind__in=ENDED).update(
        settled_at=of.now, settled_as=ParcelException.Settled.ARRIVED
    )


def _key(news: News) -> int:
    return news.parcel.kept.pk if news.parcel.kept else 0
