"""Parses the cells of a file: numbers, amounts, dates, currencies. Shared by all formats.

Each function takes our name of the column and the text, and raises ``CellError`` with a sentence for the merchant.
"""

import re
import unicodedata
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache

from babel.numbers import list_currencies
from django.utils.translation import gettext as _

from signoff.imports.files.csv import Row

MAX_UNITS = 10_000_000
MAX_AMOUNT = 10**10
MAX_LENGTH = 80

EDGE_CHARACTERS = "\ufeff \t\r\n\xa0\u3000"
SHIELD_STARTS = "='n"
#: ``="0815"`` keeps leading zeros in a spreadsheet
SHIELDED_TEXT = re.compile(r'="(.*)"\Z', re.DOTALL)
#: what a spreadsheet makes of a long number: 1.23457E+12
EXPONENT_NUMBER = re.compile(r"-?\d+(\.\d+)?E\+\d+\Z", re.IGNORECASE)
PLAIN_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(E[+-]?\d{1,2})?\Z", re.IGNORECASE | re.ASCII)
CURRENCY_SIGNS = re.compile(r"(US|HK|NT|R)?\$|[¥€£₩元]|RMB|CNY", re.IGNORECASE)
#: digits in groups of three with one separator, and another one before decimals
GROUPED_NUMBER = re.compile(r"[+-]?\d{1,3}(?:([,.' ])\d{3})(?:\1\d{3})*(?:(?!\1)[.,]\d+)?\Z", re.ASCII)
#: zero-width, bidirectional and control characters, lone surrogates
HIDDEN_CHARACTERS = re.compile(
    "[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]"
)
CURRENCY_ALIASES = {"RMB": "CNY", "人民币": "CNY", "元": "CNY", "NTD": "TWD", "新台币": "TWD", "新臺幣": "TWD"}


class CellError(ValueError):
    """A cell cannot be parsed. ``column`` is our name of its column, ``row`` is set where it is known."""

    def __init__(self, column: str, sentence: str, *, row: Row | None = None) -> None:
        super().__init__(sentence)
        self.column = column
        self.row = row


def name(column: str, text: str) -> str:
    """A number or code, at most ``MAX_LENGTH`` characters."""
    text = clean(column, text).strip()
    if not 0 < len(text) <= MAX_LENGTH:
        raise CellError(column, _("This cell must hold 1 to %(most)d characters.") % {"most": MAX_LENGTH})
    return text


def clean(column: str, text: str) -> str:
    """The text itself; rejects NUL characters, which PostgreSQL cannot store."""
    if "\x00" in text:
        raise CellError(column, _("This cell contains a null byte. Save the file again as CSV."))
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
    text = HIDDEN_CHARACTERS.sub("", unshield(text)).strip()
    if EXPONENT_NUMBER.match(text):
        raise CellError(
            column,
            _(
                "“%(text)s”: a spreadsheet program has altered this number. Export it again and don't open it "
                "before you upload it."
            )
            % {"text": text[:MAX_LENGTH]},
        )
    return name(column, text)


def words(column: str, text: str, *, max_length: int = 250) -> str:
    """Free text, cut to ``max_length`` characters, without control and bidirectional marks."""
    text = unshield(clean(column, text)) if text else ""
    return HIDDEN_CHARACTERS.sub("", text)[:max_length].strip() if text else ""


def units(column: str, text: str) -> int:
    """Whole units above zero; 2.0 and ２ are 2."""
    amount = money(column, text)
    if not 0 < amount <= MAX_UNITS or amount != int(amount):
        sentence = _("“%(text)s” is not a whole number of units above zero.")
        raise CellError(column, sentence % {"text": text[:MAX_LENGTH]})
    return int(amount)


def money(column: str, text: str, *, mark: str = "") -> Decimal:
    """An amount with at most three decimals. Accepts thousands separators, currency signs and full-width digits.

    ``mark`` is the decimal mark if the mapping states it; otherwise an ambiguous text such as ``1,234`` is rejected."""
    if mark != "," and PLAIN_NUMBER.match(text):
        return price(column, _trim_zeros(text))
    written = CURRENCY_SIGNS.sub("", unicodedata.normalize("NFKC", unshield(text))).replace("\xa0", " ").strip()
    if mark:
        written = _apply_decimal_mark(written, mark)
    elif not PLAIN_NUMBER.match(written):
        written = _remove_separators(column, written)
    if not PLAIN_NUMBER.match(written):
        raise CellError(column, _("“%(text)s” is not an amount such as 1234.50.") % {"text": text[:MAX_LENGTH]})
    return price(column, _trim_zeros(written))


def _remove_separators(column: str, text: str) -> str:
    """Normalise ``1,234.50``, ``1.234,50``, ``1 234`` and ``12,5`` to a number with a decimal point."""
    separators = [sign for sign in text if sign in ",.' "]
    if text.count(",") == 1 and separators == [","]:
        if len(text) - text.index(",") == 4 and text.lstrip("+-")[:2] != "0,":
            sentence = _("“%(text)s” is ambiguous. Use a point for decimals and no other separator.")
            raise CellError(column, sentence % {"text": text[:MAX_LENGTH]})
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


