"""Keyset pagination: as fast on the last page of a million rows as on the first, and without a count."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core import signing
from django.db.models import Q, QuerySet
from django.http import QueryDict

type Sift = Callable[[QuerySet], QuerySet]
type Load = QuerySet | Callable[[list[int]], Iterable[Any]]
type Edge = tuple[datetime, int]

PARAMETER = "page"
_SALT = "signoff.web.keyset"


@dataclass(frozen=True)
class Page:
    """Rows of a page and the URLs of its neighbours ("" if there is none).

    ``unseen``: the page ends because the scan limit was reached; the next page continues from there.
    """

    rows: list[Any]
    previous: str = ""
    next: str = ""
    unseen: bool = False


@dataclass(frozen=True)
class Mark:
    """The row at the edge of the previous page, and the direction."""

    backwards: bool
    value: datetime
    pk: int


def page_by_key(
    rows: QuerySet,
    *,
    key: str,
    query: QueryDict,
    size: int | None = None,
    load: Load | None = None,
    sift: Sift | None = None,
) -> Page:
    """The page of ``rows`` that ``query`` (a request's GET) selects.

    ``key`` is a column of moments that is never empty in ``rows``, with "-" before it for newest first;
    the primary key decides between equals. An invalid mark selects the first page. With ``load``,
    the rows are found first and then read from it, or by it, so that its joins are made for one page only.
    ``sift`` is a condition without an index: only the next ``PAGE_REACH`` rows are checked against it.
    """
    size = size or settings.PAGE_SIZE
    mark = _parse_mark(query.get(PARAMETER, ""))
    backwards = mark is not None and mark.backwards
    name, descending = key.lstrip("-"), key.startswith("-") != backwards
    beyond = _beyond(rows, name, mark, descending)
    selected = (_sifted(beyond, sift) if sift else beyond)[: size + 1]
    fetched = list(selected) if load is None else _loaded(selected, load)
    more = len(fetched) > size
    end = None if more or sift is None else beyond[settings.PAGE_REACH - 1 : settings.PAGE_REACH].first()
    page_rows = fetched[:size][::-1] if backwards else fetched[:size]
    outer, inner = (0, -1) if backwards else (-1, 0)  # the edge we go on from, and the one we came over
    far = _edge(end or page_rows[outer], name) if end or more else None
    near = (_edge(page_rows[inner], name) if page_rows else _before(mark, descending)) if mark else None
    previous, following = (far, near) if backwards else (near, far)
    return Page(
        page_rows,
        previous=_address(query, previous, backwards=True),
        next=_address(query, following, backwards=False),
        unseen=end is not None,
    )


def _beyond(rows: QuerySet, name: str, mark: Mark | None, descending: bool) -> QuerySet:
    sign, way = ("-", "lt") if descending else ("", "gt")
    if mark:
        rows = rows.filter(
            Q(**{f"{name}__{way}e": mark.value}), Q(**{f"{name}__{way}": mark.value}) | Q(**{f"pk__{way}": mark.pk})
        )
    return rows.order_by(f"{sign}{name}", f"{sign}pk")


def _sifted(beyond: QuerySet, sift: Sift) -> QuerySet:
    looked_through = beyond.model._default_manager.filter(pk__in=beyond[: settings.PAGE_REACH].values("pk"))
    return sift(looked_through).order_by(*beyond.query.order_by)


def _loaded(selected: QuerySet, load: Load) -> list[Any]:
    keys = list(selected.values_list("pk", flat=True))
    rows = load.in_bulk(keys) if isinstance(load, QuerySet) else {row.pk: row for row in load(keys)}
    return [rows[pk] for pk in keys if pk in rows]


def _edge(row: Any, name: str) -> Edge:
    return getattr(row, name), row.pk


def _before(mark: Mark, descending: bool) -> Edge:
    """The edge from which the way back begins with the mark's own row."""
    return mark.value, mark.pk + (-1 if descending else 1)


def _address(query: QueryDict, edge: Edge | None, *, backwards: bool) -> str:
    if edge is None:
        return ""
    changed = query.copy()
    changed[PARAMETER] = signing.dumps([backwards, edge[0].isoformat(), edge[1]], salt=_SALT)
    return "?" + changed.urlencode()


def _parse_mark(text: str) -> Mark | None:
    try:
        backwards, moment, pk = signing.loads(text, salt=_SALT)
    except signing.BadSignature:
        return None
    return Mark(backwards, datetime.fromisoformat(moment), pk)
