"""The page of settings: what is edited first with a sentence each, read-only records below, for those who may."""

import pytest
from django.contrib import admin
from django.test import Client

from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client: Client) -> Client:
    client.force_login(UserFactory(role="administrator", is_staff=True))
    return client


def test_what_is_edited_comes_first_and_each_says_what_it_does(administrator: Client) -> None:
    page = administrator.get("/desk/settings/")
    edited = page.context["edited"]
    assert [row.model for row in edited][:6] == [
        "Shop", "Reason", "ApprovalTier", "DeliveryTerms", "ScoreRule", "MessageTemplate",
    ]  # fmt: skip
    assert [row.model for row in edited if not row.purpose] == []
    assert page.text.index("/admin/signoff/shop/") < page.text.index("/admin/returns/logentry/")


def test_every_link_of_the_page_opens(administrator: Client) -> None:
    page = administrator.get("/desk/settings/").context
    rows = [*page["edited"], *(row for _app, rows in page["shown"] for row in rows)]
    assert len(rows) > 20
    assert {administrator.get(row.url).status_code for row in rows} == {200}


def test_records_are_shown_once_and_not_among_what_is_edited(administrator: Client) -> None:
    page = administrator.get("/desk/settings/").context
    shown = {row.model for _app, rows in page["shown"] for row in rows}
    assert "LogEntry" in shown
    assert not shown & {row.model for row in page["edited"]}


def test_the_sidebar_leads_there(administrator: Client) -> None:
    assert 'href="/desk/settings/"' in administrator.get("/desk/orders/").text


def test_others_see_neither_page_nor_link(client: Client) -> None:
    client.force_login(UserFactory(role="manager"))
    assert client.get("/desk/settings/").status_code == 403
    assert "/desk/settings/" not in client.get("/desk/orders/").text


def test_our_own_configuration_says_what_it_is_for() -> None:
    ours = [model for model in admin.site._registry.values() if hasattr(model, "get_history_queryset")]
    assert [model for model in ours if not getattr(model, "purpose", "")] == []
