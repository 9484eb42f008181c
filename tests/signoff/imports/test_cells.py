"""Cells one by one: what is read, and what is refused because it may mean two things."""

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from signoff.imports.files import cells
from signoff.imports.files.cells import CellError

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("199.0", "199"),
        ("1,234.56", "1234.56"),
        ("1.234,56", "1234.56"),
        ("1,234,567", "1234567"),
        ("1.234.567", "1234567"),
        ("1 234,50", "1234.50"),
        ("1'234.50", "1234.50"),
        ("12,34", "12.34"),
        ("0,125", "0.125"),
        ("１２３．５０", "123.50"),
        ("￥1,234.50", "1234.50"),
        ("2.55元", "2.55"),
        ("$ 5", "5"),
        ("1.250000", "1.25"),
        ("-3", "-3"),
        ('="12.50"', "12.50"),
    ],
)
def test_amounts_with_one_meaning_are_read(text: str, amount: str) -> None:
    assert cells.money("x", text) == Decimal(amount)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1,234", "is ambiguous"),
        *((text, "is not an amount such as") for text in ("", "abc", "1_000", "1,23,45", "1..2", "٣٫٥x", "∞")),
        *((text, "is not a price with at most three decimals") for text in ("1e-05", "1E+17", "1.2345", "12,3456")),
    ],
)
def test_amounts_with_two_meanings_or_none_are_refused(text: str, sentence: str) -> None:
    with pytest.raises(CellError, match=sentence):
        cells.money("x", text)


@pytest.mark.parametrize(
    ("text", "mark", "amount"),
    [
        ("1,234", ".", "1234"),
        ("1.234", ",", "1234"),
        ("1,5", ",", "1.5"),
        ("1.5", ".", "1.5"),
        ("1.234,5", ",", "1234.5"),
    ],
)
def test_who_says_the_mark_gets_the_one_meaning(text: str, mark: str, amount: str) -> None:
    assert cells.money("x", text, mark=mark) == Decimal(amount)


@pytest.mark.parametrize(("text", "mark"), [("12,34", "."), ("1.5", ","), ("1.234,5", ".")])
def test_an_amount_against_its_mark_is_refused(text: str, mark: str) -> None:
    with pytest.raises(CellError, match="is not an amount such as"):
        cells.money("x", text, mark=mark)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('="2839471029384756101"', "2839471029384756101"),
        ("\t6921234567890123456", "6921234567890123456"),
        ("'40202", "40202"),
        ("\u202d13800000000\u202c", "13800000000"),
        ("=CUP-1", "=CUP-1"),
        ("'n-Roses", "'n-Roses"),
        ("5E3", "5E3"),
    ],
)
def test_what_shields_a_number_from_a_spreadsheet_is_taken_off(text: str, name: str) -> None:
    assert cells.identity("x", text) == name


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        *(
            (text, "a spreadsheet program has altered this number")
            for text in ("1E+17", "2.83947E+18", "2.83947102938476e+18")
        ),
        *((text, "This cell must hold 1 to 80 characters.") for text in ("", "'null", "a" * 81)),
        ("a\x00b", "This cell contains a null byte."),
    ],
)
def test_what_a_spreadsheet_has_destroyed_is_no_name(text: str, sentence: str) -> None:
    with pytest.raises(CellError, match=sentence):
        cells.identity("x", text)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2008-01-10 11:00:00 -0500", datetime(2008, 1, 10, 16, tzinfo=UTC)),
        ("2008-01-10T11:00:00-05:00", datetime(2008, 1, 10, 16, tzinfo=UTC)),
        ("2022-01-10T09:18:44.196Z", datetime(2022, 1, 10, 9, 18, 44, tzinfo=UTC)),
        ("2024/3/1 9:05", datetime(2024, 3, 1, 1, 5, tzinfo=UTC)),
        ("2024年3月1日 10:00:00", datetime(2024, 3, 1, 2, tzinfo=UTC)),
        ("２０２４-03-01 10:00", datetime(2024, 3, 1, 2, tzinfo=UTC)),
        ("2024-03-01", datetime(2024, 2, 29, 16, tzinfo=UTC)),
        ("01.12.2010", datetime(2010, 11, 30, 16, tzinfo=UTC)),
        ("13/1/2009 7:45", datetime(2009, 1, 12, 23, 45, tzinfo=UTC)),
        ("3/31/2024 12:05 AM", datetime(2024, 3, 30, 16, 5, tzinfo=UTC)),
        ("5/5/2024 1:00 PM", datetime(2024, 5, 5, 5, tzinfo=UTC)),
    ],
)
def test_dates_with_one_meaning_are_read(text: str, moment: datetime) -> None:
    assert cells.moment("x", text, zone=SHANGHAI) == moment


NO_DATES = ("2024-13-01", "2024-02-30", "2024-01-01 25:00", "", "soon", "45352.4", "1969-12-31", "2024-1")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("12/1/2009 7:45", "could be two dates"), *((text, "is not a date and time such as") for text in NO_DATES)],
)
def test_dates_with_two_meanings_or_none_are_refused(text: str, sentence: str) -> None:
    with pytest.raises(CellError, match=sentence):
        cells.moment("x", text, zone=SHANGHAI)


def test_who_says_that_the_day_comes_first_gets_the_one_meaning() -> None:
    moments = [cells.moment("x", "3/4/2024", zone=UTC, day_first=first) for first in (True, False)]
    assert moments == [datetime(2024, 4, 3, tzinfo=UTC), datetime(2024, 3, 4, tzinfo=UTC)]


@pytest.mark.parametrize(("text", "code"), [("eur", "EUR"), ("RMB", "CNY"), ("人民币", "CNY"), (" KWD ", "KWD")])
def test_currencies_are_read(text: str, code: str) -> None:
    assert cells.currency("x", text) == code


