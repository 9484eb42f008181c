"""Where the orders of one import go: batch by batch, each in one transaction. New ones are added, those that are here
brought up to date (``renewing``), and what cannot be true is refused with a sentence."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from signoff.imports.files.id_bitset import IdBitset
from signoff.imports.files.rejected import RefusedRow
from signoff.imports.orders.anomalies import note_new
from signoff.imports.orders.customers import customers_of
from signoff.imports.orders.existing import Kept, kept_orders
from signoff.imports.orders.insert import Import, add_orders
from signoff.imports.orders.parsed import ZERO, SoldOrder
from signoff.imports.orders.rejections import came_twice, refusals
from signoff.imports.orders.rows import Told, told
from signoff.imports.orders.sync import renew
from signoff.imports.orders.tracking_numbers import taken_numbers
from signoff.models import Shop
from signoff.money import CannotFreeze
from signoff.parcels.terms import terms_of


@dataclass
class Stored:
    """What became of a batch. ``paid`` is the money of the new orders by currency, ``anomalies`` how much is odd."""

    new: int = 0
    lines: int = 0
    changed: int = 0
    unchanged: int = 0
    anomalies: int = 0
    paid: dict[str, Decimal] = field(default_factory=dict)
    refused: list[RefusedRow] = field(default_factory=list)


class Store:
    """``source`` is the name of the format; ``gives`` what its orders should have (``terms.GIVEN``)."""

    def __init__(self, shop: Shop, *, source: str, gives: Collection[str] = ()) -> None:
        self.shop, self.source, self.gives = shop, source, gives
        self._met = IdBitset()

    @transaction.atomic
    def save(self, orders: Sequence[SoldOrder]) -> Stored:
        """Write a batch. Two imports into one shop take turns."""
        Shop.objects.select_for_update(no_key=True).get(pk=self.shop.pk)
        of = Import(self.shop, self.source, self.gives, terms_of(self.shop), timezone.now())
        stored = Stored()
        taken = self._believable(orders, stored)
        here = kept_orders(self.shop, [one.order.number for one in taken])
        known = list(self._once([(one, here[one.order.number]) for one in taken if one.order.number in here], stored))
        self._add([one for one in taken if one.order.number not in here], of, stored)
        done = renew(known, of)
        stored.changed, stored.unchanged = done.changed, done.unchanged
        stored.anomalies += done.anomalies
        stored.refused += done.refused
        return stored

    def _believable(self, orders: Sequence[SoldOrder], stored: Stored) -> list[Told]:
        """The orders that can be true and stand in the batch once; the others are refused."""
        found: dict[str, Told] = {}
        for order in orders:
            if order.number in found:
                stored.refused += refusals(order, came_twice())
                continue
            try:
                found[order.number] = told(order)
            except CannotFreeze as why:
                stored.refused += refusals(order, str(why))
        for one, sentence in list(taken_numbers(list(found.values()), self.shop)):
            stored.refused += refusals(one.order, sentence)
            del found[one.order.number]
        return list(found.values())

    def _once(self, known: Sequence[tuple[Told, Kept]], stored: Stored) -> Iterator[tuple[Told, Kept]]:
        """Those that this import has not met before: a file must not contradict itself and have the last word."""
        for one, kept in known:
            if kept.pk in self._met:
                stored.refused += refusals(one.order, came_twice())
            else:
                self._met.add(kept.pk)
                yield one, kept

    def _add(self, orders: Sequence[Told], of: Import, stored: Stored) -> None:
        if not orders:
            return
        placed = add_orders(orders, customers_of([one.order for one in orders], self.shop), of)
        stored.anomalies += note_new([(one.key, one.told) for one in placed], of.gives, now=of.now)
        stored.new += len(placed)
        for one in placed:
            self._met.add(one.key)
            stored.lines += len(one.told.rows.lines)
            currency = one.told.order.currency
            stored.paid[currency] = stored.paid.get(currency, ZERO) + one.told.paid
