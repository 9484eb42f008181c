"""Forgotten passwords: the same answer for everybody, mail only to those who have an account, in our words."""

import re
from typing import Any

import pytest
from django.core import mail
from django.http import HttpResponse
from django.test import Client

from signoff.web.models import Attempt
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
URL = "/accounts/password/reset/"


def ask(email: str, **extra: Any) -> HttpResponse:
    return Client(**extra).post(URL, {"email": email}, follow=True)


def plain(response: HttpResponse) -> bytes:
    """The page without its CSRF tokens and nonces, which are random on purpose."""
    return re.sub(rb"[A-Za-z0-9]{64}|nonce=\S+", b"", response.content)


def test_an_unknown_address_gets_the_same_page_and_no_mail() -> None:
    user = UserFactory()
    pages = [ask(email) for email in (user.email, "nobody@lantern.example")]
    assert plain(pages[0]) == plain(pages[1])
    assert pages[0].redirect_chain == pages[1].redirect_chain == [("/accounts/password/reset/done/", 302)]
    assert [message.to for message in mail.outbox] == [[user.email]]


@pytest.mark.parametrize(
    ("language", "subject"), [("en", "Choose a new password"), ("zh-hans", "设置新密码"), ("zh-hant", "設定新密碼")]
)
def test_the_mail_has_our_words_and_look(language: str, subject: str) -> None:
    user = UserFactory()
    ask(user.email, headers={"Accept-Language": language})
    [message] = mail.outbox
    assert message.subject == subject
    assert user.username in message.body
    assert "Hello from" not in message.body
    html, kind = message.alternatives[0]
    assert kind == "text/html"
    assert 'class="hw-card"' in html
    link = next(word for word in message.body.split() if "/accounts/password/reset/key/" in word)
    assert link in html


def test_the_link_sets_a_new_password_once() -> None:
    user = UserFactory()
    ask(user.email)
    link = next(word for word in mail.outbox[0].body.split() if "/reset/key/" in word).partition("/accounts/")[2]
    client = Client()
    form = client.get(f"/accounts/{link}").headers["Location"]
    client.post(form, {"password1": "kettle-lantern-9", "password2": "kettle-lantern-9"})
    user.refresh_from_db()
    assert user.check_password("kettle-lantern-9")
    assert "expired or has been used" in Client().get(f"/accounts/{link}").content.decode()


def test_three_mails_an_hour_and_the_page_does_not_say() -> None:
    user = UserFactory()
    pages = {plain(ask(user.email)) for _ in range(6)}
    assert (len(mail.outbox), len(pages)) == (3, 1)
    Attempt.objects.all().delete()
    ask(user.email)
    assert len(mail.outbox) == 4
