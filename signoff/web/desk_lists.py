"""Registry of the desk's lists: what each shows at an address, for its page, its export and its bulk steps.

Each app registers its own lists in ``extensions.py``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.functional import Promise

from signoff.web.access import may_see_amounts
from signoff.web.keyset import Load, Order, Page, Sift, fetch_by_keys, sorted_page

type Cell = str | int | Decimal | date | datetime | None


@dataclass(frozen=True)
class Found:
    """The rows of a list at one address, in their order; ``load`` reads what a page shows of them."""

    rows: QuerySet
    order: Order
    load: Load | None = None
    sift: Sift | None = None

    def first(self, limit: int) -> list[Any]:
        """The first ``limit`` rows of all pages, loaded; of a search without an index those of the rows it looks at."""
        rows = self.rows.order_by(self.order.key, ("-" if self.order.key.startswith("-") else "") + "pk")
        if self.sift:
            rows = self.sift(rows.model._default_manager.filter(pk__in=rows[: settings.PAGE_REACH].values("pk")))
        if self.load is None:
            return list(rows[:limit])
        return fetch_by_keys(list(rows.values_list("pk", flat=True)[:limit]), self.load)

    def page(self) -> Page:
        """The page that the address selects."""
        return sorted_page(self.rows, order=self.order, load=self.load, sift=self.sift)


@dataclass(frozen=True)
class Column:
    """A column of a list. ``cell`` gives its value in an export; moments are written in the zone of the row's shop.

    ``amounts``: only for people who may see amounts.
    """

    name: str
    label: str | Promise
    cell: Callable[[Any], Cell]
    amounts: bool = False


@dataclass(frozen=True)
class DeskList:
    """A list of the desk; ``ref`` is the public name of a row, by which a bulk step finds it again.

    ``shown``: the columns of the page in their order, by name; an export has all. ``counts_views``: whether its saved
    views are counted on the page.
    """

    name: str
    label: str | Promise
    url_name: str
    permission: str
    columns: Sequence[Column]
    find: Callable[[User, QueryDict], Found]
    ref: Callable[[Any], str]
    zone: Callable[[Any], str]
    shown: Sequence[str] = ()
    counts_views: bool = True

    def columns_for(self, user: User | AnonymousUser) -> list[Column]:
        """The columns that ``user`` may see, in the order of the page."""
        return [column for column in self.columns if not column.amounts or may_see_amounts(user)]

    def shown_columns(self, user: User | AnonymousUser, query: QueryDict) -> list[Column]:
        """Those of them that ``?columns=number.due`` in the address names; all of them if it names none."""
        columns = self.columns_for(user)
        chosen = set(query.get("columns", "").split("."))
        return [column for column in columns if column.name in chosen] or columns


_LISTS: dict[str, DeskList] = {}


def register_list(desk_list: DeskList) -> None:
    """Make a list known to exports, saved views and bulk steps."""
    _LISTS[desk_list.name] = desk_list


def find_list(name: str) -> DeskList | None:
    """The list with this name in addresses."""
    return _LISTS.get(name)


def all_lists() -> list[DeskList]:
    """All lists, by name."""
    return [_LISTS[name] for name in sorted(_LISTS)]
