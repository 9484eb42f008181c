"""Reader of any CSV or XLSX table by a column mapping.

One row is one line of an order; two passes, wherever the rows of an order are. Values of the order (shipping,
total, buyer) may be on one of its rows or on all of them, but may not contradict each other. The time of
the order is that of its earliest row. The first pass also sees which decimal mark each column has.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from itertools import chain
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from signoff.imports.files import cells
from signoff.imports.files.amounts import DecimalMarks, Mark, split_currency
from signoff.imports.files.cells import CellError
from signoff.imports.files.csv import Row
from signoff.imports.files.sniff import UnreadableFile
from signoff.imports.files.uploaded import Source
from signoff.imports.formats.addresses import read_address
from signoff.imports.formats.mapping import AMOUNTS, LINE_FIELDS, OPTIONAL, REQUIRED, ColumnMapping, missing_fields
from signoff.imports.formats.payment_methods import is_on_delivery
from signoff.imports.layouts.columns import (
    Columns,
    Layout,
    Record,
    first_with_value,
    read_each,
    read_order,
    reject_duplicate_lines,
)
from signoff.imports.layouts.readers import ADDRESS_COLUMNS, UnsortedTableReader, group_by_order
from signoff.imports.orders.parsed import (
    ZERO,
    Buyer,
    ParseResult,
    SentParcel,
    SoldDiscount,
    SoldItem,
    SoldOrder,
    SoldPayment,
    SoldShipping,
)
from signoff.imports.orders.pricing import goods_total
from signoff.parcels.numbers import normal_number, split_numbers

FINEST = Decimal("0.001")


class MappedTableReader(UnsortedTableReader):
    """Reads one table. Raises ``UnreadableFile`` for a mapping that lacks a field or names a missing column."""

    def __init__(self, source: Source, recipe: ColumnMapping) -> None:
        named = [field for field in recipe.columns if recipe.titles(field)]
        if unknown := set(named) - {*REQUIRED, *OPTIONAL}:
            raise UnreadableFile(_("There is no field “%(field)s”.") % {"field": min(unknown)})
        if missing := missing_fields(named, whole_order=recipe.whole_order):
            raise UnreadableFile(_("Choose the columns that hold: %(fields)s.") % {"fields": ", ".join(missing)})
        if "currency" not in named and not recipe.currency:
            raise UnreadableFile(_("Choose the column that holds the currency, or the currency of all amounts."))
        self._marks = DecimalMarks()
        self._builder = _OrderBuilder(recipe, self._marks)
        self._amounts = [name for name in AMOUNTS if name in named]
        fields = [name for name in (*REQUIRED, *OPTIONAL) if name in named]
        super().__init__(
            _layout(source, recipe, fields),
            self._builder.order,
            zone=self._builder.zone,
            column_of=ADDRESS_COLUMNS | {"article": "article"},
        )

    def read(self) -> Iterator[ParseResult]:
        self._builder.counts = {"zero_rows": 0, "past_returns": 0}
        yield from super().read()
        self.report |= {name: count for name, count in self._builder.counts.items() if count}

    def _orders(self) -> Iterator[ParseResult]:
        observe = None if self._builder.recipe.mark else self._observe
        for rows in group_by_order(self.layout, "number", observe=observe):
            sold = []
            for record in rows:
                if sentence := self._builder.past_return(record):
                    yield self.layout.reject(record.row, "quantity", sentence)
                else:
                    sold.append(record)
            if sold:
                yield from read_order(self.layout, sold, self.build)

    def _observe(self, record: Record) -> None:
        for column in self._amounts:
            if text := record[column]:
                self._marks.add(column, text)


def _layout(source: Source, recipe: ColumnMapping, fields: Sequence[str]) -> "MappedLayout":
    """A preset names several titles of a column, and columns that a file need not have."""
    required: Columns = {name: recipe.titles(name) for name in fields if isinstance(recipe.columns[name], str)}
    optional: Columns = {name: recipe.titles(name) for name in fields if name not in required}
    return MappedLayout(source.table, required, optional)


class MappedLayout(Layout):
    """A layout in which rows without a number and without anything else about the order continue the row above."""

    def records(self) -> Iterator[Record]:
        number = ""
        about_order = [column for column in self.indexes if column not in LINE_FIELDS]
        for record in super().records():
            if record["number"]:
                number = record["number"]
            elif number and not any(record[column] for column in about_order):
                record = Record(self, self._with_number(record.row, number))
            yield record

    def _with_number(self, row: Row, number: str) -> Row:
        cells_of_row, place = list(row.cells), self.indexes["number"]
        if place < len(cells_of_row):
            cells_of_row[place] = number
        return Row(row.line, cells_of_row)


class _OrderBuilder:
    """Builds orders from rows by one column mapping."""

    def __init__(self, recipe: ColumnMapping, marks: DecimalMarks) -> None:
        self.recipe, self.marks = recipe, marks
        self.zone: tzinfo = ZoneInfo(recipe.zone)
        self.moment = partial(cells.moment, zone=self.zone, day_first=recipe.day_first)
        self.optional_moment = partial(cells.optional_moment, zone=self.zone, day_first=recipe.day_first)
        self.day = partial(cells.day, zone=self.zone, day_first=recipe.day_first)
        self.currency = ""
        self.counts: dict[str, int] = {}

    def order(self, records: Sequence[Record]) -> SoldOrder | None:
        """The order of these rows; ``None`` if it has no line with units."""
        first = records[0]
        number = first.read("number", cells.identity)
        self.currency = self._currency(records)
        lines = [record for record in records if self._has_units(record) and self._is_line(record)]
        self.counts["zero_rows"] += sum(not self._has_units(record) for record in records)
        items = [
            replace(item, sku=item.sku or self._name(item, place))
            for place, item in enumerate(read_each(lines, self.item), start=1)
        ]
        if not items:
            return None
        reject_duplicate_lines(lines, "line")
        status = first_with_value(records, "status").read("status", cells.words, max_length=80)
        method = self._method(records)
        paid = self._optional(first_with_value(records, "paid"), "paid")
        total = self._optional(first_with_value(records, "total"), "total")
        is_paid = (paid is None or paid > 0) and not _has_word(status, self.recipe.unpaid)
        shipping = self._shipping(records)
        buyer = self._buyer(records)
        return SoldOrder(
            number=number,
            number_column=first.layout.title("number"),
            placed_at=self._placed(records),
            buyer=buyer,
            country=buyer.address.country if buyer.address else "",
            currency=self.currency,
            items=items,
            row=first.row,
            prices_include_tax=self.recipe.prices_include_tax and self.currency not in self.recipe.net_currencies,
            tax=self._optional(first_with_value(records, "order_tax"), "order_tax"),
            discounts=self._discounts(records, items, shipping, paid if is_paid else None),
            shipping=shipping,
            payments=self._payments(records, method, paid if is_paid else None, total if is_paid else None),
            total=paid if self.recipe.discount_from_paid and is_paid else total,
            paid=is_paid,
            on_delivery=is_on_delivery(method),
            cancelled=_has_word(status, self.recipe.cancelled),
            status=status,
            parcels=tuple(self._parcels(lines)),
        )

    def past_return(self, record: Record) -> str:
        """The sentence for a row that takes units back, or an empty text."""
        if not _has_word(record["event"], self.recipe.returns) and not self._is_negative(record):
            return ""
        self.counts["past_returns"] += 1
        sentence = _(
            "“%(text)s” is not a whole number of units above zero: this row is a past return, not a sale. The rest of "
            "the order was read. Import past returns with “manage.py import_returns”."
        )
        return sentence % {"text": record["quantity"][: cells.MAX_LENGTH]}

    def _is_negative(self, record: Record) -> bool:
        try:
            return record.read("quantity", cells.signed_units, mark=self._mark("quantity")) < 0
        except CellError:
            return False  # rejected with its order

    def item(self, record: Record) -> SoldItem:
        if self.recipe.whole_order:
            return self._whole_order(record)
        quantity = self._units(record)
        list_total = self._optional(record, "line_total")
        return SoldItem(
            row=record.row,
            sku=record.read("article", cells.identity) if record["article"] else "",
            title=record.read("title", cells.words),
            quantity=quantity,
            unit_price=self._price(record, quantity, list_total),
            is_goods=True,
            discount=self._amount(record, "discount", cells.discount),
            tax=self._optional(record, "tax"),
            tax_rate=record.read("tax_rate", cells.rate),
            external_id=record.read("line", cells.identity) if record["line"] else "",
            category=record.read("category", cells.words, max_length=80),
            list_total=list_total,
            supplier=record.read("supplier", cells.words, max_length=80),
        )

    def _whole_order(self, record: Record) -> SoldItem:
        """One line of all that an order has, where the file has no lines."""
        if not record["total"]:
            raise record.error("total", _("The order has no total."))
        goods = max(self._amount(record, "total") - self._amount(record, "shipping"), ZERO)
        title = record.read("title", cells.words) or _("Whole order")
        return SoldItem(row=record.row, sku="", title=title, quantity=1, unit_price=goods, is_goods=True)

    def _units(self, record: Record) -> int:
        if self.recipe.whole_order:
            return 1
        return record.read("quantity", cells.units, mark=self._mark("quantity"))

    def _name(self, item: SoldItem, place: int) -> str:
        """What an article without SKU is called: by its title, else by its line."""
        return item.title[: cells.MAX_LENGTH].strip() or item.external_id or str(place)

    def _is_line(self, record: Record) -> bool:
        return not self.recipe.line_needs or bool(record[self.recipe.line_needs])

    def _has_units(self, record: Record) -> bool:
        if self.recipe.whole_order or not self._is_line(record):
            return True
        try:
            return record.read("quantity", cells.signed_units, mark=self._mark("quantity")) != 0
        except CellError:
            return True  # the row is read, and rejected, as a line

    def _price(self, record: Record, quantity: int, list_total: Decimal | None) -> Decimal:
        if record["price"]:
            return self._amount(record, "price")
        if list_total is None:
            column = "price" if record.has("price") else "line_total"
            raise record.error(column, _("The line has no price. Enter 0 if it was free."))
        return (list_total / quantity).quantize(FINEST, ROUND_HALF_UP)

    def _mark(self, column: str) -> Mark:
        return self.recipe.mark or self.marks.mark(column)

    def _amount(self, record: Record, column: str, parse: Callable[..., Decimal] = cells.amount) -> Decimal:
        return record.read(column, parse, mark=self._mark(column), currency=self.currency)

    def _optional(self, record: Record, column: str) -> Decimal | None:
        return self._amount(record, column) if record[column] else None

    def _sum_or_single(
        self, records: Sequence[Record], column: str, parse: Callable[..., Decimal] = cells.amount
    ) -> Decimal | None:
        """An amount that each line has its part of, or that the rows repeat; ``None`` if all cells are empty."""
        if self.recipe.shipping_per == "order":
            record = first_with_value(records, column)
            return self._amount(record, column, parse) if record[column] else None
        parts = [self._amount(record, column, parse) for record in records if record[column]]
        return sum(parts, ZERO) if parts else None

    def _placed(self, records: Sequence[Record]) -> datetime:
        dated = [record for record in records if record["placed"]] or records[:1]
        return min(read_each(dated, self._placed_on))

    def _placed_on(self, record: Record) -> datetime:
        """The time of a row, which may be in two columns."""
        if not record["placed_time"]:
            return record.read("placed", self.moment)
        return record.read("placed", lambda column, text: self.moment(column, f"{text} {record['placed_time']}"))

    def _currency(self, records: Sequence[Record]) -> str:
        """The order's currency: of its column, else of the signs beside its amounts, else that of the mapping."""
        record = first_with_value(records, "currency")
        if record["currency"]:
            return record.read("currency", cells.currency)
        default = self.recipe.currency and cells.currency("currency", self.recipe.currency)
        if default and not self.recipe.sign_wins:
            return default
        written = chain.from_iterable((record["price"], record["line_total"], record["total"]) for record in records)
        signs = {found for text in written if text and len(found := split_currency(text).currencies) == 1}
        if len(signs) == 1:
            return next(iter(next(iter(signs))))
        return default or record.read("currency", cells.currency)

    def _discounts(
        self,
        records: Sequence[Record],
        items: Sequence[SoldItem],
        shipping: Sequence[SoldShipping],
        paid: Decimal | None,
    ) -> tuple[SoldDiscount, ...]:
        code = first_with_value(records, "discount_code").read("discount_code", cells.words, max_length=80)
        if self.recipe.discount_from_paid:
            due = goods_total(items, self.currency) + sum((part.amount - part.discount for part in shipping), ZERO)
            amount = max(due - paid, ZERO) if paid is not None else ZERO
        else:
            amount = self._amount(first_with_value(records, "order_discount"), "order_discount", cells.discount)
        return (SoldDiscount(code, amount),) if amount else ()

    def _shipping(self, records: Sequence[Record]) -> tuple[SoldShipping, ...]:
        amount = self._sum_or_single(records, "shipping") or ZERO
        title = first_with_value(records, "shipping_title").read("shipping_title", cells.words, max_length=120)
        tax = self._sum_or_single(records, "shipping_tax")
        discount = min(abs(self._sum_or_single(records, "shipping_discount", cells.discount) or ZERO), amount)
        return (SoldShipping(title, amount, discount=discount, tax=tax),) if amount or title else ()

    def _method(self, records: Sequence[Record]) -> str:
        record = first_with_value(records, "payment_method")
        return record.read("payment_method", cells.words, max_length=120) or self.recipe.method

    def _payments(
        self, records: Sequence[Record], method: str, paid: Decimal | None, total: Decimal | None
    ) -> tuple[SoldPayment, ...]:
        """What was paid; where the status alone says that an order is paid, its total."""
        if paid is None and self.recipe.unpaid:
            paid = total
        record = first_with_value(records, "payment_reference")
        reference = record.read("payment_reference", cells.words, max_length=120)
        record = first_with_value(records, "refunded")
        refunded = self._optional(record, "refunded") or ZERO
        if refunded > (paid or ZERO):
            raise record.error("refunded", _("The refund is higher than the amount paid."))
        return (SoldPayment(method, reference, paid, refunded),) if paid else ()

    def _buyer(self, records: Sequence[Record]) -> Buyer:
        for column in ("customer", "email", "phone", "ship_name", "ship_street"):
            first_with_value(records, column)
        customer = first_with_value(records, "customer")
        address = read_address(first_with_value(records, "ship_street" if customer.has("ship_street") else "ship_city"))
        name = " ".join(filter(None, (self._words(records, part) for part in ("ship_name", "ship_last_name"))))
        street = "\n".join(filter(None, (address.street, self._words(records, "ship_street_2"))))
        address = replace(address, street=street, name=name or address.name)
        if self.recipe.country and address.lines() and not address.country:
            address = replace(address, country=self.recipe.country)
        return Buyer(
            external_id=customer.read("customer", cells.identity) if customer["customer"] else "",
            name=name,
            email=first_with_value(records, "email").read("email", cells.words),
            phone=first_with_value(records, "phone").read("phone", cells.telephone),
            address=address if address.lines() else None,
            language=first_with_value(records, "language").read("language", cells.words, max_length=10)
            or self.recipe.language,
        )

    def _words(self, records: Sequence[Record], column: str) -> str:
        if not records[0].has(column):
            return ""
        return first_with_value(records, column).read(column, cells.words, max_length=100)

    def _parcels(self, lines: Sequence[Record]) -> Iterator[SentParcel]:
        """Rows with the same carrier and tracking number are one parcel; a row with several numbers is several.

        What was in each of these is not known. A row that says nothing about the order itself continues the row above
        and goes with its parcel.
        """
        packed: dict[tuple[str, str], list[tuple[int, Record]]] = {}
        loose: list[tuple[Record, list[str]]] = []
        previous: tuple[str, str] | None = None
        for place, record in enumerate(lines):
            is_sent = any(record[column] for column in ("tracking", "sent", "delivered", "promised"))
            if not is_sent and previous and not record["placed"]:
                packed[previous].append((place, record))
                continue
            previous = None
            numbers = split_numbers(record.read("tracking", _tracking))
            if len(numbers) > 1:
                loose.append((record, numbers))
            elif numbers or any(record[column] for column in ("sent", "delivered", "promised")):
                carrier = record.read("carrier", cells.words, max_length=60)
                previous = (carrier, normal_number(numbers[0]) if numbers else "")
                packed.setdefault(previous, []).append((place, record))
        for rows in packed.values():
            number = next(iter(split_numbers(rows[0][1].read("tracking", _tracking))), "")
            items = tuple(
                (place, row.read("quantity", cells.units, mark=self._mark("quantity"))) for place, row in rows
            )
            yield self._parcel(rows[0][1], number, items)
        known = {number for _carrier, number in packed}
        for record, numbers in loose:
            for number in numbers:
                if normal_number(number) not in known:
                    known.add(normal_number(number))
                    yield self._parcel(record, number, ())

    def _parcel(self, record: Record, number: str, items: tuple[tuple[int, int], ...]) -> SentParcel:
        return SentParcel(
            carrier=record.read("carrier", cells.words, max_length=60),
            number=number,
            sent_at=record.read("sent", self.optional_moment),
            delivered_at=record.read("delivered", self.optional_moment),
            promised_on=record.read("promised", self.day),
            items=items,
            seller=record.read("seller", cells.words, max_length=80),
            warehouse=record.read("warehouse", cells.words, max_length=80),
        )


def _tracking(column: str, text: str) -> str:
    """Tracking numbers as written; an exponent is rejected as in any other number."""
    return "\n".join(cells.intact_number(column, part) for part in text.splitlines() if part.strip())


def _has_word(status: str, known_words: Sequence[str]) -> bool:
    return any(word.casefold() in status.casefold() for word in known_words)
