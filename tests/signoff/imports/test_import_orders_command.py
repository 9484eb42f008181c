"""The command as a person types it: what it says, where it lists refused rows, which shop it takes."""

import gzip
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from signoff.models import Order, Shop
from tests.factories import ShopFactory
from tests.signoff.imports import test_olist

ROWS = """InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
536365,85123A,WHITE HOLDER,6,2010-12-01 08:26:00,2.55,17850,United Kingdom
536366,22633,HAND WARMER,none,2010-12-01 08:28:00,1.85,17850,United Kingdom
"""

pytestmark = pytest.mark.django_db


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    path = tmp_path / "orders.csv.gz"
    path.write_bytes(gzip.compress(ROWS.encode()))
    return path


def say(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[dict[str, object], list[str]]:
    """The printed report and the lines after it."""
    call_command("import_orders", *map(str, arguments), "--format=online-retail")
    out, err = capsys.readouterr()
    assert err == "", "no progress bar where nobody looks"
    report, end = json.JSONDecoder().raw_decode(out[out.index("{") :])
    return report, out[out.index("{") :][end:].split("\n")[1:-1]


def test_the_command_prints_the_figures_and_what_became_of_the_rows(
    orders: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ShopFactory()
    report, lines = say(capsys, orders)
    assert report["rows"] == 2
    assert lines == [
        "Orders: 1 new, 0 changed, 0 unchanged. Lines of new orders: 1; paid for them: 15.30 GBP. Rejected rows: 1.",
        f"Rejected rows with their reasons: {orders}.refused.csv",
    ]
    assert say(capsys, orders)[1][0] == (
        "Orders: 0 new, 0 changed, 1 unchanged. Lines of new orders: 0; paid for them: nothing. Rejected rows: 1."
    )


def test_refused_rows_go_to_our_own_folder_where_the_files_folder_cannot_be_written(
    orders: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path, settings: object
) -> None:
    settings.DATA_DIR = tmp_path / "house"
    ShopFactory()
    nowhere = tmp_path / "no" / "such" / "folder" / "refused.csv"
    assert say(capsys, orders, "--refused", nowhere)[1][1].endswith(str(tmp_path / "house" / "imports" / "refused.csv"))


def test_an_earlier_list_of_refused_rows_does_not_outlive_the_next_run(
    orders: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ShopFactory()
    say(capsys, orders)
    orders.write_bytes(gzip.compress(ROWS.replace("none", "2").encode()))
    assert len(say(capsys, orders)[1]) == 1
    assert not Path(f"{orders}.refused.csv").exists()


def test_the_first_import_into_an_empty_house_makes_the_shop(orders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    say(capsys, orders, "--shop", "gifts")
    assert list(Shop.objects.values_list("slug", "currency", "time_zone")) == [("gifts", "GBP", "Europe/London")]
    assert Order.objects.get().shop.slug == "gifts"


def test_the_format_is_seen_by_its_content_and_files_that_belong_together_come_together(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ShopFactory()
    texts = {"o": test_olist.ORDERS, "i": test_olist.ITEMS, "p": test_olist.PAYMENTS}
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    call_command("import_orders", *(str(tmp_path / name) for name in texts))
    out = capsys.readouterr().out
    assert "Orders: 1 new, 0 changed, 0 unchanged. Lines of new orders: 2; paid for them: 164.8 BRL." in out
    assert Order.objects.get().source == "olist"


def test_which_of_several_shops_must_be_said(orders: Path) -> None:
    ShopFactory(slug="one")
    ShopFactory(slug="two")
    with pytest.raises(CommandError, match="one, two"):
        call_command("import_orders", str(orders), "--format=online-retail")
    with pytest.raises(CommandError, match="one, two"):
        call_command("import_orders", str(orders), "--format=online-retail", "--shop=three")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty"),
        (b"Name,Price\na,1\n", "no column “InvoiceNo”"),
        (b"a\n" + b'"' + b"x" * 200_000, "has no column|not CSV"),
    ],
)
def test_a_file_that_is_no_such_export_gets_a_sentence(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=sentence):
        call_command("import_orders", str(path), "--format=online-retail")


def test_a_broken_archive_or_a_missing_file_gets_a_sentence(tmp_path: Path) -> None:
    broken = tmp_path / "orders.csv.gz"
    broken.write_bytes(gzip.compress(ROWS.encode())[:-9])
    for path in (broken, tmp_path / "nothing.csv"):
        with pytest.raises(CommandError, match="cannot be read"):
            call_command("import_orders", str(path), "--format=online-retail")
