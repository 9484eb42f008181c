"""A big table is read in streams: a row more costs a few bytes, not a row."""

import tracemalloc
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from signoff.imports.files.uploaded import open_source
from signoff.imports.formats.generic import MappedTableReader
from signoff.imports.formats.mapping import ColumnMapping
from signoff.imports.formats.registry import FORMATS
from tests.signoff.imports import test_generic
from tests.steps.read_files import split_results

FEW, MANY = 1_000, 3_000
A_FEW_BYTES = 400
LONG = "x" * 2_000
SHOPIFY = (
    "Name,Financial Status,Currency,Total,Created at,"
    "Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Notes\n"
)

type Write = Callable[[int], Iterable[str]]


def shopify(count: int) -> Iterable[str]:
    yield SHOPIFY
    for number in range(count):
        yield f"#{number},paid,EUR,5.00,2024-05-01 10:00:00 +0200,1,Cup,5.00,CUP,{LONG}\n"


def generic(count: int) -> Iterable[str]:
    yield test_generic.HEADER.strip() + ",Notes\n"
    for number in range(count):
        yield f"{number},CUP,1,5.00,2024-05-01,EUR,{LONG}\n"


def peak(path: Path, text: Iterable[str], *, hold: bool) -> int:
    """The most memory that reading took; with ``hold`` all that was read is kept, as a careless reader would."""
    with path.open("w") as file:
        file.writelines(text)
    tracemalloc.start()
    try:
        source = open_source(path)
        recipe = ColumnMapping(test_generic.COLUMNS, currency="EUR")
        reader = FORMATS["shopify"](source) if source.table.has("Name") else MappedTableReader(source, recipe)
        if hold:
            split_results(reader.read())
        else:
            for _found in reader.read():
                pass
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("write", [shopify, generic])
def test_memory_does_not_grow_with_the_rows(tmp_path: Path, write: Write) -> None:
    growth = [peak(tmp_path / "f", write(count), hold=False) for count in (FEW, MANY)]
    assert (growth[1] - growth[0]) / (MANY - FEW) < A_FEW_BYTES


def test_a_reader_that_holds_its_rows_would_be_seen(tmp_path: Path) -> None:
    growth = [peak(tmp_path / "f", shopify(count), hold=True) for count in (FEW, MANY)]
    assert (growth[1] - growth[0]) / (MANY - FEW) > A_FEW_BYTES
