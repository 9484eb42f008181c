"""What the lists of the desk have in common."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.http import HttpRequest, QueryDict
from django.template import Context, Template
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from signoff.web.lists import Tab, choice_of, count_to_limit, render_list, tabs_of, wants_part

LABELS = {"open": "Open", "done": "Done"}
TEMPLATE = Template(
    """
{% extends "desk/list.html" %}
{% block above %}above{% endblock %}
{% block list %}<div id="list">{{ block.super }}</div>{% endblock %}
{% block caption %}Things{% endblock %}
{% block columns %}<th>Name</th>{% endblock %}
{% block rows %}{% for row in page.rows %}<tr><td>{{ row }}</td></tr>{% endfor %}{% endblock %}
{% block nothing %}Nothing here{% endblock %}
""".strip()
)
PART = {"list_frame": "desk/list_part.html"}


def request_of(rf: RequestFactory, **headers: str) -> HttpRequest:
    request = rf.get("/", headers=headers)
    request.htmx = HtmxDetails(request)
    return request


def draw(**context: Any) -> str:
    return " ".join(TEMPLATE.render(Context(PART | context)).split())


@pytest.mark.parametrize(("query", "chosen"), [("tab=done", "done"), ("tab=invented", "open"), ("", "open")])
def test_only_what_can_be_chosen_is_chosen(query: str, chosen: str) -> None:
    assert choice_of(QueryDict(query), "tab", LABELS, default="open") == chosen


def test_a_tab_has_its_address_and_its_number_if_it_is_counted() -> None:
    assert tabs_of(LABELS, active="done", url=lambda name: f"?tab={name}", counts={"open": "3"}) == [
        Tab("Open", "?tab=open", "3", active=False),
        Tab("Done", "?tab=done", "", active=True),
    ]


@pytest.mark.django_db
def test_numbers_of_tabs_are_as_a_page_says_them() -> None:
    User.objects.create_user("ada")
    named = User.objects.filter(username="ada")
    assert count_to_limit({"named": named, "none": User.objects.none()}) == {"named": "1", "none": "0"}


@pytest.mark.parametrize(
    ("headers", "wants"),
    [
        ({}, False),
        ({"HX-Request": "true"}, True),
        ({"HX-Request": "true", "HX-History-Restore-Request": "true"}, False),
    ],
)
def test_htmx_wants_a_part_unless_it_restores_a_page(rf: RequestFactory, headers: dict[str, str], wants: bool) -> None:
    assert wants_part(request_of(rf, **headers)) is wants


def test_the_part_is_the_list_without_what_is_above_it() -> None:
    page = draw(page={"rows": ["first", "second"]})
    assert page.startswith('<div id="list">')
    assert page.endswith("</div>")
    assert "<td>first</td></tr><tr><td>second</td>" in page
    for text in ("above", "Nothing here", "<html"):
        assert text not in page


def test_an_empty_list_says_so_and_draws_no_table() -> None:
    page = draw(page={"rows": []})
    assert "Nothing here" in page
    assert "<table" not in page


def test_caches_keep_part_and_page_apart(rf: RequestFactory) -> None:
    part = render_list(request_of(rf, **{"HX-Request": "true"}), "desk/list.html", {"page": {"rows": []}})
    assert part.headers["Vary"] == "HX-Request"
    assert "<html" not in part.text