@pytest.mark.parametrize(("text", "rate"), [("19%", "0.19"), ("0.19", "0.19"), ("7", "0.07"), ("0.5%", "0.005")])
def test_rates_are_read(text: str, rate: str) -> None:
    assert cells.rate("x", text) == Decimal(rate)


@pytest.mark.parametrize(
    ("text", "day_first", "moment"),
    [
        ("01.09.26", True, datetime(2026, 9, 1, tzinfo=UTC)),
        ("09/01/26", False, datetime(2026, 9, 1, tzinfo=UTC)),
        ("1-9-26 10:05", True, datetime(2026, 9, 1, 10, 5, tzinfo=UTC)),
        ("31/12/99", True, datetime(1999, 12, 31, tzinfo=UTC)),
        ("01-Sep-26", True, datetime(2026, 9, 1, tzinfo=UTC)),
        ("Sep-01-26", False, datetime(2026, 9, 1, tzinfo=UTC)),
        *(
            (text, None, datetime(2026, 9, 1, tzinfo=UTC))
            for text in (
                "1 Sep 2026", "Sep 1, 2026", "September 1, 2026", "1st September 2026", "Tue, 1 Sep 2026",
                "Tuesday, September 1, 2026", "1. September 2026", "1er septembre 2026", "01 sept. 2026",
                "1 de septiembre de 2026", "1 de setembro de 2026", "1 set 2026", "1 settembre 2026", "2026-Sep-01",
                "1-Sep-2026", "2026年9月1日", "20260901",
            )
        ),
        ("1 März 2026", None, datetime(2026, 3, 1, tzinfo=UTC)),
        ("1 mars 2026", None, datetime(2026, 3, 1, tzinfo=UTC)),
        ("15 août 2026", None, datetime(2026, 8, 15, tzinfo=UTC)),
        ("15 Dezember 2026", None, datetime(2026, 12, 15, tzinfo=UTC)),
        ("15 dezembro 2026", None, datetime(2026, 12, 15, tzinfo=UTC)),
        ("15 diciembre 2026", None, datetime(2026, 12, 15, tzinfo=UTC)),
        ("15 décembre 2026", None, datetime(2026, 12, 15, tzinfo=UTC)),
        ("15 Mai 2026", None, datetime(2026, 5, 15, tzinfo=UTC)),
        ("Sep 1, 2026, 10:05:00 PM PDT", None, datetime(2026, 9, 2, 5, 5, tzinfo=UTC)),
        ("1. September 2026 um 10:05 Uhr", None, datetime(2026, 9, 1, 10, 5, tzinfo=UTC)),
        ("01.09.2026 10.05 Uhr", None, datetime(2026, 9, 1, 10, 5, tzinfo=UTC)),
        ("1 septembre 2026 à 10h05", None, datetime(2026, 9, 1, 10, 5, tzinfo=UTC)),
        ("1/9/2026 10:05 a. m.", True, datetime(2026, 9, 1, 10, 5, tzinfo=UTC)),
        ("2026年9月1日 下午3:05", None, datetime(2026, 9, 1, 15, 5, tzinfo=UTC)),
        ("2026/9/1 上午 10:05:07", None, datetime(2026, 9, 1, 10, 5, 7, tzinfo=UTC)),
        ("2026年9月1日 10时05分", None, datetime(2026, 9, 1, 10, 5, tzinfo=UTC)),
        ("Tue, 01 Sep 2026 10:05:00 +0200", None, datetime(2026, 9, 1, 8, 5, tzinfo=UTC)),
        ("2026-09-01 10:05 CEST", None, datetime(2026, 9, 1, 8, 5, tzinfo=UTC)),
        ("20260901100507", None, datetime(2026, 9, 1, 10, 5, 7, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_dates_are_read_as_people_and_spreadsheets_write_them(
    text: str, day_first: bool | None, moment: datetime
) -> None:
    assert cells.moment("x", text, zone=UTC, day_first=day_first) == moment


@pytest.mark.parametrize("text", ["01.09.26", "09/01/26", "13/09/26", "01-Sep-26", "26-09-01"])
def test_a_year_of_two_digits_needs_the_order_of_day_and_month(text: str) -> None:
    with pytest.raises(CellError, match="could be two dates"):
        cells.moment("x", text, zone=UTC)


@pytest.mark.parametrize(
    "text",
    ["1 Foo 2026", "32 Sep 2026", "Sep 2026", "1 September", "31.02.26", "2026年13月1日", "00000000", "20261301"],
)
def test_what_is_no_date_in_any_language_is_refused(text: str) -> None:
    with pytest.raises(CellError, match="is not a date and time such as"):
        cells.moment("x", text, zone=UTC, day_first=True)


ROWS = ["0" * 100_000, "1" + " " * 100_000 + "x", "1," * 50_000, "1" + "\t" * 100_000 + "1"]


@pytest.mark.parametrize("text", ROWS)
def test_a_cell_of_one_long_row_is_refused_at_once(text: str) -> None:
    """A pattern that could divide the row in several ways would take minutes."""
    with pytest.raises(CellError, match="is not an amount such as"):
        cells.money("total", text)
    with pytest.raises(CellError, match="is not a date and time"):
        cells.moment("placed_at", text, zone=UTC)
    with pytest.raises(CellError, match="must hold 1 to 80"):
        cells.identity("number", text)


def test_a_line_break_in_a_number_is_taken_out_with_all_spaces_around_it() -> None:
    assert cells.identity("number", "A" + " " * 100_000 + "\n" + " " * 100_000 + "B C") == "AB C"
