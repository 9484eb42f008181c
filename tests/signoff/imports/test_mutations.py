"""Whatever becomes of a file: orders that can be stored, or sentences, and never another exception."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, is_dataclass
from datetime import UTC
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from signoff.imports.files.csv import Row
from signoff.imports.files.rejected import RejectedRow
from signoff.imports.files.sniff import UnreadableFile
from signoff.imports.files.uploaded import open_source
from signoff.imports.formats.generic import MappedTableReader
from signoff.imports.formats.mapping import ColumnMapping
from signoff.imports.formats.registry import recognise
from signoff.imports.orders.parsed import SoldOrder
from tests.datafiles import needed
from tests.signoff.imports import test_china, test_generic, test_olist
from tests.steps.read_files import header_of, order_total, text_of, xlsx_file

OFTEN = settings(
    max_examples=100, deadline=None, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
SELDOM = settings(OFTEN, max_examples=40)
ODD = (
    "", "0", "-1", "1e9", "1E+17", "NaN", "Infinity", "1,234", "１２", "9" * 30, "9" * 400, "0.0001", '="1"', "=1+1",
    "\t1", "'", '"', ",", "\n", "\r", "\x00", "\ufeff", "\u202e", "😀", "null", "2024-02-30", "0000-00-00",
    "9999-12-31", "EUR", "XXX", "٣", "1_0", "+", "--1", "%", "2200-12-31 23:59:59 -1400", "1970-01-01 00:00:00 +1400",
)  # fmt: skip
BITS = st.one_of(st.sampled_from(ODD), st.text(max_size=5)).map(lambda text: text.encode("utf-8", "replace"))
JSON = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.sampled_from(ODD), st.text(max_size=5),
        st.just("\ud800"),
    ),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["id", "total"]), inner, max_size=2),
    max_leaves=4,
)  # fmt: skip

GIVE_ORDERS = 0.02  # of the files at least: most damage is rightly refused
TEN_ORDERS = [test_generic.ROW.replace("A1", f"A{n}") for n in range(10)]


pytestmark = pytest.mark.slow


@st.composite
def spoilt(draw: Callable[..., Any], raw: bytes) -> bytes:
    """``raw`` with a few places cut, doubled or overwritten."""
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(raw)))
        end = min(len(raw), start + draw(st.integers(0, 12)))
        put = draw(st.one_of(BITS, st.just(raw[start:end] * 2), st.binary(max_size=3)))
        raw = raw[:start] + put + raw[end:]
    return raw


@st.composite
def cells_spoilt(draw: Callable[..., Any], rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """The rows with other cells, some of them twice."""
    rows = [dict(row) for row in draw(st.permutations([*rows, *draw(st.lists(st.sampled_from(rows), max_size=1))]))]
    for _ in range(draw(st.integers(1, 3))):
        row = draw(st.sampled_from(rows))
        row[draw(st.sampled_from(sorted(row)))] = draw(st.one_of(st.sampled_from(ODD), st.text(max_size=5)))
    return rows


@st.composite
def values_spoilt(draw: Callable[..., Any], document: Any) -> Any:
    """The document with other values at a few places."""
    document = json.loads(json.dumps(document))
    for _ in range(draw(st.integers(1, 3))):
        place = document
        while True:
            keys = list(place) if isinstance(place, dict) else list(range(len(place)))
            if not keys:
                break
            key = draw(st.sampled_from(keys))
            if not isinstance(place[key], dict | list) or not place[key] or draw(st.integers(0, 4)) == 0:
                place[key] = draw(JSON)
                break
            place = place[key]
    return document


def survey(results: Iterable[SoldOrder | RejectedRow]) -> int:
    """Look at everything that a file gave; how many orders it was."""
    orders = 0
    for result in results:
        if isinstance(result, RejectedRow):
            "".join([result.sentence, result.column, *result.row.cells]).encode()
            assert result.sentence
            assert result.column
            assert result.row.line > 0
        else:
            storable(result)
            orders += 1
    return orders


def storable(order: SoldOrder) -> None:
    """What the columns of the database can keep."""
    assert 0 < len(order.number) <= 80
    assert len(order.buyer.external_id) <= 80
    assert len(order.currency) == 3
    assert len(order.country) in (0, 2)
    assert order.placed_at.tzinfo is UTC
    amounts = [one.amount for one in (*order.discounts, *order.shipping, *order.payments)]
    for item in order.items:
        assert item.quantity > 0
        assert len(item.sku) <= 80
        assert len(item.title) <= 250
        amounts += [item.unit_price, item.discount, item.tax or Decimal(0), item.list_total or Decimal(0)]
    assert all(0 <= amount < 10**11 for amount in amounts)
    assert all(0 <= one.refunded <= one.amount for one in order.payments)
    assert all(1 <= rated.stars <= 5 for rated in order.ratings)
    assert abs(order_total(order)) < 10**13
    for text in texts_of(order):
        assert "\x00" not in text
        text.encode()


def texts_of(value: object) -> Iterator[str]:
    """Every text in an order; rows are the file's own and not stored."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple):
        for one in value:
            yield from texts_of(one)
    elif is_dataclass(value) and not isinstance(value, Row):
        for field in fields(value):
            yield from texts_of(getattr(value, field.name))


