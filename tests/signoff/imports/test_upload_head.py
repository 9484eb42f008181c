"""The beginning of what was sent: bounded however long it is, and never half a row or half an order."""

import gzip
from pathlib import Path

import pytest

from signoff.imports.files.sniff import UnreadableFile
from signoff.imports.files.uploaded import Head, read_head
from signoff.imports.formats.registry import recognise
from signoff.imports.orders.preview import read_preview
from tests.datafiles import needed
from tests.factories.uploads import retail_csv, retail_row
from tests.steps.read_files import xlsx_file

LINES = ["No,Sku,Name", *(f"{n},A-{n},Lamp {n} 灯" for n in range(1, 101))]


def head(folder: Path, *paths: Path, **limits: int) -> Head:
    room = folder / "room"
    room.mkdir()
    return read_head(paths, room, **limits)


def rows(one: Head) -> list[list[str]]:
    return [row.cells for row in one.source.table.rows()]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("packed", [False, True])
def test_text_is_cut_at_the_end_of_a_line(tmp_path: Path, encoding: str, packed: bool) -> None:
    path, content = tmp_path / "orders.csv", "\n".join(LINES).encode(encoding)
    path.write_bytes(gzip.compress(content) if packed else content)
    one = head(tmp_path, path, size=501)
    rows_read = rows(one)
    assert rows_read == [line.split(",") for line in LINES[1 : len(rows_read) + 1]]
    assert 8 < len(rows_read) < 40
    assert (one.is_cut, one.source.table.path) == (True, path)


def test_what_is_short_is_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("\n".join(LINES))
    one = head(tmp_path, path)
    assert (len(rows(one)), one.is_cut, one.last_line, one.encodings) == (100, False, 0, ["utf-8-sig"])


def test_a_spreadsheet_is_cut_by_rows(tmp_path: Path) -> None:
    one = head(tmp_path, xlsx_file(tmp_path / "orders.xlsx", [line.split(",") for line in LINES]), rows=7)
    assert (len(rows(one)), one.is_cut, one.last_line, one.encodings) == (7, True, 8, ["xlsx"])


def test_exactly_as_many_rows_as_are_looked_at_are_not_cut(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("\n".join(LINES))
    one = head(tmp_path, path, rows=100)
    assert (len(rows(one)), one.is_cut) == (100, False)


def test_one_endless_line_is_no_table(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("x" * 500_000)
    with pytest.raises(UnreadableFile, match=r"^orders\.csv: The file is not CSV"):
        head(tmp_path, path, size=200_000)


def test_half_a_row_at_the_end_of_the_beginning_is_no_problem(tmp_path: Path) -> None:
    row = retail_row(7).replace("WHITE", '"WHITE\nAND\nRED').replace("HEART", 'HEART"')
    path = tmp_path / "retail.csv"
    path.write_bytes(retail_csv(retail_row(1), retail_row(2), retail_row(3), row, *[row] * 50))
    one = head(tmp_path, path, size=400)
    shown = read_preview(recognise(one.source)(one.source), one)
    assert (shown.order_count, shown.problems, shown.is_cut) == (2, [], True)


def test_two_passes_over_half_a_million_rows_are_short(tmp_path: Path) -> None:
    one = head(tmp_path, needed("orders/online_retail/online_retail_2010_2011.csv.gz"))
    preview = read_preview(recognise(one.source)(one.source), one)
    assert (len(preview.orders), preview.is_cut, preview.problems) == (20, True, [])
    assert one.source.table.last_line < 2100


def test_files_that_belong_together_show_whole_orders(tmp_path: Path) -> None:
    names = ("orders", "order_items", "order_payments", "order_reviews", "customers", "products")
    one = head(tmp_path, *(needed(f"orders/olist/olist_{name}_dataset.csv") for name in names))
    preview = read_preview(recognise(one.source)(one.source), one)
    assert (preview.orders[0].order.payments != (), preview.orders[0].total > 0) == (True, True)
    assert (preview.is_cut, preview.rejected_count) == (True, 0)
