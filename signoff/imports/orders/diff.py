"""Compares an order of a file with the same order in the database: changed tables, parcels, ratings."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from signoff.imports.orders.customers import valid_email
from signoff.imports.orders.existing import ExistingOrder, ExistingParcel
from signoff.imports.orders.parsed import ZERO, SentParcel
from signoff.imports.orders.rows import CAPTURED, PreparedOrder
from signoff.parcels.numbers import normal_number

#: the shop reports more refunds than before, or names its payments otherwise: written also while a case or refund
#: uses the order
REPORTED, NAMES = "reported", "payment names"
ALWAYS_WRITTEN = frozenset({REPORTED, NAMES})


def changed_tables(prepared: PreparedOrder, existing: ExistingOrder) -> frozenset[str]:
    """Names of the tables whose rows differ. Values that are empty in the file never count as a difference."""
    new, old = prepared.rows, existing.rows
    # the last column of HEAD is the shop's own order id; an export without it does not contradict the stored one
    head = (*new.head[:-1], new.head[-1] or old.head[-1])
    changed = {
        "order": head != old.head or _is_other_buyer(prepared, existing),
        "lines": new.lines != old.lines,
        "shipping": new.shipping != old.shipping,
        "discounts": new.discounts != old.discounts,
        "destination": bool(new.destination) and not existing.erased and new.destination != old.destination,
    }
    if new.payments != old.payments:
        before = [values[: CAPTURED + 1] for values in old.payments]
        changed[NAMES if [values[: CAPTURED + 1] for values in new.payments] == before else "payments"] = True
    changed[REPORTED] = bool(more_reported(prepared, existing))
    return frozenset(name for name, differs in changed.items() if differs)


def more_reported(prepared: PreparedOrder, existing: ExistingOrder) -> dict[int, Decimal]:
    """Position of each payment → how much more the shop has refunded of it than was reported before.

    Never less: an older file does not undo what a newer one said.
    """
    before = [*existing.reported, *[ZERO] * len(prepared.reported)]
    return {
        position: told - known
        for position, (told, known) in enumerate(zip(prepared.reported, before, strict=False), start=1)
        if told > known
    }


def closed_after_payment(prepared: PreparedOrder, existing: ExistingOrder) -> PreparedOrder:
    """The order with its stored payments refunded whole, where the shop has closed it and names none any more.

    Marketplaces do so: a closed order that was paid has been refunded there.
    """
    if not prepared.order.cancelled or prepared.rows.payments or not existing.rows.payments:
        return prepared
    payments = existing.rows.payments
    reported = [payment[CAPTURED] for payment in payments]
    return replace(prepared, rows=replace(prepared.rows, payments=payments), reported=reported)


def contradicts_refunds(prepared: PreparedOrder, existing: ExistingOrder) -> bool:
    """Whether a payment of the file is gone, or smaller than what was refunded here or reported before."""
    captured = [payment[CAPTURED] for payment in prepared.rows.payments]
    captured += [ZERO] * (len(existing.refunded) - len(captured))
    gone = map(max, existing.refunded, existing.reported)
    return any(refunded > paid for refunded, paid in zip(gone, captured, strict=False))


def _is_other_buyer(prepared: PreparedOrder, existing: ExistingOrder) -> bool:
    """Whether the file names another customer number, or a first e-mail address; never for an erased customer."""
    buyer = prepared.order.buyer
    if existing.erased:
        return False
    return buyer.external_id not in ("", existing.buyer) or (not existing.email and valid_email(buyer) != "")


@dataclass(frozen=True, slots=True)
class ParcelMatch:
    """A parcel of a file with its stored counterpart, if any; ``merged`` has the values to write."""

    existing: ExistingParcel | None
    merged: SentParcel

    @property
    def has_changes(self) -> bool:
        return self.existing is None or self.existing.values != self.merged

    @property
    def is_newly_delivered(self) -> bool:
        """Whether the stored parcel was on its way and the file says that it has been delivered."""
        return self.existing is not None and not self.existing.values.delivered_at and bool(self.merged.delivered_at)


def match_parcels(parcels: Sequence[SentParcel], existing: Sequence[ExistingParcel]) -> list[ParcelMatch]:
    """Pair the parcels of a file with stored ones: by tracking number, else by their items.

    A stored parcel that no parcel of the file matches is left alone.
    """
    unmatched, matches = list(existing), dict[int, ExistingParcel]()
    for is_same in (_has_same_number, _has_same_goods, _may_have_same_goods):
        for place, parcel in enumerate(parcels):
            if place in matches:
                continue
            if candidate := next((candidate for candidate in unmatched if is_same(parcel, candidate.values)), None):
                unmatched.remove(candidate)
                matches[place] = candidate
    return [_merge_parcel(parcel, matches.get(place)) for place, parcel in enumerate(parcels)]


def _has_same_number(imported: SentParcel, stored: SentParcel) -> bool:
    return bool(imported.number) and normal_number(imported.number) == normal_number(stored.number)


def _has_same_goods(imported: SentParcel, stored: SentParcel) -> bool:
    return _may_be_same(imported, stored) and imported.items == stored.items


def _may_have_same_goods(imported: SentParcel, stored: SentParcel) -> bool:
    return _may_be_same(imported, stored) and not (imported.items and stored.items)


def _may_be_same(imported: SentParcel, stored: SentParcel) -> bool:
    """Whether neither tracking number nor carrier rules out that both are one parcel."""
    carriers = {parcel.carrier.casefold() for parcel in (imported, stored) if parcel.carrier}
    return not (imported.number and stored.number) and len(carriers) < 2


def _merge_parcel(imported: SentParcel, existing: ExistingParcel | None) -> ParcelMatch:
    """Fill in what is not stored yet. Only the promised day is replaced: carriers' times are better than a file's."""
    if existing is None:
        return ParcelMatch(None, imported)
    stored = existing.values
    merged = replace(
        stored,
        carrier=stored.carrier or imported.carrier,
        number=stored.number or imported.number,
        sent_at=stored.sent_at or imported.sent_at,
        delivered_at=stored.delivered_at or imported.delivered_at,
        promised_on=imported.promised_on or stored.promised_on,
        seller=stored.seller or imported.seller,
        warehouse=stored.warehouse or imported.warehouse,
        items=stored.items or imported.items,
    )
    return ParcelMatch(existing, merged)


def new_ratings(prepared: PreparedOrder, existing: ExistingOrder) -> list[tuple[int, str, object]]:
    """Ratings that are not stored yet, compared by stars and time, because their words may have been erased."""
    if existing.erased:
        return []
    stored = Counter(existing.ratings)
    new = []
    for stars, words, given_at in prepared.ratings:
        if stored[stars, given_at] > 0:
            stored[stars, given_at] -= 1
        else:
            new.append((stars, words, given_at))
    return new
