"""Any table by a mapping that somebody made."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from signoff.imports.files.rejected import RejectedRow
from signoff.imports.files.sniff import UnreadableFile
from signoff.imports.files.uploaded import open_source
from signoff.imports.formats.generic import MappedTableReader
from signoff.imports.formats.mapping import ColumnMapping, guess_columns
from signoff.imports.orders.parsed import SentParcel, SoldDiscount, SoldOrder, SoldPayment, SoldShipping
from tests.datafiles import needed
from tests.steps.read_files import order_total, split_results, xlsx_file

COLUMNS = {"number": "Order", "article": "Art", "quantity": "Qty", "price": "Each", "placed": "When"}
HEADER = "Order,Art,Qty,Each,When,Cur\n"
ROW = "A1,CUP,2,10.00,2024-05-01 12:00,EUR\n"

type Read = Callable[..., tuple[list[SoldOrder], list[RejectedRow]]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read_it(text: str | bytes, recipe: ColumnMapping | None = None) -> tuple[list[SoldOrder], list[RejectedRow]]:
        path = tmp_path / "orders.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return split_results(
            MappedTableReader(open_source(path), recipe or ColumnMapping(COLUMNS | {"currency": "Cur"})).read()
        )

    return read_it


def test_the_five_needed_columns_and_a_currency_make_an_order(read: Read) -> None:
    (order,), refused = read(HEADER + ROW + "A1,POT,1,5,2024-05-01 11:00,\n")
    assert refused == []
    assert (order.number, order.placed_at, order.currency) == ("A1", datetime(2024, 5, 1, 11, tzinfo=UTC), "EUR")
    assert [(item.sku, item.quantity, item.unit_price) for item in order.items] == [
        ("CUP", 2, Decimal(10)), ("POT", 1, Decimal(5)),
    ]  # fmt: skip
    assert (order.total, order.paid, order.payments, order_total(order)) == (None, True, (), Decimal(25))


def test_everything_that_can_be_mapped_is_read(read: Read) -> None:
    fields = {
        "line": "1", "title": "Cup", "category": "kitchen", "discount": "1.00", "tax": "3.61", "tax_rate": "19%",
        "order_discount": "2.00", "discount_code": "MAY", "shipping": "4.90", "shipping_title": "Post",
        "shipping_tax": "0.78", "total": "21.90", "paid": "21.90", "payment_method": "card",
        "payment_reference": "pi_1", "status": "sent", "customer": "K7", "email": "a@b.example", "phone": "+49 1",
        "language": "de", "ship_name": "A B", "ship_street": "Weg 1", "ship_city": "Ulm", "ship_postcode": "89073",
        "ship_country": "Germany", "carrier": "DHL", "tracking": "00340", "sent": "2024-05-02",
        "delivered": "2024-05-03 10:00", "promised": "2024-05-04",
    }  # fmt: skip
    text = f"{HEADER.strip()},{','.join(fields)}\n{ROW.strip()},{','.join(fields.values())}\n"
    recipe = ColumnMapping(COLUMNS | {"currency": "Cur"} | {name: name for name in fields}, zone="Europe/Berlin")
    (order,), refused = read(text, recipe)
    assert refused == []
    (item,) = order.items
    assert (item.discount, item.tax, item.tax_rate, item.external_id, item.category) == (
        Decimal(1), Decimal("3.61"), Decimal("0.19"), "1", "kitchen",
    )  # fmt: skip
    assert order.discounts == (SoldDiscount("MAY", Decimal(2)),)
    assert order.shipping == (SoldShipping("Post", Decimal("4.90"), tax=Decimal("0.78")),)
    assert order.payments == (SoldPayment("card", "pi_1", Decimal("21.90")),)
    assert order_total(order) == order.total
    assert order.buyer
    assert order.buyer.address
    assert order.buyer.address.lines() == ["A B", "Weg 1", "89073 Ulm", "DE"]
    assert order.parcels == (
        SentParcel(
            "DHL", "00340", datetime(2024, 5, 1, 22, tzinfo=UTC), datetime(2024, 5, 3, 8, tzinfo=UTC),
            date(2024, 5, 4), ((0, 1 * 2),),
        ),
    )  # fmt: skip


def test_a_spreadsheet_is_read_like_a_text_file(tmp_path: Path) -> None:
    rows = [HEADER.strip().split(","), ["A1", "CUP", 2, 10.1, datetime(2024, 5, 1, 12), "EUR"]]
    results = split_results(
        MappedTableReader(
            open_source(xlsx_file(tmp_path / "o.xlsx", rows)), ColumnMapping(COLUMNS, currency="EUR")
        ).read()
    )
    (order,), refused = results
    assert (refused, order.placed_at) == ([], datetime(2024, 5, 1, 12, tzinfo=UTC))
    assert (order.items[0].quantity, order.items[0].unit_price) == (2, Decimal("10.1"))


def test_a_formula_is_refused_and_never_computed(tmp_path: Path) -> None:
    header = [*HEADER.strip().split(","), "Note"]
    rows = [
        header,
        ["A1", "CUP", "=1+1", 10, "2024-05-01", "EUR", ""],
        ["A2", "CUP", 1, 10, "2024-05-01", "EUR", "=HYPERLINK(1)"],
    ]
    source = open_source(xlsx_file(tmp_path / "o.xlsx", rows))
    (order,), (refused,) = split_results(MappedTableReader(source, ColumnMapping(COLUMNS, currency="EUR")).read())
    assert (order.number, refused.row.line, refused.column) == ("A2", 2, "Qty")
    assert "formula" in refused.sentence


def test_numbers_that_a_spreadsheet_has_cut_are_refused(tmp_path: Path) -> None:
    rows = [
        HEADER.strip().split(","),
        [2839471029384750000, "CUP", 1, 10, "2024-05-01", "EUR"],
        ["2839471029384756101", "CUP", 1, 10, "2024-05-01", "EUR"],
        ['="2839471029384756102"', "CUP", 1, 10, "2024-05-01", "EUR"],
    ]
    source = open_source(xlsx_file(tmp_path / "o.xlsx", rows))
    orders, (refused,) = split_results(MappedTableReader(source, ColumnMapping(COLUMNS, currency="EUR")).read())
    assert [order.number for order in orders] == ["2839471029384756101", "2839471029384756102"]
    assert (refused.row.line, refused.column) == (2, "Order")


def test_the_semicolons_of_german_files_and_their_commas_are_read(read: Read) -> None:
    text = "Order;Art;Qty;Each;When\nA1;CÜP;2;1.234,50;01.05.2024 12:00\n"
    (order,), refused = read(text.encode("cp1252"), ColumnMapping(COLUMNS, currency="EUR", mark=","))
    assert (refused, order.items[0].sku, order.items[0].unit_price) == ([], "CÜP", Decimal("1234.50"))


@pytest.mark.parametrize(
    ("column", "row"),
    [
        ("Qty", ROW.replace(",2,", ",-2,")),
        ("Each", ROW.replace("10.00", "")),
        ("Each", ROW.replace("10.00", "-1")),
        ("Each", ROW.replace("10.00", '"1,000"')),
        ("When", ROW.replace("2024-05-01", "04/05/2024")),
        ("When", ROW.replace("2024-05-01", "3024-05-01")),
        ("Cur", ROW.replace("EUR", "EURO")),
        ("Cur", ROW.replace("EUR", "")),
        ("Art", ROW.replace("CUP", "C\x00P")),
        ("Art", ROW.replace("CUP", "C" * 81)),
        ("Order", ROW.replace("A1", "")),
        ("Order", "A1,CUP\n"),
    ],
)
def test_a_row_that_cannot_be_right_is_told_with_line_and_column(read: Read, column: str, row: str) -> None:
    (order,), (refused,) = read(HEADER + ROW.replace("A1", "A0") + row)
    assert (order.number, refused.row.line, refused.column) == ("A0", 3, column)
    assert refused.sentence.endswith(".")


def test_what_is_about_the_order_may_not_contradict_itself(read: Read) -> None:
    orders, refused = read(HEADER + ROW + ROW.replace("EUR", "USD"))
    assert (orders, [(one.row.line, one.column) for one in refused]) == ([], [(3, "Cur"), (2, "Order")])


def test_a_delivery_before_its_order_is_refused(read: Read) -> None:
    recipe = ColumnMapping(COLUMNS | {"delivered": "Cur"}, currency="EUR")
    orders, (refused,) = read(HEADER + ROW.replace("EUR", "2024-04-30"), recipe)
    assert (orders, refused.column) == ([], "Cur")


def test_names_with_emoji_stay_and_marks_that_turn_text_go(read: Read) -> None:
    recipe = ColumnMapping(COLUMNS | {"ship_name": "Cur"}, currency="EUR")
    (order,), refused = read(HEADER + ROW.replace("EUR", "\u202eAnna \u200f👩‍👧 נעמי"), recipe)
    assert refused == []
    assert order.buyer
    assert order.buyer.name == "Anna 👩‍👧 נעמי"


@pytest.mark.parametrize(
    ("recipe", "sentence"),
    [
        (ColumnMapping({"number": "Order"}), "article, quantity, price, placed"),
        (ColumnMapping(COLUMNS), "holds the currency"),
        (ColumnMapping(COLUMNS | {"price": "Nowhere"}, currency="EUR"), "no column “Nowhere”"),
        (ColumnMapping(COLUMNS | {"colour": "Art"}, currency="EUR"), "no field “colour”"),
    ],
)
def test_a_mapping_that_lacks_something_is_told(read: Read, recipe: ColumnMapping, sentence: str) -> None:
    with pytest.raises(UnreadableFile, match=sentence):
        read(HEADER + ROW, recipe)


def test_a_mapping_is_proposed_by_what_people_call_columns() -> None:
    assert guess_columns(["Order ID", "SKU", "Qty", "Unit Price", "Order Date", "Colour"]) == {
        "number": "Order ID", "article": "SKU", "quantity": "Qty", "price": "Unit Price", "placed": "Order Date",
    }  # fmt: skip
    assert guess_columns(["订单号", "货号", "数量", "单价", "下单时间"]).keys() == COLUMNS.keys()


def test_a_real_shops_semicolons_are_read_and_its_line_without_units_is_skipped() -> None:
    source = open_source(needed("formats/dmc2016/order_lines_with_returnQuantity.csv"))
    columns = guess_columns(source.table.header) | {"number": "orderID", "article": "articleID", "placed": "orderDate"}
    reader = MappedTableReader(source, ColumnMapping(columns, currency="EUR"))
    orders, refused = split_results(reader.read())
    assert ({order.number: len(order.items) for order in orders}, refused) == (
        {"a1000001": 2, "a1000002": 2, "a1000003": 4, "a1000007": 3, "a1000008": 1}, [],
    )  # fmt: skip
    assert reader.report["zero_rows"] == 1
