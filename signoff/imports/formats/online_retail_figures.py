"""Rows and figures of an Online Retail file: counts and sums in GBP (quantity × price, exact) by kind of invoice."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from sys import intern
from typing import Any

from signoff.imports.files.csv import Row

ZERO = Decimal(0)
DIGITS = frozenset("0123456789")
DATA_ERRORS = (
    "price_zero_lines",
    "price_negative_lines",
    "no_customer_lines",
    "no_description_lines",
    "exact_duplicate_rows(extra copies)",
    "same_invoice_and_stockcode_on_2plus_lines",
    "invoices_with_2plus_timestamps",
    "invoices_with_2plus_customers",
)


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    """One parsed row. ``placed`` is London time without a zone."""

    row: Row
    invoice: str
    code: str
    description: str
    quantity: int
    placed: datetime
    price: Decimal
    customer: str
    country: str

    @property
    def prefix(self) -> str:
        """``digit`` for a sale's invoice, else its first letter."""
        return "digit" if self.invoice[0] in DIGITS else self.invoice[0]

    @property
    def is_sale(self) -> bool:
        return self.invoice[0] in DIGITS and self.quantity > 0


class Kind:
    """Counts and value of one kind of invoice."""

    def __init__(self) -> None:
        self.invoices = self.lines = self.units = 0
        self.value = ZERO

    def add(self, rows: Sequence[InvoiceRow]) -> None:
        self.invoices += 1
        self.lines += len(rows)
        self.units += sum(row.quantity for row in rows)
        self.value += sum((row.quantity * row.price for row in rows), ZERO)


class Figures:
    """Counts invoice by invoice; only expected sales and cancelled rows stay in memory."""

    def __init__(self) -> None:
        self.refused = 0
        self.kinds: defaultdict[str, Kind] = defaultdict(Kind)
        self.write_offs, self.cancelled, self.links = WriteOffs(), Cancellations(), Links()
        self.first = self.last = ""
        self.names: defaultdict[str, set[str]] = defaultdict(set)
        self.charges: Counter[str] = Counter()
        self.counts: Counter[str] = Counter()

    def add(self, rows: Sequence[InvoiceRow], *, refused: int) -> None:
        """Count the valid rows of one invoice, and how many of its rows were rejected."""
        self.refused += refused
        if not rows:
            return
        prefix = rows[0].prefix
        self.kinds[prefix].add(rows)
        self._count_names(rows)
        self._count_data_errors(rows)
        self.links.add(rows)
        if prefix == "C":
            self.cancelled.add(rows)
        elif out := [row for row in rows if row.quantity < 0]:
            self.write_offs.add(out)

    def as_report(self) -> dict[str, Any]:
        """The report of the import, under the names that the project's facts about Online Retail use."""
        kinds = list(self.kinds.values())
        return {
            "rows": sum(kind.lines for kind in kinds) + self.refused,
            "first_last": [self.first, self.last],
            "invoice_prefixes": {prefix: kind.lines for prefix, kind in self.kinds.items() if kind.lines},
            "invoices": self._invoice_counts(),
            "sum_GBP(quantity*price)": self._sums(),
            "units": {"all": sum(kind.units for kind in kinds), "cancelled": self.kinds["C"].units},
            "C_lines": self.cancelled.lines_report(),
            "negative_quantity_without_C(stock write-offs)": self.write_offs.report(),
            **{name: self.counts[name] for name in DATA_ERRORS},
            "distinct": self._distinct_counts(),
            "non_product_codes": dict(self.charges),
            "cancellations_by_country[invoices,lines,GBP]": self.cancelled.by_country(),
            "cancellations_by_month[lines,GBP]": self.cancelled.by_month(),
            "top5_cancelled_units": self.cancelled.most_units(5),
            "C_lines_link_to_earlier_sale_same_customer_and_code": self.links.report(),
            "write_off_descriptions_top12": self.write_offs.most_common_words(12),
        }

    def _invoice_counts(self) -> dict[str, int]:
        return {
            "all": sum(kind.invoices for kind in self.kinds.values()),
            "sales": self.kinds["digit"].invoices,
            "cancellations_C": self.kinds["C"].invoices,
            "adjust_A": self.kinds["A"].invoices,
        }

    def _sums(self) -> dict[str, str]:
        return {
            "all": str(sum((kind.value for kind in self.kinds.values()), ZERO)),
            "sales_digit_invoices": str(self.kinds["digit"].value),
            "cancellations_C": str(self.kinds["C"].value),
            "adjust_A": str(self.kinds["A"].value),
        }

    def _distinct_counts(self) -> dict[str, int]:
        codes = self.names["code"]
        return {
            "customers": len(self.names["customer"] - {""}),
            "stock_codes": len(codes),
            "stock_codes_casefolded": len({code.casefold() for code in codes}),
            "countries": len(self.names["country"]),
        }

    def _count_names(self, rows: Sequence[InvoiceRow]) -> None:
        moments = [row.placed for row in rows]
        self.first = min(self.first or "9", str(min(moments)))
        self.last = max(self.last, str(max(moments)))
        for row in rows:
            self.names["customer"].add(row.customer)
            self.names["code"].add(row.code)
            self.names["country"].add(row.country)
            if not any(map(str.isdigit, row.code)):
                self.charges[row.code] += 1

    def _count_data_errors(self, rows: Sequence[InvoiceRow]) -> None:
        copies = {hash(tuple(row.row.cells)) for row in rows}
        codes = Counter(row.code for row in rows)
        self.counts.update(
            {
                "price_zero_lines": sum(row.price == 0 for row in rows),
                "price_negative_lines": sum(row.price < 0 for row in rows),
                "no_customer_lines": sum(not row.customer for row in rows),
                "no_description_lines": sum(not row.description for row in rows),
                "exact_duplicate_rows(extra copies)": len(rows) - len(copies),
                "same_invoice_and_stockcode_on_2plus_lines": sum(count > 1 for count in codes.values()),
                "invoices_with_2plus_timestamps": _several(row.placed for row in rows),
                "invoices_with_2plus_customers": _several(row.customer for row in rows),
            }
        )