def read(reading: Callable[[], Iterable[SoldOrder | RejectedRow]]) -> int:
    """How many orders come of a file; none, and a sentence, where it cannot be read."""
    try:
        return survey(reading())
    except UnreadableFile as why:
        assert str(why)  # noqa: PT017 - a sentence is what we wish for
        return 0


def recognised(*paths: Path) -> Callable[[], Iterable[SoldOrder | RejectedRow]]:
    """Read files as the format that they seem to be."""
    return lambda: recognise(source := open_source(*paths))(source).read()


def mapped(path: Path) -> Callable[[], Iterable[SoldOrder | RejectedRow]]:
    """Read a table by a mapping."""
    return lambda: MappedTableReader(open_source(path), ColumnMapping(test_generic.COLUMNS, currency="EUR")).read()


def expect_orders(orders: list[int]) -> None:
    """A test in which nearly all files are refused would say nothing about orders."""
    assert orders
    assert sum(map(bool, orders)) >= len(orders) * GIVE_ORDERS, f"{orders} orders came of the files"


@pytest.fixture
def orders() -> Iterator[list[int]]:
    """How many orders each file of a test gave."""
    counts: list[int] = []
    yield counts
    expect_orders(counts)


@pytest.mark.parametrize(
    "counts", [[], [0], [0] * 99 + [5]], ids=["no file", "one refused", "a hundred refused but one"]
)
def test_files_that_are_refused_prove_nothing(counts: list[int]) -> None:
    with pytest.raises(AssertionError):
        expect_orders(counts)


@pytest.mark.parametrize(
    "path",
    [
        "shopify/orders_export_sample_CONSTRUCTED.csv",
        "taobao/ExportOrderList_sample_CONSTRUCTED_gbk.csv",
        "woocommerce/orders_03_list.json",
        "shopify/sdk_python/order.json",
    ],
)
@OFTEN
@given(data=st.data())
def test_bytes_of_real_files_may_be_anything(tmp_path: Path, orders: list[int], path: str, data: st.DataObject) -> None:
    (tmp_path / "file").write_bytes(data.draw(spoilt(needed(f"formats/{path}").read_bytes())))
    orders.append(read(recognised(tmp_path / "file")))


@pytest.fixture
def columns(header: Path) -> list[str]:
    """The columns of a file that may not be here; without it the test is skipped before any orders are counted."""
    return header_of(header)


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        (test_china.TAOBAO, [test_china.BOUGHT]),
        (test_china.JD, [test_china.JD_FIRST, test_china.JD_SECOND]),
        (test_china.DOUYIN, [test_china.SUB, test_china.OTHER_SUB]),
    ],
)
@OFTEN
@given(data=st.data())
def test_cells_of_known_columns_may_be_anything(
    tmp_path: Path, columns: list[str], orders: list[int], rows: list[dict[str, str]], data: st.DataObject
) -> None:
    text = text_of(columns, data.draw(cells_spoilt([dict.fromkeys(columns, "") | row for row in rows])))
    (tmp_path / "file").write_bytes(text.encode("utf-8", "replace"))
    orders.append(read(recognised(tmp_path / "file")))


