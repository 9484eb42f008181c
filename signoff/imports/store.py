"""Where the orders of one import go: batch by batch, each in one transaction. New ones are added, changed ones brought
up to date where nothing is built upon them, and what cannot be true is refused with a sentence."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from signoff.delivery import terms_of
from signoff.imports.adding import Import, Placed, add_orders, add_ratings
from signoff.imports.buyers import customers_of
from signoff.imports.changing import Change, held, lock_orders, write_changes, write_status
from signoff.imports.comparing import REFUNDED, differences, matched, new_ratings
from signoff.imports.delivering import News, take_over
from signoff.imports.kept import Kept, kept_orders
from signoff.imports.marks import Marks
from signoff.imports.numbers import taken_numbers
from signoff.imports.oddities import note_again, note_new
from signoff.imports.rows import Told, told
from signoff.imports.terms import ZERO, RefusedRow, SoldOrder
from signoff.models import Shop
from signoff.shares import CannotFreeze


@dataclass
class Stored:
    """What became of a batch. ``paid`` is the money of the new orders by currency, ``anomalies`` what is odd."""

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
        self._met = Marks()

    @transaction.atomic
    def save(self, orders: Sequence[SoldOrder]) -> Stored:
        """Write a batch. Two imports into one shop take turns."""
        Shop.objects.select_for_update(no_key=True).get(pk=self.shop.pk)
        of = Import(self.shop, self.source, terms_of(self.shop), timezone.now())
        stored = Stored()
        taken = self._believable(orders, stored)
        here = kept_orders(self.shop, [one.order.number for one in taken])
        known = list(self._once([(one, here[one.order.number]) for one in taken if one.order.number in here], stored))
        self._add([one for one in taken if one.order.number not in here], of, stored)
        self._compare(known, of, stored)
        return stored

    def _believable(self, orders: Sequence[SoldOrder], stored: Stored) -> list[Told]:
        """The orders that can be true and stand in the batch once; the others are refused."""
        found: dict[str, Told] = {}
        for order in orders:
            try:
                one = told(order)
            except CannotFreeze as why:
                stored.refused += refusals(order, str(why))
                continue
            if order.number in found:
                stored.refused += refusals(order, _twice())
            else:
                found[order.number] = one
        for one, sentence in taken_numbers(list(found.values()), self.shop):
            stored.refused += refusals(one.order, sentence)
            del found[one.order.number]
        return list(found.values())

    def _once(self, known: Sequence[tuple[Told, Kept]], stored: Stored) -> Iterator[tuple[Told, Kept]]:
        """Those that this import has not met before: the file must not have the last word twice."""
        for one, kept in known:
            if kept.pk in self._met:
                stored.refused += refusals(one.order, _twice())
            else:
                self._met.add(kept.pk)
                yield one, kept

    def _add(self, orders: Sequence[Told], of: Import, stored: Stored) -> None:
        if not orders:
            return
        placed = add_orders(orders, customers_of([one.order for one in orders], self.shop), of)
        stored.anomalies += note_new([(one.key, one.told) for one in placed], self.gives, now=of.now)
        stored.new += len(placed)
        for one in placed:
            self._met.add(one.key)
            stored.lines += len(one.told.rows.lines)
            currency = one.told.order.currency
            stored.paid[currency] = stored.paid.get(currency, ZERO) + one.told.paid

    def _compare(self, known: Sequence[tuple[Told, Kept]], of: Import, stored: Stored) -> None:
        """Look first, and once more under lock at what seems to differ."""
        seems = [one for one, kept in known if _is_news(_change(one, kept))]
        stored.unchanged += len(known) - len(seems)
        if not seems:
            return
        keys = {one.order.number: kept.pk for one, kept in known}
        lock_orders([keys[one.order.number] for one in seems])
        here = kept_orders(self.shop, [one.order.number for one in seems])
        changes = [_change(one, here[one.order.number]) for one in seems]
        counted_on = held([one.kept.pk for one in changes if one.differs])
        taken = [one for one in changes if one.kept.pk not in counted_on or one.differs <= {REFUNDED}]
        for one in changes:
            if one.kept.pk in counted_on and not one.differs <= {REFUNDED}:
                stored.refused += refusals(one.told.order, _built_upon(one.told.order))
        self._change(taken, counted_on, of, stored)

    def _change(self, changes: Sequence[Change], counted_on: Collection[int], of: Import, stored: Stored) -> None:
        """What is built upon an order leaves its rows alone, not its news."""
        rewritten = [one for one in changes if one.differs and one.kept.pk not in counted_on]
        others = [one for one in changes if not one.differs or one.kept.pk in counted_on]
        placed = write_changes(rewritten, customers_of([one.told.order for one in rewritten], self.shop), of)
        write_status([one for one in others if one.status_differs], of)
        placed += [Placed(one.kept.pk, one.told, one.kept.line_keys) for one in others]
        by_key = {one.key: one for one in placed}
        take_over(
            [News(by_key[one.kept.pk], parcel) for one in changes for parcel in one.parcels if parcel.is_news], of
        )
        add_ratings([(one.kept.pk, *rated) for one in changes for rated in new_ratings(one.told, one.kept)])
        again = [(one.kept.pk, one.told) for one in changes if one.kept.pk not in counted_on]
        stored.anomalies += note_again(again, self.gives, now=of.now)
        anew = {one.kept.pk for one in rewritten}
        changed = sum(one.kept.pk in anew or _is_news(one, but=REFUNDED) for one in changes)
        stored.changed += changed
        stored.unchanged += len(changes) - changed


def _change(one: Told, kept: Kept) -> Change:
    return Change(one, kept, differences(one, kept), matched(one.parcels, kept.parcels))


def _is_news(change: Change, *, but: str = "") -> bool:
    return bool(
        change.differs - {but}
        or change.status_differs
        or any(parcel.is_news for parcel in change.parcels)
        or new_ratings(change.told, change.kept)
    )


def refusals(order: SoldOrder, sentence: str) -> list[RefusedRow]:
    """All rows of an order; where several files were sent, the one that stands for it."""
    rows = [] if order.file else [item.row for item in order.items]
    if order.row:
        rows.append(order.row)
    lines = {row.line: row for row in rows}
    return [RefusedRow(row, order.number_column, sentence, order.file) for _line, row in sorted(lines.items())]


def _twice() -> str:
    return _("An order with this number came earlier in this import. Remove one of them.")


def _built_upon(order: SoldOrder) -> str:
    return _(
        "Order %(number)s is here with other amounts, lines, payments or address, and a case, a refund or a sign-off "
        "is built upon it: it stays as it is. Settle the difference on its page."
    ) % {"number": order.number}
