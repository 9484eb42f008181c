"""Parses the cells of a file: numbers, amounts, dates, currencies. Shared by all formats.

Each function takes our name of the column and the text, and raises ``CellError`` with a sentence for the merchant.
"""

import re
import unicodedata
from datetime import date, datetime, tzinfo
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from signoff.imports.files.amounts import (
    CURRENCY_ALIASES,
    GROUPED,
    Mark,
    currency_codes,
    mark_of_currencies,
    split_currency,
)
from signoff.imports.files.csv import Row
from signoff.imports.files.dates import AmbiguousDate, SheetNumber, parse_moment
from signoff.money import digits

MAX_UNITS = 10_000_000
MAX_AMOUNT = 10**10
MAX_LENGTH = 80
LONGEST = 200  # characters of an amount or a date; the time of some patterns grows with the square

LOST_CHARACTER = "\ufffd"
LINE_BREAK = re.compile(r"[\r\n\v\f\x85\u2028\u2029]")
SPACES = re.compile(r"\s+")
EDGE_CHARACTERS = "\ufeff \t\r\n\xa0\u3000"
SHIELD_STARTS = "='n"
#: ``="0815"`` keeps leading zeros in a spreadsheet
SHIELDED_TEXT = re.compile(r'="(.*)"\Z', re.DOTALL)
#: what a spreadsheet makes of a long number: 1.23457E+12
EXPONENT_NUMBER = re.compile(r"[+-]?\d+(?:(?:[.,]\d+)? ?E ?\+ ?\d+|[.,]\d+ ?E ?\d+)\Z", re.IGNORECASE)
PLAIN_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(E[+-]?\d{1,2})?\Z", re.IGNORECASE | re.ASCII)
#: digits in groups of three with one separator, and another one before decimals
GROUPED_NUMBER = re.compile(r"[+-]?\d{1,3}(?:([,.' ])\d{3})(?:\1\d{3})*(?:(?!\1)[.,]\d+)?\Z", re.ASCII)
#: zero-width, bidirectional and control characters, lone surrogates
HIDDEN_CHARACTERS = re.compile(
    "[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]"
)


class CellError(ValueError):
    """A cell cannot be parsed. ``column`` is our name of its column, ``row`` is set where it is known."""

    def __init__(self, column: str, sentence: str, *, row: Row | None = None) -> None:
        super().__init__(sentence)
        self.column = column
        self.row = row

    def __reduce__(self) -> tuple[type["CellError"], tuple[str, str], dict[str, object]]:
        return type(self), (self.column, str(self)), {"row": self.row}


def name(column: str, text: str) -> str:
    """A number or code, at most ``MAX_LENGTH`` characters."""
    text = clean(column, text).strip()
    if not 0 < len(text) <= MAX_LENGTH:
        raise CellError(column, _("This cell must hold 1 to %(most)d characters.") % {"most": MAX_LENGTH})
    return text


def clean(column: str, text: str) -> str:
    """The text itself; rejects NUL characters, which PostgreSQL cannot store, and characters that were lost before."""
    if "\x00" in text:
        raise CellError(column, _("This cell contains a null byte. Save the file again as CSV."))
    if LOST_CHARACTER in text:
        sentence = _(
            "This cell has characters that are not in the encoding of the file (“%(text)s”). Correct them and save the "
            "file as CSV UTF-8, or choose another encoding."
        )
        raise CellError(column, sentence % {"text": text[:MAX_LENGTH]})
    return text


def price(column: str, text: str) -> Decimal:
    """An amount that may be finer than a coin, at most three decimals."""
    try:
        amount = Decimal(text.strip())
    except InvalidOperation:
        amount = Decimal("NaN")
    exponent = amount.as_tuple().exponent
    if not isinstance(exponent, int) or abs(amount) >= MAX_AMOUNT or exponent < -3:  # of NaN and infinity it is a text
        raise CellError(
            column, _("“%(text)s” is not a price with at most three decimals.") % {"text": text[:MAX_LENGTH]}
        )
    return amount


def unshield(text: str) -> str:
    """The text without the marks that protect it from spreadsheets: ``="…"``, tabs, an apostrophe before a number."""
    text = text.strip(EDGE_CHARACTERS)
    if not text or text[0] not in SHIELD_STARTS:
        return text
    if shielded := SHIELDED_TEXT.match(text):
        text = shielded[1].strip()
    if text.startswith("'") and (text[1:2].isdigit() or text[1:2] in "=+-@\t" or text == "'null"):
        text = text[1:].strip()
    return "" if text == "null" else text


