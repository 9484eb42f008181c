"""Pictures that look like another one, found by index: difference hashes that differ in at most ``ALIKE`` bits.

A hash of 64 bits is four bands of 16. Where two hashes differ in at most seven bits, at least one band differs in at
most one, so the candidates are the rows with one of 17 values in one of the four bands. Each band has an index
(``band_indexes``); of a million pictures about a thousand candidates are left, and those are counted exactly.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from django.db import models
from django.db.models import CharField, F, Func, IntegerField, Q, QuerySet

from signoff.db.lookups import any_of
from signoff.pictures.sandbox.dhash import ALIKE, distance

BANDS = range(4)
DIGITS = 4
#: a hash with fewer differences between neighbours, or hardly anything else, is of a blank picture: it says nothing
PLAIN = 6


class Band(Func):
    """The digits of one band of ``dhash``. The numbers are in the SQL itself, so that it matches the index."""

    output_field = CharField()

    def __init__(self, band: int, *expressions: Any) -> None:
        template = f"substr(%(expressions)s, {1 + DIGITS * band}, {DIGITS})"
        super().__init__(*(expressions or (F("dhash"),)), template=template)


class _Distance(Func):
    """How many bits of ``dhash`` differ from a hash of 16 digits."""

    output_field = IntegerField()

    def __init__(self, digits: str, *expressions: Any) -> None:
        plain = f"{int(digits, 16):016x}"  # it is written into the SQL
        template = f"bit_count(('x' || %(expressions)s)::bit(64) # x'{plain}'::bit(64))::integer"
        super().__init__(*(expressions or (F("dhash"),)), template=template)


def band_indexes(table: str) -> list[models.Index]:
    """The indexes that a model of pictures needs for ``alike``; ``table`` begins their names."""
    return [models.Index(Band(band), name=f"{table}_dhash_{band + 1}") for band in BANDS]


def alike[M: models.Model](pictures: QuerySet[M], hashes: Iterable[str]) -> QuerySet[M]:
    """Those of ``pictures`` that look like one of these hashes; blank pictures look like nothing."""
    telling = {digits for digits in hashes if is_telling(digits)}
    if not telling:
        return pictures.none()
    candidates = Q()
    for band in BANDS:
        candidates |= any_of(f"band_{band}", sorted({value for one in telling for value in _near(_band(one, band))}))
    close = Q()
    for position in range(len(telling)):
        close |= Q(**{f"distance_{position}__lte": ALIKE})
    names: dict[str, Any] = {f"band_{band}": Band(band) for band in BANDS}
    names |= {f"distance_{position}": _Distance(digits) for position, digits in enumerate(sorted(telling))}
    return pictures.alias(**names).filter(candidates).exclude(dhash="").filter(close)


def matches(digits: str, others: Collection[str]) -> list[str]:
    """Those of ``others`` that look like the hash, as ``alike`` finds them."""
    return [other for other in others if other and is_telling(digits) and distance(digits, other) <= ALIKE]


def agreeing(first: str, second: str) -> int:
    """How many of the 64 points of two hashes agree."""
    return 64 - distance(first, second)


def is_telling(digits: str) -> bool:
    """Whether a hash is one of a picture that is not blank."""
    return bool(digits) and PLAIN <= int(digits, 16).bit_count() <= 64 - PLAIN


def _band(digits: str, band: int) -> str:
    return digits[DIGITS * band : DIGITS * (band + 1)]


def _near(digits: str) -> Iterator[str]:
    """The band itself and all that differ from it in one bit."""
    value = int(digits, 16)
    yield digits
    for bit in range(4 * DIGITS):
        yield f"{value ^ (1 << bit):04x}"
