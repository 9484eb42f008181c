"""Writes imported orders: whole batches, by COPY where the rows are many, each batch in one transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from operator import attrgetter
from typing import Any

from django.db import connection, models, transaction
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history

from signoff.imports.terms import RefusedRow, SoldItem, SoldOrder
from signoff.models import Customer, Order, OrderLine, Payment, Shop
from signoff.shares import Frozen, Priced, freeze

LINE_COLUMNS = (
    "order_id", "position", "kind", "sku", "title", "quantity", "unit_price", "list_total", "gross",
)  # fmt: skip


@dataclass
class Stored:
    """What became of a batch. ``paid`` is the money of the new orders by currency."""

    new: int = 0
    lines: int = 0
    unchanged: int = 0
    paid: dict[str, Decimal] = field(default_factory=dict)
    refused: list[RefusedRow] = field(default_factory=list)


class Store:
    """Where the orders of one import go. ``source`` is the name of the format."""

    def __init__(self, shop: Shop, *, source: str) -> None:
        self.shop = shop
        self.source = source
        self._customers: dict[str, int] = {}

    @transaction.atomic
    def save(self, orders: Sequence[SoldOrder]) -> Stored:
        """Write the orders that are new. One that is here already stays as it is, equal or refused."""
        Shop.objects.select_for_update(no_key=True).get(pk=self.shop.pk)  # two imports at once take turns
        stored = Stored()
        known = self._known(orders)
        fresh = []
        for order in orders:
            if order.number not in known:
                fresh.append(order)
            elif known[order.number] == _fingerprint(order):
                stored.unchanged += 1
            else:
                stored.refused += _differing(order)
        self._insert(fresh, stored)
        return stored

    def _known(self, orders: Sequence[SoldOrder]) -> dict[str, tuple[Any, ...]]:
        """Fingerprints of those orders of the batch that are in the database, by number."""
        numbers = [order.number for order in orders]
        rows = Order.objects.filter(shop=self.shop, number__in=numbers).select_related("customer")
        lines: dict[int, list[tuple[Any, ...]]] = {row.pk: [] for row in rows}
        columns = ("order_id", "sku", "title", "quantity", "unit_price")
        for order_id, *line in OrderLine.objects.filter(order__in=rows).order_by("position").values_list(*columns):
            lines[order_id].append(tuple(line))
        return {
            row.number: (row.placed_at, row.customer.external_id if row.customer else "", row.currency, lines[row.pk])
            for row in rows
        }

    def _insert(self, orders: Sequence[SoldOrder], stored: Stored) -> None:
        frozen = [_frozen(order) for order in orders]
        self._add_customers({order.buyer.external_id for order in orders} - {""})
        rows = [
            Order(
                shop=self.shop,
                number=order.number,
                customer_id=self._customers.get(order.buyer.external_id),
                placed_at=order.placed_at,
                currency=order.currency,
                country=order.country,
                total=sum((line.gross for line in lines), Decimal(0)),
                source=self.source,
            )
            for order, lines in zip(orders, frozen, strict=True)
        ]
        rows = bulk_create_with_history(rows, Order, default_change_reason=f"import: {self.source}")
        _copy(
            OrderLine,
            LINE_COLUMNS,
            (
                _line_values(row, position, item, line)
                for row, order, lines in zip(rows, orders, frozen, strict=True)
                for position, (item, line) in enumerate(zip(order.items, lines, strict=True), start=1)
            ),
        )
        Payment.objects.bulk_create([Payment(order=row, captured=row.total) for row in rows])
        stored.new += len(rows)
        for row, order in zip(rows, orders, strict=True):
            stored.lines += len(order.items)
            stored.paid[row.currency] = stored.paid.get(row.currency, Decimal(0)) + row.total

    def _add_customers(self, names: set[str]) -> None:
        """Make the customers that are missing, and learn the keys of all of them."""
        unknown = names - self._customers.keys()
        if not unknown:
            return
        Customer.objects.bulk_create(
            [Customer(shop=self.shop, external_id=name, language=self.shop.language) for name in sorted(unknown)],
            ignore_conflicts=True,
        )
        found = Customer.objects.filter(shop=self.shop, external_id__in=unknown)
        self._customers |= dict(found.values_list("external_id", "pk"))


def _frozen(order: SoldOrder) -> list[Frozen]:
    priced = [Priced("", item.quantity, item.unit_price) for item in order.items]
    return freeze(priced, currency=order.currency, tax_included=True)


def _fingerprint(order: SoldOrder) -> tuple[Any, ...]:
    """What makes an order the same order when it comes again."""
    lines = list(map(attrgetter("sku", "title", "quantity", "unit_price"), order.items))
    return order.placed_at, order.buyer.external_id, order.currency, lines


def _differing(order: SoldOrder) -> list[RefusedRow]:
    sentence = _("Order %(number)s is here already with other lines, customer or date; an import never changes it.")
    return [RefusedRow(item.row, order.number_column, sentence % {"number": order.number}) for item in order.items]


def _line_values(row: Order, position: int, item: SoldItem, line: Frozen) -> tuple[Any, ...]:
    kind = OrderLine.Kind.GOODS if item.is_goods else OrderLine.Kind.CHARGE
    return (
        row.pk, position, kind.value, item.sku, item.title, item.quantity, item.unit_price, line.list_total, line.gross,
    )  # fmt: skip


def _copy(model: type[models.Model], columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """COPY ``rows`` into the table of ``model``; columns that are not named get their fields' defaults."""
    others = [f for f in model._meta.concrete_fields if not f.primary_key and f.attname not in columns]
    defaults = tuple(f.get_db_prep_save(f.get_default(), connection) for f in others)
    names = ", ".join(connection.ops.quote_name(name) for name in (*columns, *(f.column for f in others)))
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row + defaults)
