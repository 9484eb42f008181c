"""Values of a message, understood or refused with a sentence. For every provider."""

import unicodedata
from datetime import UTC, date, datetime, tzinfo
from typing import Any

from django.utils.translation import gettext as _

from signoff.carriers.messages import Unreadable

NUMBER, CARRIER, DESCRIPTION, PLACE = 80, 60, 250, 120
MOST_ROWS = 5_000
YEARS = range(1990, 2101)
UNSTORABLE = frozenset({"Cc", "Cs"})  # controls and halves of surrogate pairs, which PostgreSQL cannot keep


def inner(value: Any, *names: str) -> Any:
    """What lies at a path of keys, or None."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def rows(value: Any) -> list[dict[str, Any]]:
    """A list of objects; nothing at all is an empty one."""
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise Unreadable(_("A list of this message is not a list. Report it to the provider."))
    if len(value) > MOST_ROWS:
        raise Unreadable(
            _("A list of this message has more than %(most)d rows. Ask the provider for fewer parcels at once.")
            % {"most": MOST_ROWS}
        )
    return value


def text(value: Any, most: int) -> str:
    """One line of at most ``most`` characters; what is neither text nor a whole number is empty."""
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return ""
    kept = "".join(" " if unicodedata.category(letter) in UNSTORABLE else letter for letter in _written(value))
    return " ".join(kept.split())[:most].rstrip()


def number(value: Any) -> str:
    """A tracking number, never cut."""
    found = text(value, NUMBER + 1)
    if not found:
        raise Unreadable(_("This message names no tracking number. Report it to the provider."))
    if len(found) > NUMBER:
        raise Unreadable(
            _("The tracking number “%(number)s…” is longer than %(most)d characters. Check it at the provider.")
            % {"number": found[:20], "most": NUMBER}
        )
    return found


def place(*parts: Any) -> str:
    """Town, state and country as one text, without what is missing or said twice."""
    return ", ".join(dict.fromkeys(filter(None, (text(part, PLACE) for part in parts))))[:PLACE].rstrip(", ")


def moment(value: Any, zone: tzinfo) -> datetime | None:
    """An instant in UTC, or None where none is given; ``zone`` is that of times written without one."""
    written = text(value, 40)
    if not written:
        return None
    try:
        found = _understood(written)
        if found.year not in YEARS:
            raise ValueError
        return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Unreadable(
            _("“%(text)s” is not a time such as 2026-11-22 08:26:00. Report it to the provider.") % {"text": written}
        ) from None


def day(value: Any) -> date | None:
    """The day of a promise as written, or None: nobody is turned away for a promise that cannot be read."""
    try:
        found = date.fromisoformat(text(value, 10).replace("/", "-"))
    except ValueError:
        return None
    return found if found.year in YEARS else None


def _written(value: str | int) -> str:
    try:
        return str(value)
    except ValueError:  # a whole number of thousands of digits
        return ""


def _understood(written: str) -> datetime:
    dashed = written.replace("/", "-")
    try:
        return datetime.fromisoformat(dashed)
    except ValueError:
        return datetime.strptime(dashed, "%Y-%m-%d %H:%M:%S")
