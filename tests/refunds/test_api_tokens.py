"""Tokens: made by a command, kept as a hash, asked on every request, taken away at once."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from signoff.api.tokens import create_token, digest_of, revoke
from signoff.models import ApiToken, Shop
from tests.factories import ShopFactory, UserFactory
from tests.steps.quote_api import QUOTES, new_token, post_quote, quote_body

pytestmark = pytest.mark.django_db


def made(*options: str) -> tuple[str, str]:
    """What the command writes to its output, and beside it."""
    out, beside = StringIO(), StringIO()
    call_command("create_api_token", "web shop", "--scope", "quotes", *options, stdout=out, stderr=beside)
    return out.getvalue(), beside.getvalue()


def test_the_command_prints_the_token_alone_and_it_opens_the_api(client: Client) -> None:
    out, beside = made()
    assert out.count("\n") == 1
    assert "every shop" in beside
    assert post_quote(client, out.strip(), quote_body()).status_code == 200


def test_the_token_itself_is_kept_nowhere() -> None:
    token = made()[0].strip()
    row = ApiToken.objects.get()
    assert (row.digest, row.prefix) == (digest_of(token), token[:10])
    assert not any(token in str(value) for value in vars(row).values())
    assert len(token) == 46


def test_the_only_shop_need_not_be_named_and_of_several_one_is() -> None:
    lantern = ShopFactory()
    made()
    ShopFactory(slug="loom")
    made("--shop", "loom")
    made()
    assert [token.shop and token.shop.slug for token in ApiToken.objects.order_by("pk")] == [lantern.slug, "loom", None]


@pytest.mark.parametrize(
    ("options", "named"),
    [(["--shop", "nowhere"], "lantern"), (["--days", "-1"], "--days"), (["--days", "9" * 9], "--days")],
)
def test_the_command_says_what_is_wrong(options: list[str], named: str) -> None:
    ShopFactory()
    with pytest.raises(CommandError, match=named):
        made(*options)


def test_an_unknown_scope_is_refused() -> None:
    with pytest.raises(CommandError, match="quotes"):
        call_command("create_api_token", "web shop", "--scope", "everything")


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer ", "Bearer wrong", "Basic dTpw", "bearer\tx", "Bearer ü"]
)
def test_without_a_token_that_is_valid_one_is_told_to_send_one(client: Client, header: str | None) -> None:
    new_token()
    headers = {} if header is None else {"Authorization": header}
    response = client.post(QUOTES, quote_body(), content_type="application/json", headers=headers)
    assert (response.status_code, response.json()["code"]) == (401, "unauthorized")
    assert response.headers["WWW-Authenticate"].startswith('Bearer realm="Homeward"')
    assert "create_api_token" in response.json()["detail"]


def test_the_word_bearer_may_be_written_small(client: Client) -> None:
    headers = {"Authorization": f"bearer {new_token()}"}
    assert client.post(QUOTES, quote_body(), content_type="application/json", headers=headers).status_code == 200


def test_a_token_for_something_else_is_forbidden(client: Client) -> None:
    response = post_quote(client, new_token(scopes=["orders"]), quote_body())
    assert (response.status_code, response.json()["code"]) == (403, "forbidden")
    assert "--scope quotes" in response.json()["detail"]
    assert 'scope="quotes"' in response.headers["WWW-Authenticate"]


def test_a_signed_in_administrator_is_nobody_to_the_api(client: Client) -> None:
    client.force_login(UserFactory(role="administrator"))
    assert client.post(QUOTES, quote_body(), content_type="application/json").status_code == 401


def test_a_token_ends_on_its_day_and_a_revoked_one_at_once(client: Client) -> None:
    row, token = create_token("tests", scopes=["quotes"], shop=None, lasts=timedelta(days=1))
    assert post_quote(client, token, quote_body()).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=False):
        assert post_quote(client, token, quote_body()).status_code == 401
    revoke(row, by=None)
    assert post_quote(client, token, quote_body()).status_code == 401


def test_its_use_is_noted_once_a_minute(client: Client) -> None:
    token, start = new_token(), timezone.now()
    noted: list[Any] = []
    for seconds in (0, 59, 60, 119, 120):
        with time_machine.travel(start + timedelta(seconds=seconds), tick=False):
            post_quote(client, token, quote_body())
        noted.append((ApiToken.objects.get().last_used_at - start).seconds)
    assert noted == [0, 0, 60, 60, 120]


def test_an_administrator_sees_tokens_and_revokes_them(client: Client) -> None:
    token, other = new_token(shop=ShopFactory()), new_token()
    administrator = UserFactory(role="administrator", is_staff=True)
    client.force_login(administrator)
    row = ApiToken.objects.get(digest=digest_of(token))
    page = client.get("/admin/signoff/apitoken/")
    assert row.prefix in page.text
    assert row.digest not in page.text + client.get(f"/admin/signoff/apitoken/{row.pk}/change/").text
    sent = {"action": "revoke_tokens", "_selected_action": [row.pk]}
    assert "1 token revoked." in client.post("/admin/signoff/apitoken/", sent, follow=True).text
    row.refresh_from_db()
    assert row.revoked_by == administrator
    assert [post_quote(client, one, quote_body()).status_code for one in (token, other)] == [401, 200]


@pytest.mark.parametrize("role", ["agent", "manager", "finance", "inspector"])
def test_no_other_role_sees_or_revokes_tokens(client: Client, role: str) -> None:
    token = new_token()
    client.force_login(UserFactory(role=role, is_staff=True))
    sent = {"action": "revoke_tokens", "_selected_action": [ApiToken.objects.get().pk]}
    assert client.get("/admin/signoff/apitoken/").status_code == 403
    assert client.post("/admin/signoff/apitoken/", sent).status_code == 403
    assert post_quote(client, token, quote_body()).status_code == 200


def test_a_shop_with_tokens_stays(client: Client) -> None:
    new_token(shop=ShopFactory())
    assert Shop.objects.get().api_tokens.count() == 1
