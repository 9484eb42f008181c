"""Cells of a file, understood or refused with a sentence. For every format."""

from datetime import datetime
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

MOST_UNITS = 10_000_000
MOST_MONEY = 10**10
LONGEST = 80


class WrongCell(ValueError):
    """A cell cannot be understood: the format's key of its column, and a sentence."""

    def __init__(self, column: str, sentence: str) -> None:
        super().__init__(sentence)
        self.column = column


def name(column: str, text: str) -> str:
    """A number or code, at most ``LONGEST`` characters."""
    text = clean(column, text).strip()
    if not 0 < len(text) <= LONGEST:
        raise WrongCell(column, _("This cell must hold 1 to %(most)d characters.") % {"most": LONGEST})
    return text


def clean(column: str, text: str) -> str:
    """Any text that PostgreSQL can keep."""
    if "\x00" in text:
        raise WrongCell(column, _("This cell holds a zero byte. Save the file again as CSV."))
    return text


def quantity(column: str, text: str) -> int:
    """Units, negative where they went the other way, never zero."""
    try:
        units = int(text)
    except ValueError:
        units = 0
    if not 0 < abs(units) <= MOST_UNITS:
        raise WrongCell(column, _("“%(text)s” is not a whole number of units.") % {"text": text[:LONGEST]})
    return units


def price(column: str, text: str) -> Decimal:
    """An amount that may be finer than a coin, at most three decimals."""
    try:
        amount = Decimal(text.strip())
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or abs(amount) >= MOST_MONEY or amount.as_tuple().exponent < -3:
        raise WrongCell(column, _("“%(text)s” is not a price with at most three decimals.") % {"text": text[:LONGEST]})
    return amount


def moment(column: str, text: str) -> datetime:
    """A date and time without a zone: ISO, or month/day/year."""
    for understand in (datetime.fromisoformat, _american):
        try:
            found = understand(text.strip())
        except ValueError:
            continue
        if found.tzinfo is None and 1900 <= found.year <= 9000:
            return found
    raise WrongCell(
        column,
        _("“%(text)s” is not a date and time such as 2010-12-01 08:26:00.") % {"text": text[:LONGEST]},
    )


def _american(text: str) -> datetime:
    day, clock = text.split(" ")
    month, day_of_month, year = day.split("/")
    hour, minute = clock.split(":")[:2]
    return datetime(int(year) + (2000 if int(year) < 100 else 0), int(month), int(day_of_month), int(hour), int(minute))
