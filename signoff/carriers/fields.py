"""Parses values of tracking messages. Shared by all providers."""

import unicodedata
from datetime import UTC, date, datetime, tzinfo
from typing import Any

from django.utils.translation import gettext as _

from signoff.carriers.messages import UnreadableMessage

NUMBER, CARRIER, DESCRIPTION, PLACE = 80, 60, 250, 120
MAX_ROWS = 5_000
YEARS = range(1990, 2101)
UNSTORABLE_CATEGORIES = frozenset({"Cc", "Cs"})  # controls and halves of surrogate pairs, which PostgreSQL cannot store


def nested(value: Any, *names: str) -> Any:
    """The value at a path of keys, or None."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def rows(value: Any) -> list[dict[str, Any]]:
    """A list of objects; a missing value is an empty list. Raises ``UnreadableMessage``."""
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise UnreadableMessage(
            _("A part of this message that should be a list is not one. Report it to the provider.")
        )
    if len(value) > MAX_ROWS:
        raise UnreadableMessage(
            _("A list of this message has more than %(most)d rows. Ask the provider for fewer parcels at once.")
            % {"most": MAX_ROWS}
        )
    return value


def text(value: Any, max_length: int) -> str:
    """One line of at most ``max_length`` characters; empty for anything but text and whole numbers."""
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return ""
    cleaned = "".join(
        " " if unicodedata.category(letter) in UNSTORABLE_CATEGORIES else letter for letter in _as_text(value)
    )
    return " ".join(cleaned.split())[:max_length].rstrip()


def tracking_number(value: Any) -> str:
    """A tracking number, never cut. Raises ``UnreadableMessage`` if it is missing or too long."""
    number = text(value, NUMBER + 1)
    if not number:
        raise UnreadableMessage(_("This message has no tracking number. Report it to the provider."))
    if len(number) > NUMBER:
        raise UnreadableMessage(
            _("The tracking number “%(number)s…” is longer than %(most)d characters. Check it at the provider.")
            % {"number": number[:20], "most": NUMBER}
        )
    return number


def join_place(*parts: Any) -> str:
    """Town, state and country as one text, without missing and repeated parts."""
    return ", ".join(dict.fromkeys(filter(None, (text(part, PLACE) for part in parts))))[:PLACE].rstrip(", ")


def parse_moment(value: Any, zone: tzinfo) -> datetime | None:
    """A time in UTC, or None if missing; ``zone`` applies to times without one. Raises ``UnreadableMessage``."""
    text_value = text(value, 40)
    if not text_value:
        return None
    try:
        moment = _parse_datetime(text_value)
        if moment.year not in YEARS:
            raise ValueError
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise UnreadableMessage(
            _("“%(text)s” is not a time such as 2026-11-22 08:26:00. Report it to the provider.") % {"text": text_value}
        ) from None


def parse_day(value: Any) -> date | None:
    """A promised day, or None: a day that cannot be read must not reject the whole message."""
    try:
        day = date.fromisoformat(text(value, 10).replace("/", "-"))
    except ValueError:
        return None
    return day if day.year in YEARS else None


def _as_text(value: str | int) -> str:
    try:
        return str(value)
    except ValueError:  # a whole number of thousands of digits
        return ""


def _parse_datetime(text_value: str) -> datetime:
    iso_text = text_value.replace("/", "-")
    try:
        return datetime.fromisoformat(iso_text)
    except ValueError:
        return datetime.strptime(iso_text, "%Y-%m-%d %H:%M:%S")
