"""What a file says otherwise than the database: of the order itself, and as news about it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from signoff.imports.orders.customers import valid_email
from signoff.imports.orders.existing import ExistingOrder, ExistingParcel
from signoff.imports.orders.parsed import SentParcel
from signoff.imports.orders.rows import PreparedOrder

REFUNDED = "refunded"
"""The file tells of other refunds than we know, and of nothing else that is different about the payments."""


def changed_tables(told: PreparedOrder, kept: ExistingOrder) -> frozenset[str]:
    """Which tables of the order would change; of what a file does not say nothing does."""
    said, here = told.rows, kept.rows
    head = (*said.head[:-1], said.head[-1] or here.head[-1])
    found = {
        "order": head != here.head or _is_other_buyer(told, kept),
        "lines": said.lines != here.lines,
        "shipping": said.shipping != here.shipping,
        "discounts": said.discounts != here.discounts,
        "destination": bool(said.destination) and not kept.erased and said.destination != here.destination,
    }
    if said.payments != here.payments:
        before = [values[:-1] for values in here.payments]
        found[REFUNDED if [values[:-1] for values in said.payments] == before else "payments"] = True
    return frozenset(name for name, differs in found.items() if differs)


def _is_other_buyer(told: PreparedOrder, kept: ExistingOrder) -> bool:
    """A number that is not theirs, or an e-mail address where we had none; erased ones stay as they are."""
    buyer = told.order.buyer
    if kept.erased:
        return False
    return buyer.external_id not in ("", kept.buyer) or (not kept.mail and valid_email(buyer) != "")


@dataclass(frozen=True, slots=True)
class ParcelMatch:
    """A parcel of a file; ``kept`` is the one of ours that it is, ``now`` what is to be written."""

    kept: ExistingParcel | None
    now: SentParcel

    @property
    def is_news(self) -> bool:
        return self.kept is None or self.kept.sent != self.now

    @property
    def has_come(self) -> bool:
        """It was on its way here and has been delivered."""
        return self.kept is not None and not self.kept.sent.delivered_at and bool(self.now.delivered_at)


def match_parcels(parcels: Sequence[SentParcel], kept: Sequence[ExistingParcel]) -> list[ParcelMatch]:
    """By tracking number; one without a number by what is in it. Parcels that only we know stay as they are."""
    left, found = list(kept), dict[int, ExistingParcel]()
    for same in (_has_same_number, _has_same_goods, _may_have_same_goods):
        for place, sent in enumerate(parcels):
            if place in found:
                continue
            if one := next((one for one in left if same(sent, one.sent)), None):
                left.remove(one)
                found[place] = one
    return [_merge_parcel(sent, found.get(place)) for place, sent in enumerate(parcels)]


def _has_same_number(sent: SentParcel, here: SentParcel) -> bool:
    return bool(sent.number) and sent.number == here.number


def _has_same_goods(sent: SentParcel, here: SentParcel) -> bool:
    return _may_be_same(sent, here) and sent.items == here.items


def _may_have_same_goods(sent: SentParcel, here: SentParcel) -> bool:
    return _may_be_same(sent, here) and not (sent.items and here.items)


def _may_be_same(sent: SentParcel, here: SentParcel) -> bool:
    """Neither number nor carrier say that it is another."""
    carriers = {one.carrier.casefold() for one in (sent, here) if one.carrier}
    return not (sent.number and here.number) and len(carriers) < 2


def _merge_parcel(sent: SentParcel, kept: ExistingParcel | None) -> ParcelMatch:
    """What carriers told us of times stays; a file fills in what was not known, and knows best what it promised."""
    if kept is None:
        return ParcelMatch(None, sent)
    here = kept.sent
    now = replace(
        here,
        carrier=here.carrier or sent.carrier,
        number=here.number or sent.number,
        sent_at=here.sent_at or sent.sent_at,
        delivered_at=here.delivered_at or sent.delivered_at,
        promised_on=sent.promised_on or here.promised_on,
        seller=here.seller or sent.seller,
        warehouse=here.warehouse or sent.warehouse,
        items=here.items or sent.items,
    )
    return ParcelMatch(kept, now)


def new_ratings(told: PreparedOrder, kept: ExistingOrder) -> list[tuple[int, str, object]]:
    """By stars and time: words may have been erased here."""
    if kept.erased:
        return []
    here = Counter(kept.ratings)
    found = []
    for stars, words, given_at in told.ratings:
        if here[stars, given_at] > 0:
            here[stars, given_at] -= 1
        else:
            found.append((stars, words, given_at))
    return found
