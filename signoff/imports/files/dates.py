"""Parses written dates: digits in any order, names of months in several languages, Excel's day numbers.

Names of months come from the Unicode CLDR by Babel. A name that means different months in two languages is left out.
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache, lru_cache

from babel.dates import get_month_names

FIRST_YEAR, LAST_YEAR = 1970, 2200
LANGUAGES = ("en", "de", "fr", "es", "pt", "it", "nl")
EXTRA_NAMES = {"sept": 9, "mrz": 3, "maerz": 3}
#: hours of abbreviations that mean one zone only; CST, for one, is in America and in China
ZONES = {
    "Z": 0, "UTC": 0, "GMT": 0, "BST": 1, "CET": 1, "CEST": 2, "MEZ": 1, "MESZ": 2, "PST": -8, "PDT": -7, "MST": -7,
    "MDT": -6, "EST": -5, "EDT": -4, "JST": 9,
}  # fmt: skip
CLOCK = r"(?:(?:T| *,? *)(?P<clock>\d{1,2}:\d{1,2}(?::\d{1,2}(?:[.,]\d+)?)?)(?: ?(?P<half>[AP]M))?)?"
ZONE = rf"(?: ?\(?(?P<zone>{'|'.join(ZONES)}|(?:UTC|GMT)?[+-]\d{{1,2}}:?(?:\d{{2}})?)\)?)?"
REST = rf"{CLOCK}{ZONE}\Z"
FLAGS = re.IGNORECASE | re.ASCII
YEAR_FIRST = re.compile(rf"(?P<year>\d{{4}})([-/.])(?P<month>\d{{1,2}})\2(?P<day>\d{{1,2}}){REST}", FLAGS)
COMPACT = re.compile(r"(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})(?P<clock>\d{6})?\Z", re.ASCII)
DOTTED = re.compile(rf"(?P<day>\d{{1,2}})\.(?P<month>\d{{1,2}})\.(?P<year>\d{{4}}){REST}", FLAGS)
SLASHED = re.compile(rf"(?P<one>\d{{1,2}})([-/])(?P<two>\d{{1,2}})\2(?P<year>\d{{4}}){REST}", FLAGS)
SHORT = re.compile(rf"(?P<one>\d{{1,2}})([-/.])(?P<two>\d{{1,2}})\2(?P<year>\d{{2}}){REST}", FLAGS)
ORDINAL = r"(?:st|nd|rd|th|er|ère|º|o|ª)?"
JOINT = r"[ \-/.,]*"
NAME = r"(?P<name>[^\W\d_]{3,})"
NAMED = tuple(
    re.compile(pattern + REST, re.IGNORECASE)
    for pattern in (
        rf"(?P<day>\d{{1,2}}){ORDINAL}{JOINT}(?:of |de )?{NAME}{JOINT}(?:of |de[l]? )?(?P<year>\d{{4}}|\d{{2}})(?!\d)",
        rf"{NAME}{JOINT}(?P<day>\d{{1,2}}){ORDINAL}[ \-/.,]+(?P<year>\d{{4}}|\d{{2}})(?![\d:])",
        rf"(?P<year>\d{{4}}){JOINT}{NAME}{JOINT}(?P<day>\d{{1,2}})(?!\d)",
    )
)
AFTERNOON, MORNING = r"下午|晚上|傍晚|中午", r"上午|凌晨|早上|清晨"
CLOCK_WORDS = re.compile(r",?\s+(?:at|um|à|às|as|a las|alle|om|kl\.?)\s+(?=\d)|\s*[·•–]\s+(?=\d)", re.IGNORECASE)
WEEKDAY = re.compile(r"\A[^\W\d_]{2,}\.?,?\s+(?=\d|[^\W\d_]+\.?\s*\d)")


class SheetNumber(str):
    """The text of a number cell of a spreadsheet; as a date it counts the days since ``epoch``."""

    __slots__ = ("epoch",)
    epoch: datetime


class AmbiguousDate(ValueError):
    """A text that may be two dates."""


def parse_moment(text: str, *, zone: tzinfo, day_first: bool | None) -> datetime:
    """The moment in UTC. Raises ``AmbiguousDate``, and ``ValueError`` or ``OverflowError`` for no date.

    A year of two digits, or a date such as 3/4/2024, is ambiguous unless ``day_first`` is known.
    """
    if isinstance(text, SheetNumber) and (moment := _from_day_number(text)):
        return moment.replace(tzinfo=zone).astimezone(UTC)
    text = text.strip() if YEAR_FIRST.match(text.strip()) else _normalise(text)
    if match := YEAR_FIRST.match(text) or DOTTED.match(text):
        return _to_utc(match, _year(match), int(match["month"]), int(match["day"]), zone)
    if match := SLASHED.match(text):
        return _to_utc(match, _year(match), *_month_and_day(match, day_first), zone)
    if match := SHORT.match(text):
        if day_first is None:
            raise AmbiguousDate(text)
        return _to_utc(match, _year(match), *_month_and_day(match, day_first), zone)
    if match := COMPACT.match(text):
        hour, minute, second = map(int, re.findall("..", match["clock"] or "000000"))
        at = datetime(_year(match), int(match["month"]), int(match["day"]), hour, minute, second)
        return at.replace(tzinfo=zone).astimezone(UTC)
    return _parse_named(text, zone, day_first)


def _parse_named(text: str, zone: tzinfo, day_first: bool | None) -> datetime:
    """A date with the name of a month."""
    for candidate in (text, WEEKDAY.sub("", text, count=1)):
        for pattern in NAMED:
            if (match := pattern.match(candidate)) and (month := _months().get(_fold(match["name"]))):
                if len(match["year"]) == len("26") and day_first is None:
                    raise AmbiguousDate(text)
                return _to_utc(match, _year(match), month, int(match["day"]), zone)
    raise ValueError(text)


def _normalise(text: str) -> str:
    """One way to write years, clocks and halves of a day; digits are ASCII."""
    text = " ".join(unicodedata.normalize("NFKC", text).split())
    text = re.sub(r"\b([ap])\s?\.?\s?m\b\.?", r"\1m", text, flags=re.IGNORECASE)
    for words, half in ((AFTERNOON, "PM"), (MORNING, "AM")):
        text = re.sub(rf"(?:{words})\s*(\d{{1,2}}(?:[:时点]\d{{1,2}})(?:[:分]\d{{1,2}}秒?)?分?)", rf"\1 {half}", text)
    text = re.sub(r"(\d{4})年(\d{1,2})月(\d{1,2})日?", r"\1-\2-\3", text)
    text = re.sub(r"(\d{1,2})[时時点點](\d{1,2})(?:分(?:(\d{1,2})秒?)?)?", _clock_of_words, text)
    text = re.sub(r"(?<= )(\d{1,2})[h.](\d{2})(?:[.](\d{2}))?(?: ?(?:Uhr|Std))?\Z", _clock_of_words, text)
    text = re.sub(r"(?<=:\d\d) ?(?:Uhr|h|Std\.?)\Z", "", text)
    return CLOCK_WORDS.sub(" ", text).strip()


def _clock_of_words(match: re.Match[str]) -> str:
    return ":".join(filter(None, match.groups()))


@cache
def _months() -> dict[str, int]:
    """Months by their folded names."""
    months: dict[str, set[int]] = {name: {month} for name, month in EXTRA_NAMES.items()}
    for name, month in _month_names():
        months.setdefault(_fold(name), set()).add(month)
    return {name: month for name, (month, *others) in months.items() if len(name) > len("ju") and not others}


def _month_names() -> Iterator[tuple[str, int]]:
    for language in LANGUAGES:
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for month, name in get_month_names(width, context, language).items():
                    yield name, month


def _fold(name: str) -> str:
    """Without accents, case and points."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in letters if letter.isalpha())