def identity(column: str, text: str) -> str:
    """A number or code that names something, 1 to ``MAX_LENGTH`` characters; not one that a spreadsheet rounded."""
    return name(column, intact_number(column, text))


def telephone(column: str, text: str) -> str:
    """A telephone number of at most 40 characters, or an empty text; not one that a spreadsheet rounded."""
    return intact_number(column, clean(column, text))[:40].strip()


def intact_number(column: str, text: str) -> str:
    """The text without marks and line breaks. Raises ``CellError`` for a number that a spreadsheet rounded."""
    text = SPACES.sub(lambda row: "" if LINE_BREAK.search(row[0]) else row[0], unshield(clean(column, text)))
    text = HIDDEN_CHARACTERS.sub("", text).strip()
    if EXPONENT_NUMBER.match(text if text.isascii() else unicodedata.normalize("NFKC", text)):
        raise CellError(
            column,
            _(
                "“%(text)s”: a spreadsheet program has altered this number. Export it again and don't open it "
                "before you upload it."
            )
            % {"text": text[:MAX_LENGTH]},
        )
    return text


def words(column: str, text: str, *, max_length: int = 250) -> str:
    """Free text, cut to ``max_length`` characters, without control and bidirectional marks."""
    text = unshield(clean(column, text)) if text else ""
    return HIDDEN_CHARACTERS.sub("", text)[:max_length].strip() if text else ""


def units(column: str, text: str, *, mark: Mark = "") -> int:
    """Whole units above zero; 2.0 and ２ are 2."""
    count = signed_units(column, text, mark=mark)
    if count <= 0:
        raise CellError(column, _not_units(text))
    return count


def signed_units(column: str, text: str, *, mark: Mark = "") -> int:
    """The same, also zero and below: what is taken back is negative."""
    if text.isascii() and text.isdigit() and len(text) < len(str(MAX_UNITS)):
        return int(text)
    amount = money(column, text, mark=mark)
    if abs(amount) > MAX_UNITS or amount != int(amount):
        raise CellError(column, _not_units(text))
    return int(amount)


def _not_units(text: str) -> str:
    return _("“%(text)s” is not a whole number of units above zero.") % {"text": text[:MAX_LENGTH]}


def money(column: str, text: str, *, mark: Mark = "", currency: str = "") -> Decimal:
    """An amount with at most three decimals. Accepts thousands separators, currency signs and full-width digits.

    ``mark`` is the decimal mark if it is known; otherwise an ambiguous text such as ``1,234`` is rejected. Another
    currency than ``currency`` is rejected, and with it three digits behind a mark are thousands where the currency has
    no decimals.
    """
    if len(text) > LONGEST:
        raise CellError(column, _not_amount(text))
    may_be_grouped = mark == "?" or (currency and not digits(currency))
    if mark != "," and PLAIN_NUMBER.match(text) and not (may_be_grouped and GROUPED.match(text)):
        return price(column, _trim_zeros(text))
    number, currencies = split_currency(unshield(text))
    if currency and currencies and currency not in currencies:
        sentence = _("“%(text)s” is not in %(currency)s, the currency of this order.")
        raise CellError(column, sentence % {"text": text[:MAX_LENGTH], "currency": currency})
    written = _normalise_number(column, text, number, mark, mark_of_currencies(currencies), currency)
    if not PLAIN_NUMBER.match(written):
        raise CellError(column, _not_amount(text))
    return price(column, _trim_zeros(written))


def _not_amount(text: str) -> str:
    return _("“%(text)s” is not an amount such as 1234.50.") % {"text": text[:MAX_LENGTH]}


def _normalise_number(column: str, text: str, number: str, mark: Mark, mark_of_sign: Mark, currency: str) -> str:
    """The number with a decimal point and without separators of thousands."""
    is_group = bool(GROUPED.match(number.lstrip("+-"))) and number.lstrip("+-")[:1] != "0"
    if is_group and currency and not digits(currency):
        if mark in (".", ",") and mark in number:
            sentence = _("“%(text)s” has decimals, but %(currency)s has none.")
            raise CellError(column, sentence % {"text": text[:MAX_LENGTH], "currency": currency})
        return re.sub("[.,]", "", number)
    if mark in (".", ","):
        return _apply_decimal_mark(number, mark)
    if is_group and mark_of_sign:
        return _apply_decimal_mark(number, mark_of_sign)
    if is_group and mark == "?":
        raise CellError(column, _ambiguous(text))
    return number if PLAIN_NUMBER.match(number) else _remove_separators(column, number)


