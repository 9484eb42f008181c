"""Files are known by their bytes: what is no list of orders gets a sentence, and so does what is too much."""

import gzip
import json
import zipfile
from pathlib import Path

import pytest

from signoff.imports.files import sniff
from signoff.imports.files.sniff import FileKind, UnreadableFile, detect_kind
from signoff.imports.files.uploaded import open_source
from signoff.imports.formats.registry import FORMATS as FORMATS_BY_KEY
from signoff.imports.formats.registry import recognise
from tests.signoff.imports.read_files import DATA, FORMATS, read, xlsx_file

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
    with pytest.raises(UnreadableFile, match="3072 MB; 2048 MB is the most"):
        open_source(path)


def test_what_grows_beyond_measure_when_unpacked_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "orders.csv.gz", gzip.compress(CSV.encode() + b"a" * 3_000_000))
    monkeypatch.setattr(sniff.read_blocks, "__kwdefaults__", {"max_bytes": 2 * 1024**2})
    with pytest.raises(UnreadableFile, match="2 MB is the most"):
        open_source(path)


def test_a_missing_file_gets_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="cannot be read"):
        open_source(tmp_path / "nothing")


def test_an_archive_that_is_no_spreadsheet_is_to_be_unpacked(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "orders.xlsx", "w") as packed:
        packed.writestr("orders.csv", CSV)
    with pytest.raises(UnreadableFile, match="Unpack it"):
        open_source(tmp_path / "orders.xlsx")


def test_a_spreadsheet_with_hostile_xml_gets_a_sentence(tmp_path: Path) -> None:
    good = xlsx_file(tmp_path / "good.xlsx", [["a"], ["b"]])
    with zipfile.ZipFile(good) as old, zipfile.ZipFile(tmp_path / "bad.xlsx", "w") as new:
        for name in old.namelist():
            new.writestr(name, LAUGHS if name == "xl/worksheets/sheet1.xml" else old.read(name))
    with pytest.raises(UnreadableFile, match="damaged"):
        open_source(tmp_path / "bad.xlsx")


def test_a_spreadsheet_that_would_unpack_to_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = xlsx_file(tmp_path / "o.xlsx", [["a" * 1000]])
    monkeypatch.setattr("signoff.imports.files.xlsx.MAX_BYTES", 1000)
    with pytest.raises(UnreadableFile, match="most"):
        open_source(path)


def test_the_first_sheet_that_holds_anything_is_read(tmp_path: Path) -> None:
    rows = [[], CSV.strip().split(","), [], [489434, "85048", "BALL", 12, "2009-12-01 07:45:00", 6.95, 13085, "Eire"]]
    (order,), refused = read(xlsx_file(tmp_path / "o.xlsx", rows))
    assert (refused, order.number, order.country, order.items[0].row.line) == ([], "489434", "IE", 4)


def test_what_nobody_knows_is_told_what_is_known(tmp_path: Path) -> None:
    source = open_source(write(tmp_path / "a", "Name,Price\nx,1\n"))
    with pytest.raises(UnreadableFile, match=r"Shopify CSV.*WooCommerce.*淘宝.*京东.*抖音.*Olist.*Choose yourself"):
        recognise(source)
    with pytest.raises(UnreadableFile, match=r"no orders that we know"):
        recognise(open_source(write(tmp_path / "b", json.dumps({"refund": {"id": 1}}))))


def test_files_that_do_not_belong_together_get_a_sentence(tmp_path: Path) -> None:
    one, other = write(tmp_path / "a", CSV), write(tmp_path / "b", CSV)
    document = write(tmp_path / "c", "{}")
    for paths in ((one, other), (one, document)):
        with pytest.raises(UnreadableFile, match="one after another"):
            recognise(open_source(*paths))


@pytest.mark.parametrize(("key", "content"), [("woocommerce", CSV), ("shopify", "{}"), ("jd", CSV), ("olist", CSV)])
def test_a_format_chosen_by_hand_that_does_not_fit_gets_a_sentence(tmp_path: Path, key: str, content: str) -> None:
    with pytest.raises(UnreadableFile):
        FORMATS_BY_KEY[key](open_source(write(tmp_path / "a", content)))


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


@pytest.mark.skipif(not FORMATS.exists(), reason="the formats lie beside the project, not in it")
def test_every_payload_that_lies_beside_the_project_is_read_or_refused_with_a_sentence() -> None:
    known: dict[str, list[str]] = {}
    sentences: list[str] = []
    for path in sorted([*FORMATS.rglob("*.*"), *(DATA / "photos").rglob("*.*")]):
        try:
            source = open_source(path)
            chosen = recognise(source)
        except UnreadableFile as why:
            sentences.append(str(why))
            continue
        list(chosen(source).read())
        known.setdefault(chosen.key, []).append(path.name)
    assert all(sentence.endswith(".") for sentence in sentences)
    assert known == {
        "shopify": [
            "orders_export_header.csv", "orders_export_header_older.csv", "orders_export_sample_CONSTRUCTED.csv",
        ],
        "shopify-json": ["order.json", "orders.json"],
        "woocommerce": [
            "orders_01_one.json", "orders_02_one.json", "orders_03_list.json", "orders_04_one.json",
            "orders_06_one.json",
        ],
        "taobao": ["ExportOrderList_header.csv", "ExportOrderList_sample_CONSTRUCTED_gbk.csv"],
        "jd": ["order_export_header.csv"],
        "douyin": ["order_export_header.csv"],
    }  # fmt: skip
