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