@pytest.mark.parametrize("path", ["woocommerce/orders_06_one.json", "shopify/sdk_python/order.json"])
@OFTEN
@given(data=st.data())
def test_values_of_json_may_be_anything(tmp_path: Path, orders: list[int], path: str, data: st.DataObject) -> None:
    document = data.draw(values_spoilt(json.loads(needed(f"formats/{path}").read_text())))
    (tmp_path / "file").write_bytes(json.dumps(document).encode())
    orders.append(read(recognised(tmp_path / "file")))


@OFTEN
@given(data=st.data())
def test_files_of_olist_may_be_anything(tmp_path: Path, orders: list[int], data: st.DataObject) -> None:
    texts = {
        "o": test_olist.ORDERS, "i": test_olist.ITEMS, "p": test_olist.PAYMENTS, "r": test_olist.REVIEWS,
        "c": test_olist.CUSTOMERS,
    }  # fmt: skip
    chosen = data.draw(st.sampled_from(sorted(texts)))
    for name, text in texts.items():
        (tmp_path / name).write_bytes(data.draw(spoilt(text.encode())) if name == chosen else text.encode())
    orders.append(read(recognised(*(tmp_path / name for name in texts))))


@OFTEN
@given(data=st.data())
def test_tables_with_a_mapping_may_be_anything(tmp_path: Path, orders: list[int], data: st.DataObject) -> None:
    text = test_generic.HEADER + "".join(TEN_ORDERS)
    recipe = ColumnMapping(
        test_generic.COLUMNS | {"currency": "Cur", "total": "Each", "sent": "When", "tracking": "Art", "paid": "Qty"},
        mark=data.draw(st.sampled_from(["", ".", ","])),
        day_first=data.draw(st.sampled_from([None, True, False])),
        zone=data.draw(st.sampled_from(["UTC", "America/Sao_Paulo", "Asia/Shanghai"])),
    )
    (tmp_path / "file").write_bytes(data.draw(spoilt(text.encode())))
    orders.append(read(lambda: MappedTableReader(open_source(tmp_path / "file"), recipe).read()))


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A small one. Made once, as the time of its making is in it."""
    rows = [line.strip().split(",") for line in (test_generic.HEADER, *TEN_ORDERS)]
    return xlsx_file(tmp_path_factory.mktemp("whole") / "whole.xlsx", rows).read_bytes()


@OFTEN
@given(data=st.data())
def test_spreadsheets_may_be_damaged_anywhere(
    tmp_path: Path, orders: list[int], workbook: bytes, data: st.DataObject
) -> None:
    (tmp_path / "file").write_bytes(data.draw(spoilt(workbook)))
    orders.append(read(mapped(tmp_path / "file")))


@OFTEN
@given(data=st.data())
def test_xml_of_spreadsheets_may_be_damaged_anywhere(
    tmp_path: Path, orders: list[int], workbook: bytes, data: st.DataObject
) -> None:
    part = data.draw(st.sampled_from(["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"]))
    with ZipFile(BytesIO(workbook)) as old, ZipFile(tmp_path / "file", "w") as new:
        for name in old.namelist():
            raw = old.read(name)
            new.writestr(name, data.draw(spoilt(raw)) if name == part else raw)
    orders.append(read(mapped(tmp_path / "file")))


@SELDOM
@given(
    cells=st.lists(
        st.one_of(
            st.none(), st.integers(), st.floats(), st.booleans(), st.dates(), st.datetimes(), st.sampled_from(ODD[:15])
        ),
        min_size=6,
        max_size=8,
    )
)
def test_cells_of_spreadsheets_may_be_of_any_type(tmp_path: Path, orders: list[int], cells: list[object]) -> None:
    header = test_generic.HEADER.strip().split(",")
    try:
        path = xlsx_file(tmp_path / "file", [header, TEN_ORDERS[0].strip().split(","), cells])
    except (TypeError, ValueError):  # the writing library refuses it
        return
    orders.append(read(mapped(path)))
