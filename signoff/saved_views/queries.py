"""Saved views of a list with their counts."""

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.http import QueryDict

from signoff.db.counts import capped_label, count_each
from signoff.models import SavedView
from signoff.web.desk_lists import DeskList
from signoff.web.keyset import PARAMETER

ALL = "all"
COUNTED = 8  # views of a list with a count; a search is not counted


@dataclass(frozen=True)
class ViewLink:
    """A saved view as a link; ``count`` is "" where it is not counted, ``own``: the user may remove it."""

    view: SavedView
    url: str
    count: str
    active: bool
    own: bool


def visible_views(user: User) -> QuerySet[SavedView]:
    """The user's own views, and those of the active teams that they belong to."""
    own, of_team = Q(owner=user, team=None), Q(team__active=True, team__members=user)
    return SavedView.objects.filter(own | of_team).select_related("team").distinct()


def view_links(
    desk_list: DeskList, user: User, query: QueryDict, *, matching: QuerySet | None = None
) -> tuple[list[ViewLink], str]:
    """The saved views of a list, and how many rows ``matching`` has; one query, and one for all the counts."""
    views = list(visible_views(user).filter(list=desk_list.name))
    wanted = {} if matching is None else {ALL: matching}
    if desk_list.counts_views:
        wanted |= {str(view.pk): rows for view in views[:COUNTED] if (rows := _rows(desk_list, view, user)) is not None}
    counts = count_each(wanted)
    here = clean_query(query)
    links = [
        ViewLink(
            view,
            f"?{view.query}",
            capped_label(counts[str(view.pk)]) if str(view.pk) in counts else "",
            active=view.query == here,
            own=view.owner_id == user.pk,
        )
        for view in views
    ]
    return links, capped_label(counts[ALL]) if ALL in counts else ""


def _rows(desk_list: DeskList, view: SavedView, user: User) -> QuerySet | None:
    found = desk_list.find(user, QueryDict(view.query))
    return None if found.sift else found.rows


def clean_query(query: QueryDict) -> str:
    """The address of a list without its page and without empty values, in one order, so that it can be compared."""
    kept = [(name, value) for name in sorted(query) for value in query.getlist(name) if name != PARAMETER and value]
    cleaned = QueryDict(mutable=True)
    for name, value in kept:
        cleaned.appendlist(name, value)
    return cleaned.urlencode()