def _ambiguous(text: str) -> str:
    return _("“%(text)s” is ambiguous. Use a point for decimals and no other separator.") % {"text": text[:MAX_LENGTH]}


def _remove_separators(column: str, text: str) -> str:
    """Normalise ``1,234.50``, ``1.234,50``, ``1 234`` and ``12,5`` to a number with a decimal point."""
    separators = [sign for sign in text if sign in ",.' "]
    if text.count(",") == 1 and separators == [","]:
        if len(text) - text.index(",") == 4 and text.lstrip("+-")[:2] != "0,":
            raise CellError(column, _ambiguous(text))
        return text.replace(",", ".")
    if grouped := GROUPED_NUMBER.match(text):
        ungrouped = text.replace(grouped[1], "")
        return ungrouped.replace(",", ".")
    return text


def _apply_decimal_mark(text: str, mark: str) -> str:
    """Normalise a number whose decimal mark is known; wrong marks become ``?``, so that parsing fails."""
    group_mark = "," if mark == "." else "."
    if re.match(rf"[+-]?\d{{1,3}}(?:([{group_mark}' ])\d{{3}})(?:\1\d{{3}})*(?:[{mark}]\d+)?\Z", text, re.ASCII):
        text = re.sub(f"[{group_mark}' ]", "", text)
    return text.replace(group_mark, "?").replace(mark, ".")


def _trim_zeros(text: str) -> str:
    """Remove trailing zeros behind the third decimal."""
    integer_part, point, decimals = text.partition(".")
    return f"{integer_part}.{decimals[:3]}{decimals[3:].rstrip('0')}" if point and decimals.isdigit() else text


def amount(column: str, text: str, *, mark: Mark = "", currency: str = "") -> Decimal:
    """An amount that cannot be below zero; an empty cell is zero."""
    if not unshield(text):
        return Decimal(0)
    value = money(column, text, mark=mark, currency=currency)
    if value < 0:
        raise CellError(column, _("“%(text)s” is below zero.") % {"text": text[:MAX_LENGTH]})
    return value


def discount(column: str, text: str, *, mark: Mark = "", currency: str = "") -> Decimal:
    """A discount, which some files write as an amount below zero; an empty cell is zero."""
    return abs(money(column, text, mark=mark, currency=currency)) if unshield(text) else Decimal(0)


def rate(column: str, text: str) -> Decimal | None:
    """A tax rate: 19%, 19 and 0.19 are the same; ``None`` for an empty cell."""
    number = unshield(text).rstrip("%％").strip()
    if not number:
        return None
    value = amount(column, number)
    value = value / 100 if value >= 1 or number != unshield(text) else value
    if value >= 1:
        raise CellError(column, _("“%(text)s” is not a tax rate such as 19%%.") % {"text": text[:MAX_LENGTH]})
    return value


def currency(column: str, text: str) -> str:
    """An ISO 4217 code, also of a sign that only one currency has."""
    code = unshield(text).upper()
    code = CURRENCY_ALIASES.get(code, code)
    if code not in currency_codes():
        raise CellError(
            column,
            _("“%(text)s” is not a currency we recognise. Use its code, such as EUR.") % {"text": text[:MAX_LENGTH]},
        )
    return code


def moment(column: str, text: str, *, zone: tzinfo, day_first: bool | None = None) -> datetime:
    """A date and time in UTC. A text without a zone is local time in ``zone``, a date alone is midnight there.

    A date that may be two days (3/4/2024, 03.04.24) is rejected unless ``day_first`` is known.
    """
    try:
        if len(text) > LONGEST:
            raise ValueError
        return parse_moment(text if isinstance(text, SheetNumber) else unshield(text), zone=zone, day_first=day_first)
    except AmbiguousDate:
        sentence = _("“%(text)s” could be two dates. Put the year first, or say whether day or month comes first.")
    except (ValueError, OverflowError):
        sentence = _("“%(text)s” is not a date and time such as 2010-12-01 08:26:00.")
    raise CellError(column, sentence % {"text": text[:MAX_LENGTH]})


def optional_moment(column: str, text: str, *, zone: tzinfo, day_first: bool | None = None) -> datetime | None:
    """``None`` for an empty cell."""
    return moment(column, text, zone=zone, day_first=day_first) if unshield(text) else None


def day(column: str, text: str, *, zone: tzinfo, day_first: bool | None = None) -> date | None:
    """A calendar day in ``zone``; ``None`` for an empty cell."""
    instant = optional_moment(column, text, zone=zone, day_first=day_first)
    return instant.astimezone(zone).date() if instant else None
