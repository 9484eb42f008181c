"""Managers are told when limits refuse often: once an hour by mail, and when they sign in."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from config.web.alarm import recent_alarm, warn_managers
from signoff.web.attempts import note_refusal
from signoff.web.models import RefusedAttempts
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
SENTENCE = "3 attempts to sign in or to find an order were refused within one hour."


@pytest.fixture(autouse=True)
def threshold(settings: Any) -> None:
    settings.ATTEMPTS_ALARM = 3


def test_managers_get_one_mail_an_hour() -> None:
    manager = UserFactory(role="manager")
    UserFactory(role="agent")
    UserFactory(role="manager", is_active=False)
    now = timezone.now()
    sent = []
    for _ in range(5):
        note_refusal(now)
        sent.append(warn_managers(now))
    assert sent == [0, 0, 1, 0, 0]
    [message] = mail.outbox
    assert (message.to, message.subject) == ([manager.email], "Many attempts were refused")
    assert message.body.startswith(SENTENCE)
    later = now + timedelta(hours=1)
    for _ in range(3):
        note_refusal(later)
    assert warn_managers(later) == 1


def test_the_desk_tells_a_manager_who_signs_in() -> None:
    for _ in range(3):
        note_refusal()
    warn_managers()
    for role, told in (("manager", True), ("agent", False)):
        user, client = UserFactory(role=role), Client()
        page = client.post("/accounts/login/", {"login": user.username, "password": "correct horse"}, follow=True)
        assert (SENTENCE in page.content.decode()) is told


def test_an_alarm_of_yesterday_is_over() -> None:
    for _ in range(3):
        note_refusal()
    RefusedAttempts.objects.update(warned_at=timezone.now() - timedelta(days=1, minutes=1))
    assert recent_alarm() == ""
