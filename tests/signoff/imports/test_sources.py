"""Files are known by their bytes: what is no list of orders gets a sentence, and so does what is too much."""

import gzip
import json
import zipfile
from pathlib import Path

import pytest

from signoff.imports.files import sniff
from signoff.imports.files.sniff import FileKind, UnreadableFile, detect_kind
from signoff.imports.files.uploaded import open_source
from signoff.imports.files.xlsx import XlsxTable
from signoff.imports.formats.registry import FORMATS, recognise
from tests.datafiles import data_file, manifest
from tests.signoff.imports.read_files import read, xlsx_file

CSV = "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country\n"
ROW = "489434,85048,£ BALL,12,2009-12-01 07:45:00,6.95,13085,United Kingdom\n"
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    + "".join(f'<!ENTITY {n} "{f"&{m};" * 10}">' for m, n in ("bc", "cd", "de", "ef", "fg", "gh", "hi"))
    + "]><sst><si><t>&i;</t></si></sst>"
)


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_the_name_of_a_file_says_nothing(tmp_path: Path) -> None:
    assert detect_kind(write(tmp_path / "picture.png", CSV)) is FileKind.TABLE
    assert detect_kind(write(tmp_path / "orders.csv", gzip.compress(CSV.encode()))) is FileKind.TABLE
    assert detect_kind(write(tmp_path / "orders.gz", '\ufeff \n{"a": 1}')) is FileKind.DOCUMENT
    assert detect_kind(xlsx_file(tmp_path / "orders.json", [["a"]])) is FileKind.SHEET


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("packed", [False, True])
def test_the_same_orders_in_every_encoding_packed_or_not(tmp_path: Path, encoding: str, packed: bool) -> None:
    raw = (CSV + ROW).encode(encoding)
    (order,), refused = read(write(tmp_path / "x", gzip.compress(raw) if packed else raw))
    assert (refused, order.number, order.items[0].title) == ([], "489434", "£ BALL")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \r\n", "empty"),
        (gzip.compress(b"", mtime=0), "empty"),
        (gzip.compress(CSV.encode(), mtime=0)[:-9], "cannot be read"),
        (b"\x1f\x8bnothing", "cannot be read"),
        (b"\xff\xd8\xff\xe0" + bytes(99), "picture"),
        (b"\x89PNG\r\n\x1a\n" + bytes(99), "picture"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(99), "not a text file"),
        (b"%PDF-1.7", "PDF"),
        (b"\xd0\xcf\x11\xe0" + bytes(99), "old XLS"),
        (b"<html><table>", "web page"),
        (b"PK\x03\x04" + bytes(99), "damaged"),
        (b'{"a": ', "not JSON"),
        (b'{"a": NaN}', "not JSON"),
        (b'{"a": 1e999999999999999999999}', "not JSON"),
        (b'{"a": ' + b"9" * 5000 + b"}", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b'{"a": "\xff"}', "not JSON"),
        (b'{"a": "\xed\xa0\x80"}', "not JSON"),
    ],
)
def test_what_is_no_list_of_orders_gets_a_sentence(tmp_path: Path, content: bytes, sentence: str) -> None:
    with pytest.raises(UnreadableFile, match=sentence):
        open_source(write(tmp_path / "orders.csv", content))


def test_three_gigabytes_are_refused_by_their_size_before_they_are_read(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    with path.open("wb") as file:
        file.truncate(3 * 1024**3)
    with pytest.raises(UnreadableFile, match="3072 MB; the limit is 2048 MB"):
        open_source(path)


def test_what_grows_beyond_measure_when_unpacked_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "orders.csv.gz", gzip.compress(CSV.encode() + b"a" * 3_000_000))
    monkeypatch.setattr(sniff.read_blocks, "__kwdefaults__", {"max_bytes": 2 * 1024**2})
    with pytest.raises(UnreadableFile, match="the limit is 2 MB"):
        open_source(path)


def test_a_missing_file_gets_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="cannot be read"):
        open_source(tmp_path / "nothing")


def test_an_archive_that_is_no_spreadsheet_is_to_be_unpacked(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "orders.xlsx", "w") as packed:
        packed.writestr("orders.csv", CSV)
    with pytest.raises(UnreadableFile, match="Unzip it"):
        open_source(tmp_path / "orders.xlsx")


def test_a_spreadsheet_with_hostile_xml_gets_a_sentence(tmp_path: Path) -> None:
    good = xlsx_file(tmp_path / "good.xlsx", [["a"], ["b"]])
    with zipfile.ZipFile(good) as old, zipfile.ZipFile(tmp_path / "bad.xlsx", "w") as new:
        for name in old.namelist():
            new.writestr(name, LAUGHS if name == "xl/worksheets/sheet1.xml" else old.read(name))
    with pytest.raises(UnreadableFile, match="damaged"):
        open_source(tmp_path / "bad.xlsx")