def _from_day_number(text: SheetNumber) -> datetime | None:
    """Days since the workbook's epoch, to the second; ``None`` for a number that is no such day."""
    try:
        moment = text.epoch + timedelta(seconds=round(float(text) * 86_400))
    except (ValueError, OverflowError):
        return None
    return moment if FIRST_YEAR <= moment.year <= LAST_YEAR and len(text.partition(".")[0]) == len("46266") else None


def _year(match: re.Match[str]) -> int:
    year = int(match["year"])
    if len(match["year"]) == len("26"):
        year += 2000 if year < FIRST_YEAR % 100 else 1900
    return year


def _month_and_day(match: re.Match[str], day_first: bool | None) -> tuple[int, int]:
    first, second = int(match["one"]), int(match["two"])
    if day_first is None and first != second and max(first, second) <= 12:
        raise AmbiguousDate(match[0])
    is_day_first = first > 12 if day_first is None else day_first
    return (second, first) if is_day_first else (first, second)


def _to_utc(match: re.Match[str], year: int, month: int, day: int, zone: tzinfo) -> datetime:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(year)
    hour, minute, second = _parse_clock(match["clock"] or "0:0", (match["half"] or "").upper())
    zone = _parse_zone((match["zone"] or "").upper()) or zone
    return datetime(year, month, day, hour, minute, second, tzinfo=zone).astimezone(UTC)


@lru_cache(maxsize=256)
def _parse_zone(text: str) -> tzinfo | None:
    if not text:
        return None
    if text in ZONES:
        return timezone(timedelta(hours=ZONES[text])) if ZONES[text] else UTC
    offset = text.removeprefix("UTC").removeprefix("GMT")
    hours, minutes = re.findall(r"^[+-](\d{1,2}):?(\d{2})?", offset)[0]
    size = timedelta(hours=int(hours), minutes=int(minutes or 0))
    return timezone(-size if offset[0] == "-" else size)


def _parse_clock(text: str, half: str) -> tuple[int, int, int]:
    hour, minute, *rest = re.split("[:]", text.replace(",", "."))
    if half and not 1 <= int(hour) <= 12:
        raise ValueError(text)
    second = int(rest[0].partition(".")[0]) if rest else 0
    return (int(hour) % 12 + 12 * (half == "PM") if half else int(hour)), int(minute), second
