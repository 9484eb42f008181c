"""Cells of a file, understood or refused with a sentence. For every format."""

import re
import unicodedata
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import cache

from babel.numbers import list_currencies
from django.utils.translation import gettext as _

from signoff.imports.files.csv import Row

MAX_UNITS = 10_000_000
MAX_AMOUNT = 10**10
MAX_LENGTH = 80

EDGE_CHARACTERS = "\ufeff \t\r\n\xa0\u3000"
SHIELD_STARTS = "='n"
SHIELDED_TEXT = re.compile(r'="(.*)"\Z', re.DOTALL)
EXPONENT_NUMBER = re.compile(r"-?\d+(\.\d+)?E\+\d+\Z", re.IGNORECASE)
PLAIN_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(E[+-]?\d{1,2})?\Z", re.IGNORECASE | re.ASCII)
CURRENCY_SIGNS = re.compile(r"(US|HK|NT|R)?\$|[¥€£₩元]|RMB|CNY", re.IGNORECASE)
GROUPED_NUMBER = re.compile(r"[+-]?\d{1,3}(?:([,.' ])\d{3})(?:\1\d{3})*(?:(?!\1)[.,]\d+)?\Z", re.ASCII)
HIDDEN_CHARACTERS = re.compile(
    "[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]"
)
CURRENCY_ALIASES = {"RMB": "CNY", "人民币": "CNY", "元": "CNY", "NTD": "TWD", "新台币": "TWD", "新臺幣": "TWD"}


class CellError(ValueError):
    """A cell cannot be understood: the format's key of its column, a sentence, and the row where it is known."""

    def __init__(self, column: str, sentence: str, *, row: Row | None = None) -> None:
        super().__init__(sentence)
        self.column = column
        self.row = row


def name(column: str, text: str) -> str:
    """A number or code, at most ``LONGEST`` characters."""
    text = clean(column, text).strip()
    if not 0 < len(text) <= MAX_LENGTH:
        raise CellError(column, _("This cell must hold 1 to %(most)d characters.") % {"most": MAX_LENGTH})
    return text


def clean(column: str, text: str) -> str:
    """Any text that PostgreSQL can keep."""
    if "\x00" in text:
        raise CellError(column, _("This cell holds a zero byte. Save the file again as CSV."))
    return text


def quantity(column: str, text: str) -> int:
    """Units, negative where they went the other way, never zero."""
    try:
        units = int(text)
    except ValueError:
        units = 0
    if not 0 < abs(units) <= MAX_UNITS:
        raise CellError(column, _("“%(text)s” is not a whole number of units.") % {"text": text[:MAX_LENGTH]})
    return units


def price(column: str, text: str) -> Decimal:
    """An amount that may be finer than a coin, at most three decimals."""
    try:
        amount = Decimal(text.strip())
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or abs(amount) >= MAX_AMOUNT or amount.as_tuple().exponent < -3:
        raise CellError(
            column, _("“%(text)s” is not a price with at most three decimals.") % {"text": text[:MAX_LENGTH]}
        )
    return amount


def moment(column: str, text: str) -> datetime:
    """A date and time without a zone: ISO, or month/day/year."""
    for understand in (datetime.fromisoformat, _us_datetime):
        try:
            found = understand(text.strip())
        except ValueError:
            continue
        if found.tzinfo is None and 1900 <= found.year <= 9000:
            return found
    raise CellError(
        column,
        _("“%(text)s” is not a date and time such as 2010-12-01 08:26:00.") % {"text": text[:MAX_LENGTH]},
    )


def _us_datetime(text: str) -> datetime:
    day, clock = text.split(" ")
    month, day_of_month, year = day.split("/")
    hour, minute = clock.split(":")[:2]
    return datetime(int(year) + (2000 if int(year) < 100 else 0), int(month), int(day_of_month), int(hour), int(minute))


def unshield(text: str) -> str:
    """A cell without what keeps a spreadsheet from eating it: ``="…"``, tabs, an apostrophe before a number."""
    text = text.strip(EDGE_CHARACTERS)
    if not text or text[0] not in SHIELD_STARTS:
        return text
    if shielded := SHIELDED_TEXT.match(text):
        text = shielded[1].strip()
    if text.startswith("'") and (text[1:2].isdigit() or text[1:2] in "=+-@\t" or text == "'null"):
        text = text[1:].strip()
    return "" if text == "null" else text


