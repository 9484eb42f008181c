"""A message is claimed, sent, settled; what happens when one of the three goes wrong."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from smtplib import SMTPAuthenticationError, SMTPRecipientsRefused, SMTPServerDisconnected
from threading import Thread
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMessage
from django.db import connection, connections
from django.utils import timezone

from feedback.messages import outbox
from feedback.messages.actions import read_logbook
from feedback.messages.outbox import NotFailed, send_again, send_due
from feedback.models import Message
from signoff.models import Customer
from tests.factories import UserFactory, make_case

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def message() -> Message:
    make_case()
    read_logbook()
    return Message.objects.get()


class Post:
    """The way out: does what its script says instead of delivering, then delivers."""

    def __init__(self) -> None:
        self.script: list[Any] = []

    def send(self, letter: EmailMessage) -> int:
        assert not connection.in_atomic_block
        accident = self.script.pop(0) if self.script else None
        if callable(accident):
            accident()
        elif accident:
            raise accident
        return self.deliver(letter)


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:
    office, office_deliver = Post(), EmailMessage.send
    office.deliver = office_deliver  # type: ignore[attr-defined]
    monkeypatch.setattr(EmailMessage, "send", lambda letter: office.send(letter))
    return office


def again(message: Message) -> Message:
    return Message.objects.get(pk=message.pk)


def later(**span: float) -> datetime:
    return timezone.now() + timedelta(**span)


def test_a_message_is_sent_once(message: Message, post: Post) -> None:
    assert send_due() == 1
    assert send_due(later(days=1)) == 0

    sent = again(message)
    assert (sent.status, sent.attempts, sent.failure) == ("sent", 1, "")
    letter = mail.outbox[0]
    assert len(mail.outbox) == 1
    assert letter.to == [message.case.customer.email]
    assert letter.from_email == "Lantern & Loom <after-sales@localhost>"
    assert letter.reply_to == ["help@lantern.example"]
    assert letter.body == message.text
    assert letter.extra_headers["Message-ID"] == f"<received.{message.case.number}.1@127.0.0.1>"


def test_what_could_not_be_delivered_is_tried_later_and_later(message: Message, post: Post) -> None:
    post.script = [SMTPServerDisconnected("gone"), OSError("no route")]

    assert send_due() == 0
    first = again(message)
    assert (first.status, first.attempts, first.failure) == ("queued", 1, "gone")
    assert send_due(later(minutes=1)) == 0
    assert again(message).attempts == 1

    assert send_due(later(minutes=3)) == 0
    assert again(message).attempts == 2
    assert send_due(later(minutes=8)) == 1
    assert (again(message).status, again(message).failure) == ("sent", "")


def test_after_eight_tries_it_has_failed_and_says_why(message: Message, post: Post) -> None:
    post.script = [SMTPRecipientsRefused({"anna": (550, b"unknown user")})] * 9
    for day in range(10):
        send_due(later(days=day))

    failed = again(message)
    assert (failed.status, failed.attempts) == ("failed", 8)
    assert failed.failure == "550 unknown user"
    assert mail.outbox == []


def test_why_it_failed_is_said_in_the_servers_words(message: Message, post: Post) -> None:
    post.script = [SMTPAuthenticationError(535, b"wrong password"), TimeoutError()]
    send_due()
    assert again(message).failure == "535 wrong password"
    send_due(later(hours=1))
    assert again(message).failure == "TimeoutError"


def test_an_address_that_cannot_exist_fails_at_once(message: Message, post: Post) -> None:
    Message.objects.update(to="anna@shopper.example\nBcc: all@shopper.example")
    send_due()
    assert (again(message).status, again(message).attempts) == ("failed", 1)


def test_the_log_names_no_address(message: Message, post: Post, caplog: pytest.LogCaptureFixture) -> None:
    post.script = [SMTPRecipientsRefused({message.to: (550, b"unknown user")})]
    send_due()
    assert "was not delivered" in caplog.text
    assert message.to not in caplog.text


def test_a_worker_that_dies_while_sending_leaves_the_message_to_others(message: Message, post: Post) -> None:
    post.script = [KeyboardInterrupt()]
    with pytest.raises(KeyboardInterrupt):
        send_due()

    assert again(message).status == "sending"
    assert send_due(later(minutes=9)) == 0
    assert send_due(later(minutes=11)) == 1
    assert len(mail.outbox) == 1


def test_a_message_that_kills_every_worker_is_given_up(message: Message, post: Post) -> None:
    post.script = [KeyboardInterrupt()] * 8
    for day in range(8):
        with pytest.raises(KeyboardInterrupt):
            send_due(later(days=day))
    assert send_due(later(days=9)) == 0
    assert (again(message).status, again(message).failure) == ("failed", outbox.LOST)


def test_a_late_worker_does_not_overwrite_what_another_has_settled(message: Message, post: Post) -> None:
    def another_worker_meanwhile() -> None:
        send_due(later(minutes=11))
        raise SMTPServerDisconnected("gone")

    post.script = [another_worker_meanwhile]
    assert send_due() == 0
    assert (again(message).status, again(message).attempts) == ("sent", 2)


def test_two_workers_at_once_send_each_message_once(post: Post) -> None:
    for _ in range(12):
        make_case()
    read_logbook()

    def work() -> None:
        send_due()
        connections.close_all()

    workers = [Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert len({letter.to[0] for letter in mail.outbox}) == len(mail.outbox) == 12


def test_a_failed_message_is_sent_again_to_the_address_of_now(message: Message, nudges: list[str]) -> None:
    Message.objects.update(status="failed", attempts=8)
    Customer.objects.filter(pk=message.case.customer_id).update(email="new@shopper.example")
    nudges.clear()

    send_again(message, by=UserFactory(role="agent"))

    assert nudges == ["config.tasks.wake"]
    assert send_due() == 1
    assert mail.outbox[0].to == ["new@shopper.example"]


@pytest.mark.parametrize("status", ["queued", "sending", "sent"])
def test_only_what_has_failed_is_sent_again(message: Message, status: str) -> None:
    Message.objects.update(status=status)
    with pytest.raises(NotFailed, match="A colleague has just changed this message"):
        send_again(message, by=UserFactory(role="manager"))


def test_an_inspector_may_not_send_again(message: Message) -> None:
    Message.objects.update(status="failed")
    with pytest.raises(PermissionDenied, match=r"You don't have permission for this step\. Ask a colleague who has"):
        send_again(message, by=UserFactory(role="inspector"))
