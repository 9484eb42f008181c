"""What is wrong with a file gets a sentence each; its good neighbour is stored, and nothing of the bad order is."""

import threading
from pathlib import Path

import pytest
from django.db import connection

from signoff.imports.files.sniff import UnreadableFile
from signoff.imports.formats.mapping import ColumnMapping
from signoff.models import Customer, Order, OrderLine, Parcel, Payment
from tests.factories import ShopFactory
from tests.signoff.imports import test_generic
from tests.signoff.imports.test_saved_orders import ROW, WHOLE
from tests.steps.import_files import sentences, store, store_rows
from tests.steps.read_files import xlsx_file

GOOD = WHOLE | {"order": "GOOD", "customer": "K1", "email": "good@b.example", "tracking": "1"}
BAD = WHOLE | {"order": "BAD", "customer": "K2", "email": "bad@b.example", "tracking": "2"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([BAD, BAD], "Another line of this order has the same id"),
        ([BAD | {"qty": "-2"}], "is not a whole number of units above zero: this row is a past return"),
        ([BAD | {"qty": "1.5"}], "is not a whole number of units above zero"),
        ([BAD | {"currency": "EURO"}], "is not a currency we recognise"),
        ([BAD | {"delivered": "2024-04-30"}], "The delivery can't be earlier than the order"),
        ([BAD | {"order_discount": "100"}], "more than the 23.90 it applies to"),
        ([BAD, BAD | {"line": "8", "email": "else@b.example"}], "contradict each other"),
        ([BAD, BAD | {"line": "8", "price": "x"}], "is not an amount"),
    ],
)
def test_a_row_that_cannot_be_right_takes_its_order_with_it_and_nothing_else(
    tmp_path: Path, rows: list[dict[str, str]], sentence: str
) -> None:
    priced = [{"currency": "EUR"} | row for row in (GOOD, *rows)]
    outcome = store_rows(tmp_path, *priced, shop=ShopFactory())
    assert (outcome.new, outcome.rejected) == (1, len(rows))
    assert any(sentence in line for line in sentences(outcome))
    assert Order.objects.get().number == "GOOD"
    assert [model.objects.count() for model in (OrderLine, Payment, Parcel, Customer)] == [1, 1, 1, 1]


@pytest.mark.django_db
def test_a_formula_is_refused_and_what_only_looks_like_one_is_kept_as_text(tmp_path: Path) -> None:
    rows = [
        test_generic.HEADER.strip().split(","),
        ["BAD", "=1+1", 2, 10, "2024-05-01", "EUR"],
        ["GOOD", "'=CUP", 2, 10, "2024-05-01", "EUR"],
    ]
    path = xlsx_file(tmp_path / "orders.xlsx", rows)
    outcome = store(path, shop=ShopFactory(), mapping=ColumnMapping(test_generic.COLUMNS, currency="EUR"))
    assert (outcome.new, outcome.rejected) == (1, 1)
    assert "formula" in sentences(outcome)[0]
    assert "'=1+1" in sentences(outcome)[0], "the list of rejected rows holds no formula either"
    assert OrderLine.objects.get().sku == "=CUP"


@pytest.mark.django_db
@pytest.mark.parametrize("content", [b"", b"\n\n", b"%PDF-1.7", b"\x89PNG\r\n", b"PK\x03\x04", b"<html>", b"{", b"[]"])
def test_a_file_of_another_kind_gets_a_sentence_and_stores_nothing(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match=r"\w"):
        store(path, shop=ShopFactory())
    assert not Order.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_imports_of_one_file_at_once_store_every_order_once(tmp_path: Path) -> None:
    shop, done = ShopFactory(), []

    def send(name: str) -> None:
        try:
            (tmp_path / name).mkdir()
            done.append(store_rows(tmp_path / name, *rows, shop=shop))
        finally:
            connection.close()

    rows = [ROW | {"order": f"A{n}", "customer": f"K{n % 5}"} for n in range(40)]
    threads = [threading.Thread(target=send, args=[name]) for name in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted((one.new, one.unchanged, one.rejected) for one in done) == [(0, 40, 0), (40, 0, 0)]
    assert (Order.objects.count(), Customer.objects.count()) == (40, 5)