class WriteOffs:
    """Stock written off: rows with a negative quantity that are no cancellation."""

    def __init__(self) -> None:
        self.kind = Kind()
        self.descriptions: Counter[str] = Counter()

    def add(self, rows: Sequence[InvoiceRow]) -> None:
        self.kind.add(rows)
        self.descriptions.update(row.description.strip().lower() for row in rows)

    def report(self) -> dict[str, Any]:
        kind = self.kind
        return {"lines": kind.lines, "invoices": kind.invoices, "units": kind.units, "value": str(kind.value)}

    def most_common_words(self, most: int) -> list[list[Any]]:
        return [list(pair) for pair in self.descriptions.most_common(most)]


class Cancellations:
    """Rows of C invoices."""

    def __init__(self) -> None:
        self.lines = self.not_negative = self.no_customer = 0
        self.largest = ZERO
        self.units: Counter[str] = Counter()
        self.countries: defaultdict[str, Kind] = defaultdict(Kind)
        self.months: defaultdict[str, Kind] = defaultdict(Kind)

    def add(self, rows: Sequence[InvoiceRow]) -> None:
        self.countries[rows[0].country].add(rows)
        for row in rows:
            self.lines += 1
            self.not_negative += row.quantity >= 0
            self.no_customer += not row.customer
            self.largest = max(self.largest, row.quantity * row.price, key=abs)
            self.units[row.code] -= row.quantity
            self.months[_month(row.placed)].add([row])

    def lines_report(self) -> dict[str, Any]:
        return {
            "lines": self.lines,
            "qty_nonneg": self.not_negative,
            "no_customer": self.no_customer,
            "max_abs_value": str(self.largest),
        }

    def by_country(self) -> dict[str, list[Any]]:
        ordered = sorted(self.countries.items(), key=lambda pair: -pair[1].lines)
        return {name: [kind.invoices, kind.lines, str(kind.value)] for name, kind in ordered}

    def by_month(self) -> dict[str, list[Any]]:
        return {month: [kind.lines, str(kind.value)] for month, kind in sorted(self.months.items())}

    def most_units(self, most: int) -> list[list[Any]]:
        return [list(pair) for pair in self.units.most_common(most)]


class Links:
    """Matches cancelled rows with earlier sales of the same customer and code, by quantity.

    Only sales that are expected stay in memory: of a customer and an article that some row of the file cancels.
    """

    def __init__(self) -> None:
        self.expected: set[tuple[str, str]] = set()
        self.sales: defaultdict[tuple[str, str], list[tuple[datetime, int]]] = defaultdict(list)
        self.cancelled: list[InvoiceRow] = []

    def expect(self, customer: str, code: str) -> None:
        self.expected.add((customer, code))

    def add(self, rows: Sequence[InvoiceRow]) -> None:
        for row in rows:
            if row.is_sale and row.customer and (row.customer, row.code) in self.expected:
                self.sales[intern(row.customer), intern(row.code)].append((row.placed, row.quantity))
            elif row.invoice[0] == "C":
                self.cancelled.append(row)

    def report(self) -> dict[str, int]:
        counts = Counter(map(self._link, self.cancelled))
        return {name: counts[name] for name in ("same_quantity", "larger_quantity", "no_match", "no_customer")}

    def _link(self, row: InvoiceRow) -> str:
        if not row.customer:
            return "no_customer"
        sold = [units for placed, units in self.sales.get((row.customer, row.code), ()) if placed <= row.placed]
        if -row.quantity in sold:
            return "same_quantity"
        return "larger_quantity" if any(units > -row.quantity for units in sold) else "no_match"


def _several(values: Iterable[object]) -> int:
    return int(len(set(values)) > 1)


def _month(moment: datetime) -> str:
    return f"{moment:%Y-%m}"
