"""Keyset pagination: as fast on the last page of a million rows as on the first, and without a count."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core import signing
from django.db.models import Q, QuerySet
from django.http import QueryDict

type Sift = Callable[[QuerySet], QuerySet]
type Load = QuerySet | Callable[[list[int]], Iterable[Any]]
type Value = datetime | date | Decimal | int | str | None
type Edge = tuple[Value, int]

PARAMETER, SORT = "page", "sort"
_SALT = "signoff.web.keyset"
#: how a value of a column is written into the mark of a page, and read from it
_KINDS: dict[str, tuple[type, Callable[[Any], str], Callable[[str], Value]]] = {
    "datetime": (datetime, datetime.isoformat, datetime.fromisoformat),  # before dates, which it also is
    "date": (date, date.isoformat, date.fromisoformat),
    "decimal": (Decimal, str, Decimal),
    "int": (int, str, int),
    "str": (str, str, str),
}


@dataclass(frozen=True)
class Sort:
    """A column that orders a list. An index over it and the primary key must serve both directions.

    ``nullable``: it may be empty; empty values then come last, or first in descending order, as in the index.
    ``descending``: the first choice of this order starts with the greatest value.
    """

    column: str
    descending: bool = False
    nullable: bool = False


@dataclass(frozen=True)
class Head:
    """The head of a sortable column: ``url`` orders the list by it, ``direction`` is the value of ``aria-sort``."""

    url: str
    direction: str


@dataclass(frozen=True)
class Order:
    """The order of a list: ``sorts`` by their names in the address, and ``chosen``, such as "due" or "-due"."""

    sorts: Mapping[str, Sort]
    chosen: str
    query: QueryDict

    @property
    def sort(self) -> Sort:
        return self.sorts[self.chosen.lstrip("-")]

    @property
    def key(self) -> str:
        return ("-" if self.chosen.startswith("-") else "") + self.sort.column

    def head(self, name: str) -> Head | None:
        """The head of the column ``name``; None if the list cannot be ordered by it."""
        sort = self.sorts.get(name)
        if sort is None:
            return None
        is_chosen, is_descending = self.chosen.lstrip("-") == name, self.chosen.startswith("-")
        descending = not is_descending if is_chosen else sort.descending
        changed = self.query.copy()
        changed.pop(PARAMETER, None)
        changed[SORT] = f"-{name}" if descending else name
        direction = ("descending" if is_descending else "ascending") if is_chosen else "none"
        return Head("?" + changed.urlencode(), direction)


@dataclass(frozen=True)
class Page:
    """Rows of a page and the URLs of its neighbours ("" if there is none).

    ``unseen``: the page ends because the scan limit was reached; the next page continues from there.
    ``order``: by what the rows are ordered, if the list offers a choice. ``matching``: the rows of all pages; None for
    a search that no index answers.
    """

    rows: list[Any]
    previous: str = ""
    next: str = ""
    unseen: bool = False
    order: Order | None = None
    matching: QuerySet | None = None

    @property
    def is_whole(self) -> bool:
        """Whether all rows of the list are on this page."""
        return not (self.previous or self.next)


@dataclass(frozen=True)
class Mark:
    """The row at the edge of the previous page, and the direction."""

    backwards: bool
    value: Value
    pk: int


def order_of(query: QueryDict, sorts: Mapping[str, Sort], *, default: str) -> Order:
    """The order that ``query`` (a request's GET) asks for; ``default`` ("due" or "-due") if it names none of them."""
    chosen = query.get(SORT, "")
    return Order(sorts, chosen if chosen.removeprefix("-") in sorts else default, query)


def sorted_page(
    rows: QuerySet, *, order: Order, size: int | None = None, load: Load | None = None, sift: Sift | None = None
) -> Page:
    """``page_by_key`` in the chosen order."""
    page = page_by_key(
        rows, key=order.key, query=order.query, size=size, load=load, sift=sift, nullable=order.sort.nullable
    )
    return replace(page, order=order, matching=None if sift else rows)


def page_by_key(
    rows: QuerySet,
    *,
    key: str,
    query: QueryDict,
    size: int | None = None,
    load: Load | None = None,
    sift: Sift | None = None,
    nullable: bool = False,
) -> Page:
    """The page of ``rows`` that ``query`` (a request's GET) selects.

    ``key`` is a column of ``rows``, with "-" before it for the greatest first; the primary key decides between
    equals. Only with ``nullable`` may it be empty. An invalid mark, and one of another order, selects the first
    page. With ``load``, the rows are found first and then read from it, or by it, so that its joins are made for
    one page only. ``sift`` is a condition without an index: only the next ``PAGE_REACH`` rows are checked against it.
    """
    size = size or settings.PAGE_SIZE
    mark = _parse_mark(query.get(PARAMETER, ""), key)
    backwards = mark is not None and mark.backwards
    name, descending = key.lstrip("-"), key.startswith("-") != backwards
    segments = _nullable_segments(rows, name, mark, descending) if nullable else [_beyond(rows, name, mark, descending)]
    beyond = segments[0]
    selected = [_sifted(beyond, sift)] if sift else segments
    fetched = _fetch(selected, size + 1, load)
    more = len(fetched) > size
    end = None if more or sift is None else beyond[settings.PAGE_REACH - 1 : settings.PAGE_REACH].first()
    page_rows = fetched[:size][::-1] if backwards else fetched[:size]
    outer, inner = (0, -1) if backwards else (-1, 0)  # the edge we go on from, and the one we came over
    far = _edge(end or page_rows[outer], name) if end or more else None
    near = (_edge(page_rows[inner], name) if page_rows else _before(mark, descending)) if mark else None
    previous, following = (far, near) if backwards else (near, far)
    return Page(
        page_rows,
        previous=_address(query, key, previous, backwards=True),
        next=_address(query, key, following, backwards=False),
        unseen=end is not None,
    )


def mark_of(key: str, value: Value, pk: int, *, backwards: bool) -> str:
    """The signed mark of a page that begins beyond the row with this value of ``key`` and this primary key."""
    kind = next((kind for kind, (type_, *_) in _KINDS.items() if isinstance(value, type_)), "")
    return signing.dumps([backwards, key, kind, _KINDS[kind][1](value) if kind else "", pk], salt=_SALT)


def _beyond(rows: QuerySet, name: str, mark: Mark | None, descending: bool) -> QuerySet:
    sign, way = ("-", "lt") if descending else ("", "gt")
    if mark:
        rows = rows.filter(
            Q(**{f"{name}__{way}e": mark.value}), Q(**{f"{name}__{way}": mark.value}) | Q(**{f"pk__{way}": mark.pk})
        )
    return rows.order_by(f"{sign}{name}", f"{sign}pk")


def _nullable_segments(rows: QuerySet, name: str, mark: Mark | None, descending: bool) -> list[QuerySet]:
    """What lies beyond the mark, rows with a value apart from those without: an index serves each, but not both."""
    sign, way = ("-", "lt") if descending else ("", "gt")
    empty, filled = rows.filter(**{f"{name}__isnull": True}), rows.filter(**{f"{name}__isnull": False})
    in_empty = mark is not None and mark.value is None
    if in_empty and mark:
        empty = empty.filter(**{f"pk__{way}": mark.pk})
    empty = empty.order_by(f"{sign}pk")
    filled = _beyond(filled, name, None if in_empty else mark, descending)
    if descending:  # empty values first
        return [filled] if mark and not in_empty else [empty, filled]
    return [empty] if in_empty else [filled, empty]


def _fetch(segments: list[QuerySet], limit: int, load: Load | None) -> list[Any]:
    """The first ``limit`` rows of the segments, one after the other."""
    found: list[Any] = []
    for rows in segments:
        if len(found) < limit:
            selected = rows[: limit - len(found)]
            found += selected if load is None else selected.values_list("pk", flat=True)
    return found if load is None else fetch_by_keys(found, load)


def _sifted(beyond: QuerySet, sift: Sift) -> QuerySet:
    looked_through = beyond.model._default_manager.filter(pk__in=beyond[: settings.PAGE_REACH].values("pk"))
    return sift(looked_through).order_by(*beyond.query.order_by)


def fetch_by_keys(keys: list[int], load: Load) -> list[Any]:
    """The rows with these primary keys, in their order; rows that are gone meanwhile are left out."""
    rows = load.in_bulk(keys) if isinstance(load, QuerySet) else {row.pk: row for row in load(keys)}
    return [rows[pk] for pk in keys if pk in rows]


def _edge(row: Any, name: str) -> Edge:
    return getattr(row, name), row.pk


def _before(mark: Mark, descending: bool) -> Edge:
    """The edge from which the way back begins with the mark's own row."""
    return mark.value, mark.pk + (-1 if descending else 1)


def _address(query: QueryDict, key: str, edge: Edge | None, *, backwards: bool) -> str:
    if edge is None:
        return ""
    changed = query.copy()
    changed[PARAMETER] = mark_of(key, *edge, backwards=backwards)
    return "?" + changed.urlencode()


def _parse_mark(text: str, key: str) -> Mark | None:
    try:
        backwards, marked_key, kind, value, pk = signing.loads(text, salt=_SALT)
    except (signing.BadSignature, ValueError):  # the second: a mark of an earlier version
        return None
    if marked_key != key:
        return None
    return Mark(backwards, _KINDS[kind][2](value) if kind else None, pk)