def test_a_spreadsheet_that_would_unpack_to_too_much_is_refused(tmp_path: Path) -> None:
    path = xlsx_file(tmp_path / "o.xlsx", [["a" * 1000]])
    assert XlsxTable(path, max_bytes=100_000).header == ["a" * 1000]
    with pytest.raises(UnreadableFile, match="the limit is"):
        XlsxTable(path, max_bytes=1000)


def test_the_first_sheet_that_holds_anything_is_read(tmp_path: Path) -> None:
    rows = [[], CSV.strip().split(","), [], [489434, "85048", "BALL", 12, "2009-12-01 07:45:00", 6.95, 13085, "Eire"]]
    (order,), refused = read(xlsx_file(tmp_path / "o.xlsx", rows))
    assert (refused, order.number, order.country, order.items[0].row.line) == ([], "489434", "IE", 4)


def test_what_nobody_knows_is_told_what_is_known(tmp_path: Path) -> None:
    source = open_source(write(tmp_path / "a", "Name,Price\nx,1\n"))
    with pytest.raises(
        UnreadableFile, match=r"Shopify CSV.*WooCommerce.*淘宝.*京东.*抖音.*Olist.*Assign the columns yourself"
    ):
        recognise(source)
    with pytest.raises(UnreadableFile, match=r"no orders we recognise"):
        recognise(open_source(write(tmp_path / "b", json.dumps({"refund": {"id": 1}}))))


def test_files_that_do_not_belong_together_get_a_sentence(tmp_path: Path) -> None:
    one, other = write(tmp_path / "a", CSV), write(tmp_path / "b", CSV)
    document = write(tmp_path / "c", "{}")
    for paths in ((one, other), (one, document)):
        with pytest.raises(UnreadableFile, match="separately"):
            recognise(open_source(*paths))


@pytest.mark.parametrize(
    ("key", "content", "sentence"),
    [
        ("woocommerce", CSV, "This format needs JSON files."),
        ("shopify", "{}", "This format needs exactly one file, as CSV or XLSX."),
        ("jd", CSV, "The file has no column “订单号”."),
        ("olist", CSV, "Olist's file of orders is missing"),
    ],
)
def test_a_format_chosen_by_hand_that_does_not_fit_gets_a_sentence(
    tmp_path: Path, key: str, content: str, sentence: str
) -> None:
    with pytest.raises(UnreadableFile, match=sentence):
        FORMATS[key](open_source(write(tmp_path / "a", content)))


def test_reading_tells_how_far_it_is(tmp_path: Path) -> None:
    source = open_source(write(tmp_path / "a", CSV + ROW * 2500))
    counts: list[int] = []
    source.on_progress(counts.append)
    reader = recognise(source)(source)
    list(reader.read())
    assert (source.lines, counts) == (2501, [1000, 1000, 500] * reader.passes)


def test_too_many_files_or_none_get_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="1 to 20"):
        open_source()
    path = write(tmp_path / "a", CSV)
    with pytest.raises(UnreadableFile, match="1 to 20"):
        open_source(*[path] * 21)


def test_every_payload_of_the_collection_that_is_here_is_read_or_refused_with_a_sentence() -> None:
    listed = [f"formats/{row['path']}" for row in manifest("formats")]
    listed += [f"photos/{row['file']}" for row in manifest("photos")]
    known: dict[str, list[str]] = {}
    sentences: list[str] = []
    for name in listed:
        if not (path := data_file(name)).exists():
            continue
        try:
            source = open_source(path)
            chosen = recognise(source)
        except UnreadableFile as why:
            sentences.append(str(why))
            continue
        list(chosen(source).read())
        known.setdefault(chosen.key, []).append(name.removeprefix("formats/"))
    assert all(sentence.endswith(".") for sentence in sentences)
    headers = {
        "shopify": ["shopify/orders_export_header.csv", "shopify/orders_export_header_older.csv"],
        "taobao": ["taobao/ExportOrderList_header.csv"],
        "jd": ["jd/order_export_header.csv"],
        "douyin": ["douyin/order_export_header.csv"],
    }  # fmt: skip
    files = {
        "shopify": ["shopify/orders_export_sample_CONSTRUCTED.csv"],
        "shopify-json": ["shopify/sdk_python/order.json", "shopify/sdk_python/orders.json"],
        "woocommerce": [
            f"woocommerce/orders_{name}.json" for name in ("01_one", "02_one", "03_list", "04_one", "06_one")
        ],
        "taobao": ["taobao/ExportOrderList_sample_CONSTRUCTED_gbk.csv"],
    }  # fmt: skip
    for key, names in headers.items():
        files[key] = [name for name in names if data_file(f"formats/{name}").exists()] + files.get(key, [])
    assert {key: sorted(names) for key, names in known.items()} == {key: names for key, names in files.items() if names}
