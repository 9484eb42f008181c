"""Dates and times as shops write them. A date that may be two days is refused."""

import re
import unicodedata
from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache

from django.utils.translation import gettext as _

from signoff.imports.files.cells import MAX_LENGTH, CellError, unshield

FIRST_YEAR, LAST_YEAR = 1970, 2200
CLOCK = r"(?:[T ]+(?P<clock>\d{1,2}[:时]\d{1,2}(?:[:分]\d{1,2}(?:\.\d+)?秒?)?) ?(?P<half>[AP]M)?)?"
ZONE = r" ?(?P<zone>Z|UTC|[+-]\d{2}:?\d{2})?"
YEAR_FIRST = re.compile(
    rf"(?P<year>\d{{4}})[-/.年](?P<month>\d{{1,2}})[-/.月](?P<day>\d{{1,2}})日?{CLOCK}{ZONE}\Z", re.I | re.A
)
DOTTED = re.compile(rf"(?P<day>\d{{1,2}})\.(?P<month>\d{{1,2}})\.(?P<year>\d{{4}}){CLOCK}{ZONE}\Z", re.I | re.A)
SLASHED = re.compile(rf"(?P<one>\d{{1,2}})[/-](?P<two>\d{{1,2}})[/-](?P<year>\d{{4}}){CLOCK}{ZONE}\Z", re.I | re.A)


def moment(column: str, text: str, *, zone: tzinfo, day_first: bool | None = None) -> datetime:
    """The instant in UTC; where the text names no zone it is a clock in ``zone``, a mere date its midnight."""
    written = unicodedata.normalize("NFKC", unshield(text))
    found = YEAR_FIRST.match(written) or DOTTED.match(written)
    try:
        if found:
            return _to_utc(found, int(found["month"]), int(found["day"]), zone)
        if found := SLASHED.match(written):
            return _to_utc(found, *_resolve_month_and_day(column, text, found, day_first), zone)
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
    found = optional_moment(column, text, zone=zone, day_first=day_first)
    return found.astimezone(zone).date() if found else None


def _resolve_month_and_day(column: str, text: str, found: re.Match[str], day_first: bool | None) -> tuple[int, int]:
    one, two = int(found["one"]), int(found["two"])
    if day_first is None and one != two and max(one, two) <= 12:
        raise CellError(
            column,
            _("“%(text)s” may be two days. Write the year first, or say whether the day or the month comes first.")
            % {"text": text[:MAX_LENGTH]},
        )
    by_day = one > 12 if day_first is None else day_first
    return (two, one) if by_day else (one, two)


def _to_utc(found: re.Match[str], month: int, day: int, zone: tzinfo) -> datetime:
    year = int(found["year"])
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(year)
    hour, minute, second = _parse_clock(found["clock"] or "0:0", (found["half"] or "").upper())
    stated = (found["zone"] or "").upper()
    if stated and stated not in ("Z", "UTC"):
        zone = _parse_offset(stated) or zone
    elif stated:
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
