"""What the lists of the desk have in common: one choice out of several, tabs with numbers, the part that htmx gets.

Their rows come from ``signoff.web.keyset.page_by_key``, their look from ``templates/desk/list.html``.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.functional import Promise

from signoff.db.counts import capped_label, count_each
from signoff.web.requests import HtmxRequest


@dataclass(frozen=True)
class Tab:
    """A tab as ``components/tabs.html`` shows it; ``count`` is "" if the tab has no counter."""

    label: str | Promise
    url: str
    count: str
    active: bool


def choice_of(query: QueryDict, name: str, choices: Collection[str], *, default: str = "") -> str:
    """The value of ``name`` in the query of an address if it is one of ``choices``, else ``default``."""
    value = query.get(name, default)
    return value if value in choices else default


def tabs_of(
    labels: Mapping[str, str | Promise],
    *,
    active: str,
    url: Callable[[str], str],
    counts: Mapping[str, str] | None = None,
) -> list[Tab]:
    """A tab for every label. ``url`` returns the URL of a tab by its name; ``counts`` has the counters."""
    numbers = counts or {}
    return [Tab(label, url(name), numbers.get(name, ""), name == active) for name, label in labels.items()]


def count_to_limit(querysets: Mapping[str, QuerySet]) -> dict[str, str]:
    """How many rows each queryset has, as a tab says it ("1000+" beyond the limit), all by one statement."""
    return {name: capped_label(count) for name, count in count_each(querysets).items()}


def wants_part(request: HtmxRequest) -> bool:
    """Whether htmx requests a fragment; when it restores a page from the history it needs the whole page."""
    return bool(request.htmx) and not request.htmx.history_restore_request


def render_list(request: HtmxRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """Render a template that extends ``desk/list.html``: for htmx its block "list" alone, else the whole page."""
    frame = {"list_frame": "desk/list_part.html"} if wants_part(request) else {}
    response = render(request, template, context | frame)
    patch_vary_headers(response, ["HX-Request"])
    return response
