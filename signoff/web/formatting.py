"""Amounts, times and names in the format of the current language."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_timedelta, get_timezone_name
from babel.lists import format_list
from babel.numbers import format_currency
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext

from signoff.money import HUNDREDTHS

NONE = "–"
MINUS = "\N{MINUS SIGN}"
LOCALES = {"zh-hans": "zh_Hans_CN", "zh-hant": "zh_Hant_TW"}
CODE_THEN_DIGIT = re.compile(r"(?<=[A-Z]{3})(?=\d)")  # "KWD1.500": a currency without a sign of its own
RECENT = timedelta(days=30)
CACHE_SIZE = 4096  # cached texts of amounts and times: lists render the same ones again and again
AMBER_PERCENT = 75  # percent of the time used up when a promise turns amber


def locale() -> str:
    """Babel's name for the current language."""
    return LOCALES.get((get_language() or "en").lower(), "en")


def money(amount: Decimal | str | None, currency: str) -> str:
    """``amount``, a number or its text, with the decimals of ``currency`` (ISO 4217)."""
    return NONE if amount is None else _money(amount, currency, locale())


@lru_cache(CACHE_SIZE)
def _money(amount: Decimal | str, currency: str, locale: str) -> str:
    own_digits = currency not in HUNDREDTHS  # those are written with the two of the locale's pattern
    number = Decimal(amount) + 0  # −0 is 0 to the cache, and to people
    written = format_currency(number, currency, locale=locale, currency_digits=own_digits).replace("-", MINUS)
    return CODE_THEN_DIGIT.sub("\N{NO-BREAK SPACE}", written)


def ago(moment: datetime, *, zone: str = "", now: datetime | None = None) -> str:
    """Relative time like "3 hours ago", or the date if it is over a month away."""
    distance = moment - (now or timezone.now())
    if abs(distance) > RECENT:
        return _written(moment, zone, "SHORT_DATE_FORMAT")
    return format_timedelta(distance, add_direction=True, locale=locale())


def day(moment: datetime, zone: str) -> str:
    """The calendar day of a moment in ``zone`` (a name such as Asia/Shanghai)."""
    return _written(moment, zone, "DATE_FORMAT")


def short_day(moment: datetime, zone: str) -> str:
    """The day without its year, for progress bars."""
    return _written(moment, zone, "MONTH_DAY_FORMAT")


def exact(moment: datetime, zone: str = "") -> str:
    """Date and time in ``zone``; without one in the current zone, which ``{% shoptime %}`` makes the shop's."""
    return _written(moment, zone, "DATETIME_FORMAT")


def legal_moment(moment: datetime, zone: str = "") -> str:
    """As ``exact``, and names the zone: for moments with legal effect, such as a sign-off or a decision."""
    return _with_zone(moment, _zone(zone), get_language())


@lru_cache(CACHE_SIZE)
def _with_zone(moment: datetime, zone: tzinfo, _language: str | None) -> str:
    facts = {"moment": exact(moment, str(zone)), "zone": zone_name(moment, str(zone))}
    return gettext("%(moment)s (%(zone)s)") % facts


def zone_name(moment: datetime, zone: str) -> str:
    """The zone as people call it at that time of the year: Central European Summer Time, 中国标准时间."""
    return get_timezone_name(moment.astimezone(ZoneInfo(zone)), locale=locale())


def _written(moment: datetime, zone: str, pattern: str) -> str:
    """The only place where a moment becomes words; its callers say in whose zone."""
    return _cached(moment, _zone(zone), pattern, get_language())


def _zone(name: str) -> tzinfo:
    return ZoneInfo(name) if name else timezone.get_current_timezone()


@lru_cache(CACHE_SIZE)
def _cached(moment: datetime, zone: tzinfo, pattern: str, _language: str | None) -> str:
    return date_format(timezone.localtime(moment, zone), pattern)


def machine(moment: datetime) -> str:
    """ISO 8601 in UTC, for ``<time datetime>``."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


@dataclass(frozen=True)
class Promise:
    """Progress towards ``due`` in percent, and the remaining time in words."""

    percent: int
    words: str
    tone: str
    due: datetime | None = None
    zone: str = ""

    @property
    def exact(self) -> str:
        """``due`` as text, "" without it."""
        return exact(self.due, self.zone) if self.due else ""

    @property
    def machine(self) -> str:
        """``due`` for ``<time datetime>``."""
        return machine(self.due) if self.due else ""


def promise(due: datetime | None, since: datetime | None, *, zone: str = "", now: datetime | None = None) -> Promise:
    """The progress of a deadline that began at ``since``. Without ``due`` there is no deadline."""
    if due is None:
        return Promise(0, gettext("No deadline"), "none")
    now = now or timezone.now()
    percent = _elapsed(due, since or now, now)
    if now > due:
        return Promise(100, _span(now - due, late=True), "danger", due, zone)
    return Promise(percent, _span(due - now, late=False), "warn" if percent >= AMBER_PERCENT else "ok", due, zone)


def _elapsed(due: datetime, since: datetime, now: datetime) -> int:
    duration = (due - since).total_seconds()
    if duration <= 0:
        return 100
    return max(0, min(100, round((now - since).total_seconds() / duration * 100)))


def _span(span: timedelta, *, late: bool) -> str:
    """Days from two days on, hours from ninety minutes on, else minutes."""
    minutes = int(span.total_seconds() // 60)
    if span >= timedelta(days=2):
        sentence, number = (gettext("%d d overdue") if late else gettext("%d d left")), span.days
    elif minutes >= 90:
        sentence, number = (gettext("%d h overdue") if late else gettext("%d h left")), minutes // 60
    else:
        sentence, number = (gettext("%d min overdue") if late else gettext("%d min left")), minutes
    return sentence % number


def join_list(words: Iterable[object]) -> str:
    """Words joined with the locale's separators: "street, city, and telephone", 街道地址、城市和电话."""
    return format_list([str(word) for word in words], locale=locale())


def join_choices(words: Iterable[object]) -> str:
    """Words of which one is meant, in the locale's manner: "Mei Sato or Priya Nair", 佐藤或王芳."""
    return format_list([str(word) for word in words], style="or", locale=locale())


def initials(name: str) -> str:
    """Two letters for an avatar: "Mei Sato" → "MS", "王小明" → "小明" (the given name)."""
    words = name.replace("@", " ").replace(".", " ").split()
    if not words:
        return "?"
    if _is_chinese(words[0][0]):
        return "".join(words)[-2:]
    picked = words[0][0] + words[-1][0] if len(words) > 1 else words[0][:2]
    return picked.upper()


def _is_chinese(letter: str) -> bool:
    return "\u3400" <= letter <= "\u9fff"


def name_of(person: Any) -> str:
    """Display name; "" for None."""
    if person is None or isinstance(person, str):
        return person or ""
    full_name = getattr(person, "get_full_name", None)
    name = full_name() if full_name else getattr(person, "name", "")
    return name or str(person)
