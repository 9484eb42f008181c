"""Files as strangers send them: what spreadsheets and exports do to numbers, rows, titles, letters and addresses."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from signoff.imports.files.csv import CsvTable
from signoff.imports.files.rejected import RejectedRow
from signoff.imports.files.uploaded import open_source
from signoff.imports.formats.generic import MappedTableReader
from signoff.imports.formats.mapping import ColumnMapping, guess_columns
from signoff.imports.formats.registry import recognise
from signoff.imports.orders.parsed import SoldOrder
from tests.datafiles import needed
from tests.steps.read_files import split_results, xlsx_file

COLUMNS = {
    "number": "Order", "placed": "Date", "email": "Email", "article": "SKU", "title": "Title", "quantity": "Quantity",
    "price": "Price",
}  # fmt: skip
HEADER = "Order,Date,Email,SKU,Title,Quantity,Price"
ROW = "S1,2026-09-01 10:00,buyer1@example.com,MUG,Mug,2,12.50"

type Results = tuple[list[SoldOrder], list[RejectedRow], dict[str, Any]]
type Read = Callable[..., Results]


def read_path(path: Path, columns: dict[str, str] | None = None, **facts: Any) -> Results:
    recipe = ColumnMapping(columns or COLUMNS, **({"currency": "EUR"} | facts))
    reader = MappedTableReader(open_source(path), recipe)
    orders, rejected = split_results(reader.read())
    return orders, rejected, reader.report


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read_it(text: str | bytes, columns: dict[str, str] | None = None, **facts: Any) -> Results:
        path = tmp_path / "orders.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_path(path, columns, **facts)

    return read_it


def prices(orders: list[SoldOrder]) -> list[str]:
    return [str(item.unit_price) for order in orders for item in order.items]


def problems(rejected: list[RejectedRow]) -> list[tuple[int, str]]:
    return [(row.row.line, row.column) for row in rejected]


# --- numbers ---


def test_the_column_says_that_a_point_parts_thousands() -> None:
    orders, rejected, _report = read_path(needed("faults/thousands_with_point.csv"))
    assert (prices(orders), rejected) == (["1234", "12.50", "1234.00"], [])


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (("1.234", "12,50"), ["1234", "12.50"]),
        (("1.234", "1.234.567"), ["1234", "1234567"]),
        (("1 234,5", "1.234"), ["1234.5", "1234"]),
        (("1.234", "12.50"), ["1.234", "12.50"]),
        (("0.125", "1.234"), ["0.125", "1.234"]),
    ],
)
def test_other_cells_of_the_column_say_what_a_point_means(
    read: Read, cells: tuple[str, str], expected: list[str]
) -> None:
    rows = [f"S{n};2026-09-01;;A;A;1;{cell}" for n, cell in enumerate(cells)]
    orders, rejected, _report = read("\n".join([HEADER.replace(",", ";"), *rows]))
    assert (prices(orders), rejected) == (expected, [])


@pytest.mark.parametrize("cells", [("1.234",), ("1,234",), ("1.234", "12,50", "3.75"), ("1.234", "5.678", "7")])
def test_an_amount_of_two_meanings_is_refused_where_no_cell_says_which(read: Read, cells: tuple[str, ...]) -> None:
    rows = [f"S{n};2026-09-01;;A;A;1;{cell}" for n, cell in enumerate(cells)]
    orders, rejected, _report = read("\n".join([HEADER.replace(",", ";"), *rows]))
    ambiguous = [line for line, cell in enumerate(cells, start=2) if cell in ("1.234", "1,234", "5.678")]
    assert len(orders) == len(cells) - len(ambiguous)
    assert problems(rejected) == [(line, "Price") for line in ambiguous]
    assert all("is ambiguous" in row.sentence for row in rejected)


@pytest.mark.parametrize(("currency", "price"), [("JPY", "1234"), ("KRW", "1234")])
@pytest.mark.parametrize("text", ["1.234", '"1,234"', "¥1.234"])
def test_a_currency_without_decimals_takes_three_digits_for_thousands(
    read: Read, text: str, currency: str, price: str
) -> None:
    text = text if currency == "JPY" else text.replace("¥", "₩")
    orders, rejected, _report = read(f"{HEADER}\n{ROW.replace('12.50', text)}\n", currency=currency)
    assert (prices(orders), rejected) == ([price], [])


def test_a_stated_mark_cannot_give_decimals_to_a_currency_that_has_none(read: Read) -> None:
    orders, (rejected,), _report = read(f"{HEADER}\n{ROW.replace('12.50', '1.234')}\n", currency="JPY", mark=".")
    assert (orders, rejected.sentence) == ([], "“1.234” has decimals, but JPY has none.")


def test_a_currency_of_three_decimals_may_have_three(read: Read) -> None:
    orders, rejected, _report = read(f"{HEADER}\n{ROW.replace('12.50', '1.234')}\n", currency="KWD", mark=".")
    assert (prices(orders), rejected) == (["1.234"], [])


@pytest.mark.parametrize(
    ("written", "currency", "price"),
    [
        ("EUR 12,50", "EUR", "12.50"),
        ("12,50 €", "EUR", "12.50"),
        ("US$ 1,234.00", "USD", "1234.00"),
        ("US$1,234", "USD", "1234"),
        ("$12.50", "USD", "12.50"),
        ("¥1,200", "JPY", "1200"),
        ("￥1,200", "CNY", "1200"),
        ("NT$1,200", "TWD", "1200"),
        ("HK$ 99.90", "HKD", "99.90"),
        ("R$ 1.234,56", "BRL", "1234.56"),
        ("CHF 1’234.50", "CHF", "1234.50"),
        ("GBP12.50", "GBP", "12.50"),
        ("1 234,50 zł", "PLN", "1234.50"),
        ("12.50 USD", "USD", "12.50"),
        ("149 kr", "SEK", "149"),
        ("99元", "CNY", "99"),
    ],
)
def test_a_currency_beside_the_amount_is_understood(read: Read, written: str, currency: str, price: str) -> None:
    row = f'S1,2026-09-01,,A,A,1,"{written}"'
    orders, rejected, _report = read(f"{HEADER}\n{row}\n", currency=currency)
    assert (prices(orders), rejected) == ([price], [])


@pytest.mark.parametrize("written", ["US$ 12.50", "GBP 12.50", "£12.50", "$12.50", "¥1200"])
def test_an_amount_in_another_currency_than_the_order_is_refused(read: Read, written: str) -> None:
    orders, (rejected,), _report = read(f"{HEADER}\n{ROW.replace('12.50', written)}\n", currency="EUR")
    assert (orders, rejected.column) == ([], "Price")
    assert "is not in EUR, the currency of this order" in rejected.sentence


def test_numbers_that_a_german_spreadsheet_has_rounded_are_refused() -> None:
    orders, rejected, _report = read_path(needed("faults/scientific_with_comma.csv"))
    assert (orders, problems(rejected)) == ([], [(2, "Order"), (3, "Order")])
    assert "has altered this number" in rejected[0].sentence


@pytest.mark.parametrize("number", ["2,51235E+17", "2.51235E+17", "2,51235e+17", "1E+17", "2,5E17", "-2,5E+17"])
@pytest.mark.parametrize("column", ["Order", "SKU", "Phone", "Tracking"])
def test_a_rounded_number_is_refused_in_every_column_of_numbers(read: Read, number: str, column: str) -> None:
    columns = COLUMNS | {"phone": "Phone", "tracking": "Tracking"}
    cells = {"Order": "S1", "SKU": "MUG", "Phone": "+49 30 1", "Tracking": "1Z9"} | {column: number}
    row = f"{cells['Order']};2026-09-01;;{cells['SKU']};Mug;1;5;{cells['Phone']};{cells['Tracking']}"
    orders, rejected, _report = read(f"{HEADER.replace(',', ';')};Phone;Tracking\n{row}\n", columns)
    assert (orders, [row.column for row in rejected]) == ([], [column])


def test_line_breaks_inside_numbers_are_taken_out(read: Read) -> None:
    row = '"S1\n001",2026-09-01,,"MU\r\nG","Mug,\nblue",2,"12.50\n"'
    (order,), rejected, _report = read(f"{HEADER}\n{row}\n")
    assert rejected == []
    assert (order.number, order.items[0].sku, order.items[0].unit_price) == ("S1001", "MUG", Decimal("12.50"))


# --- rows ---


def test_empty_rows_are_skipped_and_counted() -> None:
    (order,), rejected, report = read_path(needed("faults/blank_first_line_and_trailing_commas.csv"))
    assert (order.number, rejected, report["skipped"]) == ("S7201", [], 4)


@pytest.mark.parametrize(
    ("before", "after", "skipped"),
    [
        ("", "", 0),
        ("\n\n\n", ",,,,,,\n   ,,,,,,\n", 5),
        ("Orders of September 2026,,,,,,\n,,,,,,\n", "Total,,,,,2,25.00\n", 3),
        ("My shop\nFrom 1 September\n\n", "\n3 record(s) downloaded\nSeller ID : shop\n", 6),
        ("sep=,\n", "", 1),
        ("", ",,,,,2,25.00\n", 1),
        ("订单导出,,,,,,\n", "合计,,,,,2,25.00\n", 2),
        ("Report,2026-09-01,,,,,\n", "Thank you for your order\n", 2),
    ],
)
def test_titles_above_and_notes_below_are_skipped_and_counted(
    read: Read, before: str, after: str, skipped: int
) -> None:
    (order,), rejected, report = read(f"{before}{HEADER}\n{ROW}\n{after}")
    assert (order.number, order.items[0].quantity, rejected) == ("S1", 2, [])
    assert report.get("skipped", 0) == skipped


def test_a_spreadsheet_with_a_title_above_its_table_is_read(tmp_path: Path) -> None:
    rows = [["Orders"], [], HEADER.split(","), ROW.split(","), [], ["Total", "", "", "", "", 2, 25]]
    (order,), rejected, report = read_path(xlsx_file(tmp_path / "o.xlsx", rows))
    assert (order.number, rejected, report["skipped"]) == ("S1", [], 2)


def test_the_last_row_of_a_file_that_was_cut_is_told_and_not_taken_for_a_note(read: Read) -> None:
    (order,), rejected, _report = read(f"{HEADER}\n{ROW}\nS2,2026-09-01 10:00")
    assert (order.number, problems(rejected)) == ("S1", [(3, "Order")])


def test_a_row_without_a_number_between_others_is_told(read: Read) -> None:
    orders, rejected, _report = read(f"{HEADER}\n,,,,,2,5\n{ROW}\n")
    assert ([order.number for order in orders], problems(rejected)) == (["S1"], [(2, "Order")])


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("first", ["", "sep={}\n", "Orders, a title; with | marks\n\n"])
def test_the_delimiter_is_found_whatever_stands_above(read: Read, delimiter: str, first: str) -> None:
    text = "\n".join(line.replace(",", delimiter) for line in (HEADER, ROW, ROW.replace("S1", "S2")))
    orders, rejected, _report = read(first.format(delimiter) + text)
    assert ([order.number for order in orders], rejected) == (["S1", "S2"], [])


def test_what_is_about_the_order_may_be_on_any_of_its_rows() -> None:
    columns = COLUMNS | {"total": "Total"}
    orders, rejected, _report = read_path(needed("faults/continuation_rows.csv"), columns)
    assert rejected == []
    assert [(order.number, order.total, [item.sku for item in order.items]) for order in orders] == [
        ("9001", Decimal("45.00"), ["A1", "A2", "Gift wrap"]), ("9002", Decimal("20.00"), ["A1"]),
    ]  # fmt: skip


def test_the_time_and_the_address_may_be_on_the_last_row(read: Read) -> None:
    rows = "9001,,,A1,Shirt,1,5\n9001,,,,,2,5\n9001,2026-09-01,a@b.example,A2,Shirt,1,5\n"
    (order,), rejected, _report = read(f"{HEADER}\n{rows}")
    assert (rejected, order.placed_at, order.buyer.email) == ([], datetime(2026, 9, 1, tzinfo=UTC), "a@b.example")
    assert [item.sku for item in order.items] == ["A1", "2", "A2"]


def test_rows_without_a_number_continue_the_row_above(read: Read) -> None:
    rows = f"{ROW}\n,,,CUP,Cup,1,5.00\n{ROW.replace('S1', 'S2')}\n,,,,Gift wrap,1,1.00\n"
    orders, rejected, _report = read(f"{HEADER}\n{rows}")
    assert ([[item.sku for item in order.items] for order in orders], rejected) == (
        [["MUG", "CUP"], ["MUG", "Gift wrap"]], [],
    )  # fmt: skip


def test_a_line_without_units_is_skipped_and_one_taken_back_is_told(read: Read) -> None:
    rows = [ROW, "S1,,,CUP,Cup,0,5.00", "S1,,,CUP,Cup,-1,5.00", "S2,2026-09-01,,CUP,Cup,0,5.00"]
    (order,), (rejected,), report = read("\n".join([HEADER, *rows]))
    assert ([item.sku for item in order.items], problems([rejected])) == (["MUG"], [(4, "Quantity")])
    assert "this row is a past return, not a sale" in rejected.sentence
    assert (report["zero_rows"], report["past_returns"]) == (2, 1)


# --- amounts of lines and orders ---


def test_totals_of_lines_and_shipping_of_each_line_add_up() -> None:
    columns = {
        "number": "order-id", "placed": "purchase-date", "email": "buyer-email", "article": "sku",
        "title": "product-name", "quantity": "quantity-purchased", "line_total": "item-price",
        "shipping": "shipping-price", "discount": "item-promotion-discount",
    }  # fmt: skip
    (order,), rejected, _report = read_path(needed("faults/line_totals.tsv"), columns, shipping_per="line")
    assert rejected == []
    assert [(item.list_total, item.unit_price, item.discount) for item in order.items] == [
        (Decimal("40.00"), Decimal("20.000"), Decimal("0.00")), (Decimal("18.00"), Decimal("18.000"), Decimal("2.00")),
    ]  # fmt: skip
    assert [charge.amount for charge in order.shipping] == [Decimal("11.98")]
    (once,), _rejected, _report = read_path(needed("faults/line_totals.tsv"), columns)
    assert [charge.amount for charge in once.shipping] == [Decimal("5.99")]


def test_a_line_without_a_price_takes_its_total(read: Read) -> None:
    columns = COLUMNS | {"line_total": "Sum"}
    (order,), rejected, _report = read(f"{HEADER},Sum\nS1,2026-09-01,,A,A,3,,10.00\n", columns)
    assert (rejected, order.items[0].unit_price, order.items[0].list_total) == ([], Decimal("3.333"), Decimal("10.00"))


def test_discounts_written_below_zero_are_discounts(read: Read) -> None:
    columns = COLUMNS | {"discount": "Off"}
    (order,), rejected, _report = read(f"{HEADER},Off\n{ROW},-2.00\n", columns)
    assert (rejected, order.items[0].discount) == ([], Decimal("2.00"))


def test_an_order_on_delivery_is_known(read: Read) -> None:
    columns = COLUMNS | {"payment_method": "Pay", "paid": "Paid"}
    (order,), _rejected, _report = read(f"{HEADER},Pay,Paid\n{ROW},Nachnahme,0\n", columns)
    assert (order.paid, order.on_delivery) == (False, True)


# --- titles ---


def test_a_title_that_comes_twice_is_offered_twice(read: Read) -> None:
    path = needed("faults/title_twice.csv")
    assert CsvTable(path).header[-2:] == ["Price", "Price (2)"]
    for title, price in (("Price", "99.00"), ("Price (2)", "20.00")):
        assert prices(read_path(path, COLUMNS | {"price": title})[0]) == [price]


@pytest.mark.parametrize(
    ("titles", "header"),
    [
        ("Price,price,PRICE", ["Price", "price (2)", "PRICE (3)"]),
        ("A,A (2),A", ["A", "A (2)", "A (3)"]),
        ("A,A,B,B", ["A", "A (2)", "B", "B (2)"]),
        ("单价,单价,Ａ,A", ["单价", "单价 (2)", "Ａ", "A (2)"]),
    ],
)
def test_repeated_titles_get_numbers(tmp_path: Path, titles: str, header: list[str]) -> None:
    path = tmp_path / "o.csv"
    path.write_text(f"{titles}\n1,2,3,4\n", encoding="utf-8")
    assert CsvTable(path).header == header
    sheet = xlsx_file(tmp_path / "o.xlsx", [titles.split(","), [1, 2, 3, 4]])
    assert open_source(sheet).table.header == header


# --- letters ---


def test_traditional_chinese_in_big5_is_read() -> None:
    path = needed("faults/big5.csv")
    table = CsvTable(path)
    assert (table.encoding, table.is_undecided) == ("big5hkscs", False)
    orders, rejected, _report = read_path(path, guess_columns(table.header), currency="TWD")
    assert ([order.items[0].title for order in orders], rejected) == (["青瓷馬克杯", "防潑水後背包"], [])


@pytest.mark.parametrize("others", ["cp1252", "gb18030", "cp1251"])
def test_lines_in_another_encoding_are_refused_one_by_one(read: Read, others: str) -> None:
    foreign = {"cp1252": "Jürgen", "gb18030": "保温杯子", "cp1251": "Иван"}[others]
    rows = [ROW.replace("Mug", title).replace("S1", f"S{n}") for n, title in enumerate(["Köln", "Größe", "青瓷馬克杯"])]
    text = "\n".join([HEADER, *rows]).encode() + f"\n{ROW.replace('Mug', foreign).replace('S1', 'S9')}\n".encode(others)
    orders, rejected, _report = read(text)
    assert ([order.items[0].title for order in orders], problems(rejected)) == (
        ["Köln", "Größe", "青瓷馬克杯"], [(5, "Title")],
    )  # fmt: skip
    assert "are not in the encoding of the file" in rejected[0].sentence


def test_an_encoding_that_a_person_has_chosen_is_used(tmp_path: Path) -> None:
    path = tmp_path / "o.csv"
    path.write_bytes(f"{HEADER}\n{ROW.replace('Mug', 'Žluťoučký kůň')}\n".encode("cp1250"))
    source = open_source(path, encoding="cp1250")
    (order,), _rejected = split_results(MappedTableReader(source, ColumnMapping(COLUMNS, currency="CZK")).read())
    assert order.items[0].title == "Žluťoučký kůň"
    assert not source.table.is_undecided


# --- dates ---


@pytest.mark.parametrize("day_first", [True, False])
def test_numbers_of_a_spreadsheet_in_a_column_of_dates_are_days(tmp_path: Path, day_first: bool) -> None:
    rows = [HEADER.split(","), ["S1", 46266.4166666667, "", "A", "A", 1, 5], ["S2", 46266, "", "A", "A", 1, 5]]
    orders, rejected, _report = read_path(xlsx_file(tmp_path / "o.xlsx", rows), day_first=day_first)
    assert ([order.placed_at for order in orders], rejected) == (
        [datetime(2026, 9, 1, 10, tzinfo=UTC), datetime(2026, 9, 1, tzinfo=UTC)], [],
    )  # fmt: skip


def test_days_of_a_workbook_of_1904_count_from_there(tmp_path: Path) -> None:
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.active.append(HEADER.split(","))
    book.active.append(["S1", 46266 - 1462, "", "A", "A", 1, 5])
    book.save(tmp_path / "o.xlsx")
    (order,), rejected, _report = read_path(tmp_path / "o.xlsx")
    assert (order.placed_at, rejected) == (datetime(2026, 9, 1, tzinfo=UTC), [])


def test_a_number_of_a_csv_file_is_no_day(read: Read) -> None:
    orders, (rejected,), _report = read(f"{HEADER}\n{ROW.replace('2026-09-01 10:00', '46266')}\n")
    assert (orders, rejected.column) == ([], "Date")


# --- parcels ---


def test_numbers_of_parcels_are_parted_and_placeholders_are_none() -> None:
    columns = COLUMNS | {"tracking": "Tracking"}
    orders, rejected, _report = read_path(needed("faults/one_parcel_two_orders.csv"), columns)
    assert ({order.number: [parcel.number for parcel in order.parcels] for order in orders}, rejected) == (
        {"S7501": ["1Z 999 SPC 01"], "S7502": ["1z999spc01"], "S7503": [], "S7504": [], "S7505": ["1ZAAA1", "1ZAAA2"]},
        [],
    )


def test_continued_rows_go_with_the_parcel_of_the_row_above(read: Read) -> None:
    columns = COLUMNS | {"tracking": "Tracking"}
    rows = f"{ROW},1ZAAA1\nS1,,,CUP,Cup,1,5.00,\nS1,,,TEA,Tea,1,5.00,1ZAAA2\n"
    (order,), rejected, _report = read(f"{HEADER},Tracking\n{rows}", columns)
    assert rejected == []
    assert [(parcel.number, parcel.items) for parcel in order.parcels] == [
        ("1ZAAA1", ((0, 2), (1, 1))), ("1ZAAA2", ((2, 1),)),
    ]  # fmt: skip


# --- a known format ---


def test_a_shopify_order_on_delivery_is_known() -> None:
    source = open_source(needed("faults/numbers_with_hash_shopify.csv"))
    reader = recognise(source)(source)
    orders, rejected = split_results(reader.read())
    assert ([(order.number, order.paid, order.on_delivery) for order in orders], rejected) == (
        [("#HH7001", True, False), ("#HH7002", False, True)], [],
    )  # fmt: skip
    assert reader.report["unreachable"] == 1
