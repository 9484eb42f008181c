"""Online Retail by the way that every file goes; what it says of rows is tested with the database."""

from decimal import Decimal

from signoff.imports.files.uploaded import open_source
from signoff.imports.formats.registry import recognise
from tests.datafiles import data_file
from tests.steps.read_files import order_total, split_results

SLICE = data_file("online_retail/online_retail_2010_12_slice.csv.gz")


def test_december_2010_is_known_by_its_columns_and_read() -> None:
    source = open_source(SLICE)
    chosen = recognise(source)
    reader = chosen(source)
    orders, refused = split_results(reader.read())
    assert (chosen.key, source.lines, refused) == ("online-retail", 42482, [])
    assert (reader.report["rows"], reader.report["invoices"]["cancellations_C"]) == (42481, 326)
    assert sum(map(order_total, orders)) == Decimal("823746.14")
