"""Search by words with index support (docs/decisions/0023-search-by-trigrams-and-ngrams.md).

Words of three or more letters match anywhere, by a trigram index. Shorter Chinese words match by the SQL function
``signoff_pieces``, which returns every character and every pair of neighbours. Other short words match only whole
words, and punctuation matches nothing.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields.array import ArrayContains  # type: ignore[attr-defined]  # the stubs leave it out
from django.db.models import F, Q, QuerySet, Value
from django.db.models.lookups import Contains, EndsWith, Exact, StartsWith

from signoff.db.counts import first_of_each
from signoff.db.search_text import ALL_CHINESE, CHINESE, CjkNgrams, Fold, fold

WORD = re.compile(r"\w")
TRIGRAMS = re.compile(r"\w{3}|\w{2}\W|\W\w{2}")  # texts with at least one trigram that the index can use
NOTHING = Q(pk__in=[])
FOLDED_LOOKUPS = {"exact": Exact, "startswith": StartsWith, "endswith": EndsWith, "contains": Contains}


def contains_text(column: str, words: str) -> Q:
    """``column`` contains ``words`` as ``Fold`` compares them; for texts with a trigram and a ``CjkNgrams`` index."""
    words = fold(words)
    if not CHINESE.search(words) or TRIGRAMS.search(words):
        return _contains(words, partial(_folded, column))
    pieces = Q(ArrayContains(CjkNgrams(Fold(F(column))), CjkNgrams(Value(words))))
    return pieces if ALL_CHINESE.fullmatch(words) else pieces & _folded(column, "contains", words)


def contains_latin(column: str, words: str) -> Q:
    """``column`` contains ``words``; for Latin letters and digits. Short words match whole words only."""
    return _contains(words, partial(_any_case, column))


def contains_folded(column: str, words: str) -> Q:
    """The condition of ``contains_text`` on the rows that something else found."""
    return _folded(column, "contains", fold(words))


def _contains(words: str, lookup: Callable[[str, str], Q]) -> Q:
    if TRIGRAMS.search(words):
        return lookup("contains", words)
    if CHINESE.search(words) or not WORD.search(words):
        return NOTHING
    lookups = {"exact": words, "startswith": f"{words} ", "endswith": f" {words}", "contains": f" {words} "}
    return Q(*[lookup(name, text) for name, text in lookups.items()], _connector=Q.OR)


def _any_case(column: str, lookup: str, words: str) -> Q:
    return Q(**{f"{column}__i{lookup}": words})


def _folded(column: str, lookup: str, words: str) -> Q:
    return Q(FOLDED_LOOKUPS[lookup](Fold(F(column)), words))


@dataclass(frozen=True)
class Place:
    """A place where a search looks.

    ``rows`` are the matching rows there, ``by_keys`` returns the listed rows that belong to their keys, and
    ``row_condition`` is the same search as a condition on a listed row.
    """

    rows: QuerySet
    by_keys: Callable[[Sequence[Any]], QuerySet]
    row_condition: Q


@dataclass(frozen=True)
class SearchResult:
    """Queries for the keys of places with few matches, conditions for places with too many."""

    key_queries: Sequence[QuerySet]
    row_conditions: Sequence[Q]

    @property
    def is_broad(self) -> bool:
        """Whether it has conditions without index; then check a bounded number of rows (``signoff.web.keyset``)."""
        return bool(self.row_conditions)

    def matching[Rows: QuerySet](self, rows: Rows) -> Rows:
        """The rows of the list that match."""
        condition = Q(*self.row_conditions, _connector=Q.OR)
        if self.key_queries:
            first, *other_queries = self.key_queries
            condition |= Q(pk__in=first.union(*other_queries) if other_queries else first)
        return rows.filter(condition) if condition else rows.none()


def search_places(places: Sequence[Place]) -> SearchResult:
    """Search all places by one SQL statement, for at most ``SEARCH_LISTS`` keys each."""
    most = settings.SEARCH_LISTS  # more keys make a slower IN list than a condition on every row
    keys_by_place = first_of_each({str(number): place.rows for number, place in enumerate(places)}, limit=most)
    places_with_keys = [(place, keys_by_place[str(number)]) for number, place in enumerate(places)]
    return SearchResult(
        key_queries=[
            place.by_keys(keys).order_by().values("pk") for place, keys in places_with_keys if 0 < len(keys) <= most
        ],
        row_conditions=[place.row_condition for place, keys in places_with_keys if len(keys) > most],
    )