def identity(column: str, text: str) -> str:
    """A number or code that names something, 1 to ``LONGEST`` characters. Never one that a spreadsheet has cut."""
    text = HIDDEN_CHARACTERS.sub("", unshield(text)).strip()
    if EXPONENT_NUMBER.match(text):
        raise CellError(
            column,
            _("“%(text)s”: a spreadsheet has destroyed this number. Export it again and do not open it in between.")
            % {"text": text[:MAX_LENGTH]},
        )
    return name(column, text)


def words(column: str, text: str, *, most: int = 250) -> str:
    """Text for people, cut after ``most`` characters, without marks that turn or hide what follows."""
    text = unshield(clean(column, text)) if text else ""
    return HIDDEN_CHARACTERS.sub("", text)[:most].strip() if text else ""


def units(column: str, text: str) -> int:
    """Whole units above zero; 2.0 and ２ are 2."""
    amount = money(column, text)
    if not 0 < amount <= MAX_UNITS or amount != int(amount):
        sentence = _("“%(text)s” is not a whole number of units above zero.")
        raise CellError(column, sentence % {"text": text[:MAX_LENGTH]})
    return int(amount)


def money(column: str, text: str, *, mark: str = "") -> Decimal:
    """An amount with at most three decimals. Separators of thousands, currency signs and full-width digits are
    read where they have one meaning; ``mark`` says what separates decimals where people chose it."""
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
    """``1,234.50``, ``1.234,50``, ``1 234`` and ``12,5`` with a point and nothing else."""
    separators = [sign for sign in text if sign in ",.' "]
    if text.count(",") == 1 and separators == [","]:
        if len(text) - text.index(",") == 4 and text.lstrip("+-")[:2] != "0,":
            sentence = _("“%(text)s” may mean two amounts. Write it with a point for decimals and no other sign.")
            raise CellError(column, sentence % {"text": text[:MAX_LENGTH]})
        return text.replace(",", ".")
    if grouped := GROUPED_NUMBER.match(text):
        whole = text.replace(grouped[1], "")
        return whole.replace(",", ".")
    return text


def _apply_decimal_mark(text: str, mark: str) -> str:
    """``text``, in which ``mark`` stands before decimals and only there, with a point instead."""
    other = "," if mark == "." else "."
    if re.match(rf"[+-]?\d{{1,3}}(?:([{other}' ])\d{{3}})(?:\1\d{{3}})*(?:[{mark}]\d+)?\Z", text, re.ASCII):
        text = re.sub(f"[{other}' ]", "", text)
    return text.replace(other, "?").replace(mark, ".")


def _trim_zeros(text: str) -> str:
    """Without zeros behind the third decimal."""
    head, point, decimals = text.partition(".")
    return f"{head}.{decimals[:3]}{decimals[3:].rstrip('0')}" if point and decimals.isdigit() else text


def amount(column: str, text: str, *, mark: str = "") -> Decimal:
    """An amount that cannot be below zero; an empty cell is zero."""
    if not unshield(text):
        return Decimal(0)
    found = money(column, text, mark=mark)
    if found < 0:
        raise CellError(column, _("“%(text)s” is below zero.") % {"text": text[:MAX_LENGTH]})
    return found


def rate(column: str, text: str) -> Decimal | None:
    """A tax rate: 19%, 19 and 0.19 are the same; ``None`` for an empty cell."""
    number = unshield(text).rstrip("%％").strip()
    if not number:
        return None
    found = amount(column, number)
    found = found / 100 if found >= 1 or number != unshield(text) else found
    if found >= 1:
        raise CellError(column, _("“%(text)s” is not a tax rate such as 19%%.") % {"text": text[:MAX_LENGTH]})
    return found


def currency(column: str, text: str) -> str:
    """An ISO 4217 code."""
    code = unshield(text).upper()
    code = CURRENCY_ALIASES.get(code, code)
    if code not in _currency_codes():
        raise CellError(
            column,
            _("“%(text)s” is not a currency we know. Write its code, such as EUR.") % {"text": text[:MAX_LENGTH]},
        )
    return code


@cache
def _currency_codes() -> frozenset[str]:
    return frozenset(list_currencies())
