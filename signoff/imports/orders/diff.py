"""What a file says otherwise than the database: of the order itself, and as news about it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from signoff.imports.orders.customers import mail_of
from signoff.imports.orders.existing import Kept, KeptParcel
from signoff.imports.orders.parsed import SentParcel
from signoff.imports.orders.rows import Told

REFUNDED = "refunded"
"""The file tells of other refunds than we know, and of nothing else that is different about the payments."""


def differences(told: Told, kept: Kept) -> frozenset[str]:
    """Which tables of the order would change; of what a file does not say nothing does."""
    said, here = told.rows, kept.rows
    head = (*said.head[:-1], said.head[-1] or here.head[-1])
    found = {
        "order": head != here.head or _another_buyer(told, kept),
        "lines": said.lines != here.lines,
        "shipping": said.shipping != here.shipping,
        "discounts": said.discounts != here.discounts,
        "destination": bool(said.destination) and not kept.erased and said.destination != here.destination,
    }
    if said.payments != here.payments:
        before = [values[:-1] for values in here.payments]
        found[REFUNDED if [values[:-1] for values in said.payments] == before else "payments"] = True
    return frozenset(name for name, differs in found.items() if differs)


def _another_buyer(told: Told, kept: Kept) -> bool:
    """A number that is not theirs, or an e-mail address where we had none; erased ones stay as they are."""
    buyer = told.order.buyer
    if kept.erased:
        return False
    return buyer.external_id not in ("", kept.buyer) or (not kept.mail and mail_of(buyer) != "")


@dataclass(frozen=True, slots=True)
class Matched:
    """A parcel of a file; ``kept`` is the one of ours that it is, ``now`` what is to be written."""

    kept: KeptParcel | None
    now: SentParcel

    @property
    def is_news(self) -> bool:
        return self.kept is None or self.kept.sent != self.now

    @property
    def has_come(self) -> bool:
        """It was on its way here and has been delivered."""
        return self.kept is not None and not self.kept.sent.delivered_at and bool(self.now.delivered_at)


def matched(parcels: Sequence[SentParcel], kept: Sequence[KeptParcel]) -> list[Matched]:
    """By tracking number; one without a number by what is in it. Parcels that only we know stay as they are."""
    left, found = list(kept), dict[int, KeptParcel]()
    for same in (_same_number, _same_goods, _unknown_goods):
        for place, sent in enumerate(parcels):
            if place in found:
                continue
            if one := next((one for one in left if same(sent, one.sent)), None):
                left.remove(one)
                found[place] = one
    return [_with_news(sent, found.get(place)) for place, sent in enumerate(parcels)]


def _same_number(sent: SentParcel, here: SentParcel) -> bool:
    return bool(sent.number) and sent.number == here.number


def _same_goods(sent: SentParcel, here: SentParcel) -> bool:
    return _may_be(sent, here) and sent.items == here.items


def _unknown_goods(sent: SentParcel, here: SentParcel) -> bool:
    return _may_be(sent, here) and not (sent.items and here.items)


def _may_be(sent: SentParcel, here: SentParcel) -> bool:
    """Neither number nor carrier say that it is another."""
    carriers = {one.carrier.casefold() for one in (sent, here) if one.carrier}
    return not (sent.number and here.number) and len(carriers) < 2


def _with_news(sent: SentParcel, kept: KeptParcel | None) -> Matched:
    """What carriers told us of times stays; a file fills in what was not known, and knows best what it promised."""
    if kept is None:
        return Matched(None, sent)
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
    return Matched(kept, now)


def new_ratings(told: Told, kept: Kept) -> list[tuple[int, str, object]]:
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
