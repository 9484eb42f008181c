"""Queries of parcels, and how carriers' names are compared."""

from signoff.db.prepared.compiled import CompiledQuery
from signoff.models import Parcel

# no key update: rows that refer to the parcel can still be inserted by others
_LOCKED = CompiledQuery(lambda key: Parcel.objects.filter(pk=key).select_for_update(no_key=True))


def lock_parcel(key: int) -> Parcel:
    """The parcel with this primary key, locked for the transaction."""
    return _LOCKED.get(key)


def is_same_carrier(name: str, other: str) -> bool:
    """Whether two names may be those of one carrier: "DHL" and "dhl-germany"; an empty one is no name."""
    short, long = sorted((fold_carrier(name), fold_carrier(other)), key=len)
    return bool(short) and short in long


def fold_carrier(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))
