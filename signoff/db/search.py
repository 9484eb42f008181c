"""Finding rows by words, as quick among a million as among a thousand (docs/decisions/0023-search-by-pieces.md).

Words of three letters and more are found anywhere by trigrams; shorter Chinese ones by the function
``signoff_pieces``, which gives every character of a text and every pair of neighbours; other short words only whole,
and signs alone nowhere.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.fields.array import ArrayContains  # type: ignore[attr-defined]  # the stubs leave it out
from django.db.models import Q, QuerySet, Value

from signoff.db.counts import first_of_each
from signoff.db.search_text import ALL_CHINESE, CHINESE, CjkNgrams

WORD = re.compile(r"\w")
TRIGRAMS = re.compile(r"\w{3}|\w{2}\W|\W\w{2}")  # what gives PostgreSQL's index at least one to look for
NOTHING = Q(pk__in=[])
MANY = 2000  # a place that knows more keys than this is not listed any more but asked row by row


def contains_text(column: str, words: str) -> Q:
    """Rows whose ``column``, a text of any language with an index of pieces, has ``words`` in it."""
    if not CHINESE.search(words) or TRIGRAMS.search(words):
        return contains_latin(column, words)
    pieces = Q(ArrayContains(CjkNgrams(column), CjkNgrams(Value(words))))
    return pieces if ALL_CHINESE.fullmatch(words) else pieces & _inside(column, words)


def contains_latin(column: str, words: str) -> Q:
    """Rows whose ``column``, of Latin letters and digits, has ``words`` in it; short ones only as a whole word."""
    if TRIGRAMS.search(words):
        return _inside(column, words)
    if CHINESE.search(words) or not WORD.search(words):
        return NOTHING
    whole = {"iexact": words, "istartswith": f"{words} ", "iendswith": f" {words}", "icontains": f" {words} "}
    return Q(*[(f"{column}__{look}", text) for look, text in whole.items()], _connector=Q.OR)


def _inside(column: str, words: str) -> Q:
    return Q(**{f"{column}__icontains": words})


@dataclass(frozen=True)
class Place:
    """Where words may stand.

    ``rows`` are the things that have them; ``by_keys`` gives the listed rows that belong to their keys;
    ``of_row`` asks one listed row itself.
    """

    rows: QuerySet
    by_keys: Callable[[Sequence[Any]], QuerySet]
    of_row: Q


@dataclass(frozen=True)
class SearchResult:
    """What is known about a search: keys of few things, and conditions for places that have too many to list."""

    listed: Sequence[QuerySet]
    asked: Sequence[Q]

    @property
    def is_broad(self) -> bool:
        """Whether rows must be asked one by one; then only a bounded number should be (``signoff.web.keyset``)."""
        return bool(self.asked)

    def of[Rows: QuerySet](self, rows: Rows) -> Rows:
        """Those of ``rows`` that match."""
        wanted = Q(*self.asked, _connector=Q.OR)
        if self.listed:
            first, *others = self.listed
            wanted |= Q(pk__in=first.union(*others) if others else first)
        return rows.filter(wanted) if wanted else rows.none()


def search_places(places: Sequence[Place]) -> SearchResult:
    """Ask every place once, all by one statement, for no more than ``MANY`` keys each."""
    keys = first_of_each({str(number): place.rows for number, place in enumerate(places)}, limit=MANY)
    known = [(place, keys[str(number)]) for number, place in enumerate(places)]
    return SearchResult(
        listed=[place.by_keys(found).order_by().values("pk") for place, found in known if 0 < len(found) <= MANY],
        asked=[place.of_row for place, found in known if len(found) > MANY],
    )