def amount(column: str, text: str, *, mark: str = "") -> Decimal:
    """An amount that cannot be below zero; an empty cell is zero."""
    if not unshield(text):
        return Decimal(0)
    value = money(column, text, mark=mark)
    if value < 0:
        raise CellError(column, _("“%(text)s” is below zero.") % {"text": text[:MAX_LENGTH]})
    return value


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
    """An ISO 4217 code."""
    code = unshield(text).upper()
    code = CURRENCY_ALIASES.get(code, code)
    if code not in _currency_codes():
        raise CellError(
            column,
            _("“%(text)s” is not a currency we recognise. Use its code, such as EUR.") % {"text": text[:MAX_LENGTH]},
        )
    return code


@cache
def _currency_codes() -> frozenset[str]:
    return frozenset(list_currencies())


FIRST_YEAR, LAST_YEAR = 1970, 2200


CLOCK = r"(?:[T ]+(?P<clock>\d{1,2}[:时]\d{1,2}(?:[:分]\d{1,2}(?:\.\d+)?秒?)?) ?(?P<half>[AP]M)?)?"


ZONE = r" ?(?P<zone>Z|UTC|[+-]\d{2}:?\d{2})?"


YEAR_FIRST = re.compile(
    rf"(?P<year>\d{{4}})[-/.年](?P<month>\d{{1,2}})[-/.月](?P<day>\d{{1,2}})日?{CLOCK}{ZONE}\Z", re.I | re.A
)


DOTTED = re.compile(rf"(?P<day>\d{{1,2}})\.(?P<month>\d{{1,2}})\.(?P<year>\d{{4}}){CLOCK}{ZONE}\Z", re.I | re.A)


SLASHED = re.compile(rf"(?P<one>\d{{1,2}})[/-](?P<two>\d{{1,2}})[/-](?P<year>\d{{4}}){CLOCK}{ZONE}\Z", re.I | re.A)


def moment(column: str, text: str, *, zone: tzinfo, day_first: bool | None = None) -> datetime:
    """A date and time in UTC. A text without a zone is local time in ``zone``, a date alone is midnight there.

    A date that may be two days (3/4/2024) is rejected unless ``day_first`` is known.
    """
    text_nfkc = unicodedata.normalize("NFKC", unshield(text))
    result = YEAR_FIRST.match(text_nfkc) or DOTTED.match(text_nfkc)
    try:
        if result:
            return _to_utc(result, int(result["month"]), int(result["day"]), zone)
        if result := SLASHED.match(text_nfkc):
            return _to_utc(result, *_resolve_month_and_day(column, text, result, day_first), zone)
    except CellError:
        raise
    except (ValueError, OverflowError):
        pass
    raise CellError(
        column, _("“%(text)s” is not a date and time such as 2010-12-01 08:26:00.") % {"text": text[:MAX_LENGTH]}
    )


def optional_moment(column: str, text: str, *, zone: tzinfo, day_first: bool | None = None) -> datetime | None:
    """``None`` for an empty cell."""
    return moment(column, text, zone=zone, day_first=day_first) if unshield(text) else None


def day(column: str, text: str, *, zone: tzinfo, day_first: bool | None = None) -> date | None:
    """A calendar day in ``zone``; ``None`` for an empty cell."""
    instant = optional_moment(column, text, zone=zone, day_first=day_first)
    return instant.astimezone(zone).date() if instant else None


def _resolve_month_and_day(column: str, text: str, match: re.Match[str], day_first: bool | None) -> tuple[int, int]:
    first, second = int(match["one"]), int(match["two"])
    if day_first is None and first != second and max(first, second) <= 12:
        raise CellError(
            column,
            _("“%(text)s” could be two dates. Put the year first, or say whether day or month comes first.")
            % {"text": text[:MAX_LENGTH]},
        )
    is_day_first = first > 12 if day_first is None else day_first
    return (second, first) if is_day_first else (first, second)


def _to_utc(match: re.Match[str], month: int, day: int, zone: tzinfo) -> datetime:
    year = int(match["year"])
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(year)
    hour, minute, second = _parse_clock(match["clock"] or "0:0", (match["half"] or "").upper())
    zone_text = (match["zone"] or "").upper()
    if zone_text and zone_text not in ("Z", "UTC"):
        zone = _parse_offset(zone_text) or zone
    elif zone_text:
        zone = UTC
    return datetime(year, month, day, hour, minute, second, tzinfo=zone).astimezone(UTC)


@lru_cache(maxsize=256)
def _parse_offset(text: str) -> tzinfo | None:
    return datetime.strptime(text, "%z").tzinfo


def _parse_clock(text: str, half: str) -> tuple[int, int, int]:
    hour, minute, *rest = re.split("[:时分]", text.rstrip("秒"))
    if half and not 1 <= int(hour) <= 12:
        raise ValueError(text)
    second = int(rest[0].partition(".")[0]) if rest and rest[0] else 0
    return (int(hour) % 12 + 12 * (half == "PM") if half else int(hour)), int(minute), second
