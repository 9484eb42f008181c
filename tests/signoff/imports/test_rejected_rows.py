"""The list of refused rows: safe to open, and to be mended and sent again."""

import csv
from pathlib import Path

from signoff.imports.files.csv import Row
from signoff.imports.files.rejected import RejectedRow, RejectedRowsFile
from signoff.imports.files.uploaded import open_source
from signoff.imports.formats.generic import MappedTableReader
from signoff.imports.formats.mapping import ColumnMapping
from tests.signoff.imports import test_generic
from tests.steps.read_files import split_results

RECIPE = ColumnMapping(test_generic.COLUMNS | {"title": "Name"}, currency="EUR")
HEADER = test_generic.HEADER.strip() + ",Name\n"
ROW = test_generic.ROW.strip() + ",=cmd|cup\n"


def lines_of(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_refused_rows_can_be_mended_and_sent_again(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(HEADER + ROW.replace(",2,", ",two,"))
    source = open_source(path)
    listed = RejectedRowsFile(tmp_path / "refused.csv", fallback=tmp_path, header=source.header)
    for one in MappedTableReader(source, RECIPE).read():
        assert isinstance(one, RejectedRow)
        listed.add(one)
    listed.close()
    assert lines_of(listed.path)[1][:2] == ["2", "Qty"]
    listed.path.write_text(listed.path.read_text().replace(",two,", ",2,"))
    (order,), refused = split_results(MappedTableReader(open_source(listed.path), RECIPE).read())
    assert (refused, order.items[0].title) == ([], "=cmd|cup")


def test_of_several_files_the_one_is_named(tmp_path: Path) -> None:
    listed = RejectedRowsFile(tmp_path / "refused.csv", fallback=tmp_path, header=["1", "2"])
    listed.add(RejectedRow(Row(7, ["a", "b"]), "price", "Look at it.", file="items.csv"))
    listed.close()
    assert lines_of(listed.path)[1] == ["7", "items.csv: price", "Look at it.", "a", "b"]
