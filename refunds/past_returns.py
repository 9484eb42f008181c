"""A file of past returns: one row per returned line, tied to the sale it returns. Reads and matches, writes nothing.

Rows are taken in the order of return date, return invoice and article number. A row goes to a line of its
sale that cost something, of the same article (case of letters aside), one of the same unit price first, and
to the first of them that has enough units left.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from itertools import groupby
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from signoff.imports.tables import Row, Table
from signoff.imports.terms import RefusedRow
from signoff.models import Order, OrderLine, Shop

COLUMNS = {
    "invoice": ("return_invoice",),
    "date": ("return_date",),
    "sku": ("stock_code",),
    "quantity": ("quantity",),
    "order": ("original_invoice",),
    "price": ("original_unit_price",),
}
MOST_UNITS = 10_000_000


@dataclass(frozen=True, slots=True)
class PastReturn:
    """One row, understood; ``at`` is UTC."""

    row: Row
    invoice: str
    at: datetime
    sku: str
    quantity: int
    order: str
    price: Decimal


@dataclass(frozen=True, slots=True)
class Slip:
    """The rows of one return invoice, which become one case."""

    invoice: str
    rows: list[PastReturn]

    @property
    def at(self) -> datetime:
        return self.rows[0].at


@dataclass
class Matched:
    """The rows of a slip that go to a line of a sale, and those that do not."""

    accepted: list[tuple[PastReturn, OrderLine]] = field(default_factory=list)
    refused: list[RefusedRow] = field(default_factory=list)

    @property
    def quantities(self) -> dict[OrderLine, int]:
        """Units per order line; two rows may go to one line."""
        sums: dict[OrderLine, int] = {}
        for past, line in self.accepted:
            sums[line] = sums.get(line, 0) + past.quantity
        return sums


class PastReturns:
    """The file, understood: ``slips`` in the order of the rule, ``refused`` what cannot be read."""

    def __init__(self, table: Table, *, shop: Shop) -> None:
        self.header = table.header
        self.rows = 0
        self.refused: list[RefusedRow] = []
        self._places = table.places(COLUMNS)
        self._zone = ZoneInfo(shop.time_zone)
        understood = sorted(self._understood(table), key=lambda past: (past.at, past.invoice, past.sku))
        first: dict[str, int] = {}
        for place, past in enumerate(understood):
            first.setdefault(past.invoice, place)
        understood.sort(key=lambda past: first[past.invoice])
        self.slips = [Slip(invoice, list(rows)) for invoice, rows in groupby(understood, lambda past: past.invoice)]

    def match(self, slip: Slip, orders: Mapping[str, Order], room: Callable[[OrderLine], int]) -> Matched:
        """Give each row of ``slip`` its line; ``room`` says how many units of a line there are to give."""
        matched = Matched()
        left: dict[OrderLine, int] = {}
        for past in slip.rows:
            lines = _candidates(past, orders.get(past.order))
            left |= {line: room(line) for line in lines if line not in left}
            line = next((one for one in lines if left[one] >= past.quantity), None)
            if line is None:
                matched.refused.append(self._no_line(past, orders.get(past.order), [left[one] for one in lines]))
            else:
                left[line] -= past.quantity
                matched.accepted.append((past, line))
        return matched

    def taken(self, slip: Slip, sentence: str) -> list[RefusedRow]:
        """The rows of a slip whose units somebody else has taken meanwhile."""
        return [self._refused(past.row, "quantity", sentence) for past in slip.rows]

    def _understood(self, table: Table) -> Iterator[PastReturn]:
        for row in table.rows():
            self.rows += 1
            try:
                yield self._parse(row)
            except _Wrong as wrong:
                self.refused.append(self._refused(row, wrong.column, str(wrong)))

    def _parse(self, row: Row) -> PastReturn:
        if len(row.cells) != len(self.header):
            raise _Wrong("invoice", _("The row has more or fewer cells than the header. Look for a stray comma."))
        cell = {name: row.cells[place].strip() for name, place in self._places.items()}
        for name in ("invoice", "sku", "order"):
            if not cell[name]:
                raise _Wrong(name, _("This cell is empty."))
        return PastReturn(
            row=row,
            invoice=cell["invoice"],
            at=self._moment(cell["date"]),
            sku=cell["sku"],
            quantity=_quantity(cell["quantity"]),
            order=cell["order"],
            price=_price(cell["price"]),
        )

    def _moment(self, text: str) -> datetime:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError as wrong:
            sentence = _("“%(text)s” is not a date and time such as 2010-12-03 14:23:00.")
            raise _Wrong("date", sentence % {"text": text[:40]}) from wrong
        return (moment if moment.tzinfo else moment.replace(tzinfo=self._zone)).astimezone(UTC)

    def _no_line(self, past: PastReturn, order: Order | None, left: Sequence[int]) -> RefusedRow:
        facts = {"order": past.order, "sku": past.sku, "asked": past.quantity, "left": max(left, default=0)}
        if order is None:
            sentence = _("There is no order %(order)s in this shop. Import the orders first.")
            return self._refused(past.row, "order", sentence % facts)
        if not left:
            sentence = _("Order %(order)s has no article %(sku)s that was paid for.")
            return self._refused(past.row, "sku", sentence % facts)
        sentence = ngettext(
            "Of article %(sku)s in order %(order)s %(left)d unit is left to return, not %(asked)d.",
            "Of article %(sku)s in order %(order)s %(left)d units are left to return, not %(asked)d.",
            facts["left"],
        )
        return self._refused(past.row, "quantity", sentence % facts)

    def _refused(self, row: Row, column: str, sentence: str) -> RefusedRow:
        return RefusedRow(row, self.header[self._places[column]], sentence)


class _Wrong(ValueError):
    """A cell cannot be understood: the key of its column in ``COLUMNS``, and a sentence."""

    def __init__(self, column: str, sentence: str) -> None:
        super().__init__(sentence)
        self.column = column


def _candidates(past: PastReturn, order: Order | None) -> list[OrderLine]:
    if order is None:
        return []
    lines = [line for line in order.lines.all() if line.sku.upper() == past.sku.upper() and line.unit_price > 0]
    return sorted(lines, key=lambda line: (line.unit_price != past.price, line.position))


def _quantity(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 9 and 0 < int(text) <= MOST_UNITS):
        raise _Wrong("quantity", _("“%(text)s” is not a whole number of units above zero.") % {"text": text[:40]})
    return int(text)


def _price(text: str) -> Decimal:
    try:
        price = Decimal(text)
    except InvalidOperation as wrong:
        raise _Wrong("price", _("“%(text)s” is not a price.") % {"text": text[:40]}) from wrong
    if not price.is_finite():
        raise _Wrong("price", _("“%(text)s” is not a price.") % {"text": text[:40]})
    return price
