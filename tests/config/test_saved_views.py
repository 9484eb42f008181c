"""Saved views of lists, of a person and of a team, with counts; columns to choose; addresses that can be shared."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from returns.models import Case
from signoff.models import SavedView, Team
from tests.factories import UserFactory, make_case

pytestmark = pytest.mark.django_db
QUEUE, SAVE = "/desk/cases/", "/desk/views/cases/save/"


@pytest.fixture
def agent(client: Client) -> User:
    user = UserFactory(role="agent")
    client.force_login(user)
    return user


@pytest.fixture
def team(agent: User) -> Team:
    team = Team.objects.create(name="Lamps")
    team.members.add(agent)
    return team


def views(client: Client) -> list[tuple[str, str, str]]:
    return [(link.view.name, link.url, link.count) for link in client.get(QUEUE).context["tools"].views]


def test_a_view_keeps_filters_order_and_columns_but_not_the_page(client: Client, agent: User) -> None:
    make_case()
    Case.objects.filter(pk=make_case().pk).update(owner=agent)
    address = f"{SAVE}?sort=-value&owner=me&page=abc&status=&columns=number.value"
    response = client.post(address, {"name": "Mine by value"})
    assert response.url == "/desk/cases/?columns=number.value&owner=me&sort=-value"
    assert views(client) == [("Mine by value", "?columns=number.value&owner=me&sort=-value", "1")]
    page = client.get(response.url)
    assert page.context["tools"].views[0].active
    assert "Remove view" in page.content.decode()


def test_a_teams_view_is_seen_by_its_members_and_removed_by_who_saved_it(
    client: Client, agent: User, team: Team
) -> None:
    client.post(f"{SAVE}?tab=decide", {"name": "Ours", "team": team.pk})
    view = SavedView.objects.get()
    member, stranger = UserFactory(role="agent"), UserFactory(role="agent")
    team.members.add(member)
    client.force_login(member)
    assert [name for name, _url, _count in views(client)] == ["Ours"]
    assert client.post("/desk/views/cases/remove/", {"view": view.pk}).status_code == 403
    client.force_login(stranger)
    assert views(client) == []
    assert client.post(f"{SAVE}?tab=open", {"name": "Theirs", "team": team.pk}).status_code == 422
    client.force_login(agent)
    client.post("/desk/views/cases/remove/", {"view": view.pk})
    assert SavedView.objects.count() == 0


@pytest.mark.parametrize("key", ["", "x", "９", "99999999999999999999", "0"])
def test_an_unknown_view_is_not_found(client: Client, agent: User, key: str) -> None:
    assert client.post("/desk/views/cases/remove/", {"view": key}).status_code == 404


@pytest.mark.parametrize(
    ("query", "name", "sentence"),
    [
        ("", "", "Give the view a name."),
        ("", "Mine", "There is a view “Mine” already. Choose another name."),
        ("q=" + "x" * 1000, "Long", "This view has too many filters to be saved. Remove some."),
    ],
)
def test_a_view_that_cannot_be_saved_is_told(client: Client, agent: User, query: str, name: str, sentence: str) -> None:
    client.post(SAVE, {"name": "Mine"})
    response = client.post(f"{SAVE}?{query}", {"name": name})
    assert (response.status_code, sentence in response.content.decode()) == (422, True)


def test_twenty_views_are_enough(client: Client, agent: User) -> None:
    for place in range(20):
        client.post(SAVE, {"name": f"View {place}"})
    assert "Remove one first." in client.post(SAVE, {"name": "One more"}).content.decode()


def test_chosen_columns_are_in_the_address_and_hide_the_others(client: Client, agent: User) -> None:
    make_case()
    chosen = {"query": "tab=all&page=x", "column": ["number", "value", "invented"]}
    response = client.post("/desk/views/cases/columns/", chosen)
    assert response.url == "/desk/cases/?columns=number.value&tab=all"
    hidden = client.get(response.url).context["tools"].hidden
    assert hidden == "hide-3 hide-4 hide-5 hide-6 hide-8"
    everything = [column.name for column, _chosen in client.get(QUEUE).context["tools"].columns]
    back = client.post("/desk/views/cases/columns/", {"query": "columns=number", "column": everything})
    assert (back.url, client.get(QUEUE).context["tools"].hidden) == ("/desk/cases/?", "")


def test_counts_of_views_cost_one_query(client: Client, agent: User, django_assert_num_queries: Any) -> None:
    make_case()
    for place in range(3):
        client.post(f"{SAVE}?tab=all&sort={'-' * place}number", {"name": f"View {place}"})
    client.get(QUEUE)
    with django_assert_num_queries(9):
        client.get(QUEUE)
