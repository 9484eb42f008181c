"""Single fields of a quote request: what is allowed, and the sentence where it is not.

Amounts are strings of plain digits, so that no program on the way turns them into floating point.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from babel.numbers import is_currency
from django.utils.translation import gettext as _

from refunds.money.inputs import Code, QuoteRefused
from signoff.money import Span, whole_coins

PLAIN = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,8})?", re.ASCII)
TOO_MUCH = 10**12
MOST_UNITS = 10_000_000
MOST_ROWS = 2_000
MOST_FEES = 10
MOST_CODES = 50
LONGEST = 200


class Json(dict[str, Any]):
    """An object of the request that knows where it stands: ``place("quantity")`` is "lines[0].quantity"."""

    def __init__(self, value: Mapping[str, Any], *, path: str = "") -> None:
        super().__init__(value)
        self.path = path

    def place(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key


def mapping(value: object, path: str) -> Json:
    if not isinstance(value, dict):
        raise QuoteRefused(
            Code.INVALID_ORDER, _("“%(where)s” must be an object. Send one.") % {"where": path or "request"}
        )
    return Json(value, path=path)


def rows(holder: Json, key: str, *, most: int = MOST_ROWS) -> list[Json]:
    """A list of objects; missing or null is an empty one."""
    value = holder.get(key)
    if value is None:
        return []
    if not isinstance(value, list) or len(value) > most:
        raise QuoteRefused(
            Code.INVALID_ORDER,
            _("“%(where)s” must be a list of at most %(most)d objects.") % {"where": holder.place(key), "most": most},
        )
    return [mapping(row, f"{holder.place(key)}[{index}]") for index, row in enumerate(value)]


def choice(holder: Json, key: str, known: Collection[str]) -> str:
    """One of the ``known`` texts."""
    value = holder.get(key)
    if not isinstance(value, str) or value not in known:
        raise QuoteRefused(
            Code.INVALID_ORDER,
            _("“%(where)s” must be one of %(known)s.") % {"where": holder.place(key), "known": ", ".join(known)},
        )
    return value


def text(holder: Json, key: str, *, default: str | None = None) -> str:
    value = holder.get(key)
    if value is None:
        value = default
    if not isinstance(value, str) or len(value) > LONGEST:
        raise QuoteRefused(
            Code.INVALID_ORDER,
            _("“%(where)s” must be a text of at most %(most)d characters.")
            % {"where": holder.place(key), "most": LONGEST},
        )
    return value


def name(holder: Json, key: str = "id") -> str:
    """An id: a text, or a whole number taken as one."""
    return _as_name(holder.get(key), holder.place(key))


def names(holder: Json, key: str) -> list[str]:
    return [_as_name(value, holder.place(key)) for value in _list(holder.get(key), holder.place(key))]


def spans(holder: Json, key: str) -> list[Span]:
    """A list of unit numbers, each as a span of one."""
    place = holder.place(key)
    return [span(Json({place: unit}), place) for unit in _list(holder.get(key), place)]


def span(holder: Json, key: str) -> Span:
    """One unit's number as a span."""
    unit = count(holder, key, least=1, code=Code.INVALID_AMOUNT)
    return unit, unit + 1


def count(holder: Json, key: str, *, least: int, code: Code) -> int:
    value = holder.get(key)
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,7}", value, re.ASCII):
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= MOST_UNITS:
        raise QuoteRefused(
            code,
            _("“%(where)s” must be a whole number from %(least)d to %(most)d.")
            % {"where": holder.place(key), "least": least, "most": MOST_UNITS},
        )
    return value


def flag(holder: Json, key: str) -> bool:
    value = holder.get(key)
    if not isinstance(value, bool):
        raise QuoteRefused(Code.INVALID_ORDER, _("“%(where)s” must be true or false.") % {"where": holder.place(key)})
    return value


def moment(holder: Json, key: str) -> datetime | None:
    """A date and time in ISO 8601, or nothing."""
    value = holder.get(key)
    if value is None:
        return None
    try:
        return datetime.fromisoformat(value)
    except (TypeError, ValueError) as wrong:
        raise QuoteRefused(
            Code.INVALID_ORDER,
            _("“%(where)s” must be a date and time such as 2026-03-01T10:00:00Z.") % {"where": holder.place(key)},
        ) from wrong


def currency(holder: Json, key: str = "currency") -> str:
    value = holder.get(key)
    if not isinstance(value, str) or not is_currency(value):
        raise QuoteRefused(
            Code.INVALID_ORDER, _("“%(where)s” must be an ISO 4217 code such as EUR.") % {"where": holder.place(key)}
        )
    return value


def number(holder: Json, key: str, *, code: Code, default: str | None = None) -> Decimal:
    """A number written as a text of plain digits; whole numbers may come as numbers."""
    value = holder.get(key)
    if value is None:
        value = default
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if abs(value) < 10**12 else None
    if not isinstance(value, str) or not PLAIN.fullmatch(value):
        raise QuoteRefused(
            code, _('“%(where)s” must be a text of plain digits such as "12.50".') % {"where": holder.place(key)}
        )
    return Decimal(value)


def amount(holder: Json, key: str, *, code: Code, default: str | None = None) -> Decimal:
    """A number that is not negative."""
    value = number(holder, key, code=code, default=default)
    if value.is_signed():
        raise QuoteRefused(code, _("“%(where)s” cannot be negative.") % {"where": holder.place(key)})
    return value


def coins(holder: Json, key: str, currency: str, *, code: Code, default: str | None = None) -> Decimal:
    """An amount in whole coins of the currency."""
    value = amount(holder, key, code=code, default=default)
    try:
        whole_coins(value, currency)
    except ValueError as finer:
        raise QuoteRefused(
            code,
            _("“%(where)s” is finer than the smallest coin of %(currency)s.")
            % {"where": holder.place(key), "currency": currency},
        ) from finer
    return value


def optional(holder: Json, key: str, *, code: Code) -> Decimal | None:
    """A number, or nothing where the field is missing or null."""
    return None if holder.get(key) is None else number(holder, key, code=code)


def rate(holder: Json, key: str, *, code: Code) -> Decimal:
    """A share such as "0.19", at most 10."""
    value = amount(holder, key, code=code)
    if value > 10:
        raise QuoteRefused(
            code, _('“%(where)s” is a share such as "0.19", not a percentage.') % {"where": holder.place(key)}
        )
    return value


def _as_name(value: object, place: str) -> str:
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**18:
        return str(value)
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST:
        raise QuoteRefused(Code.INVALID_ORDER, _("“%(where)s” must be an id of the order.") % {"where": place})
    return value


def _list(value: object, place: str) -> Sequence[object]:
    if not isinstance(value, list) or len(value) > MOST_ROWS:
        raise QuoteRefused(
            Code.INVALID_ORDER,
            _("“%(where)s” must be a list of at most %(most)d.") % {"where": place, "most": MOST_ROWS},
        )
    return value
