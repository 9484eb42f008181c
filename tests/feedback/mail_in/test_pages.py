"""The desk's list of unmatched e-mails, and the demo's mailbox that answers as the shopper."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from config.demo.mail_files import newest
from feedback.mail_in.actions import process_mails
from feedback.mail_in.doors import store_mail
from feedback.messages.actions import write_message
from feedback.messages.outbox import send_due
from feedback.models import InboundMail, Post, PostPicture
from tests.factories import UserFactory, make_case
from tests.factories.conversation import write_message as write_to_shopper
from tests.feedback.mail_in.mails import mail
from tests.steps.browser_users import jpeg

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(client: Client) -> Client:
    client.force_login(UserFactory(role="agent"))
    return client


def unmatched(number: int = 1) -> InboundMail:
    row = store_mail(mail(f"Lamp {number} <b>", message_id=f"<{number}@x.example>"), door=InboundMail.Door.IMAP)
    process_mails()
    return row


def test_an_agent_reads_unmatched_e_mails_and_takes_them_off_the_list(agent: Client) -> None:
    row = unmatched()
    page = agent.get("/desk/mails/").content.decode()
    assert "anna@shopper.example" in page
    assert "Lamp 1 &lt;b&gt;" in page
    assert "Its reply address is unknown. Find the order and write to the shopper." in page
    answer = agent.post(f"/desk/mails/{row.digest}/handled/", follow=True)
    assert "No unmatched e-mails" in answer.content.decode()
    assert agent.post(f"/desk/mails/{row.digest}/handled/").status_code == 302


def test_the_list_asks_the_same_number_of_questions_however_long(agent: Client, django_assert_num_queries: Any) -> None:
    unmatched()
    agent.get("/desk/mails/")
    with django_assert_num_queries(4):
        agent.get("/desk/mails/")
    unmatched(2), unmatched(3)
    with django_assert_num_queries(4):
        agent.get("/desk/mails/")


def test_the_demo_answers_as_the_shopper_through_the_door_of_all_mails(
    tmp_path: Path, settings: Any, client: Client
) -> None:
    settings.REPLY_DOMAIN, settings.MAIL_DIR = "reply.shop.example", tmp_path
    backend = "django.core.mail.backends.filebased.EmailBackend"
    settings.MAILERS = {"default": {"BACKEND": backend, "OPTIONS": {"file_path": tmp_path}}}
    case = make_case()
    case.customer.email = "anna@shopper.example"
    case.customer.save()
    write_to_shopper(case, "Is it broken?", by=UserFactory(role="agent"), now=timezone.now())
    write_message(case.log.latest("seq"))
    send_due()
    (sent,) = newest(tmp_path, limit=9)
    page = client.get(f"/demo/mail/?open={sent.key}").content.decode()
    assert "Answer as the shopper" in page
    files = [SimpleUploadedFile("lamp.jpg", jpeg())]
    answer = client.post(f"/demo/mail/{sent.key}/answer/", {"words": "Yes, it is.", "files": files}, follow=True)
    assert "Your e-mail is on its way." in answer.content.decode()
    assert process_mails() == 1
    post = Post.objects.latest("seq")
    assert (post.words, post.via, post.by, PostPicture.objects.get().post) == ("Yes, it is.", "mail", None, post)


def test_an_empty_answer_is_a_sentence_and_no_mail(tmp_path: Path, settings: Any, client: Client) -> None:
    settings.MAIL_DIR = tmp_path
    assert client.post("/demo/mail/1.0/answer/", {"words": "x"}).status_code == 404
    assert InboundMail.objects.count() == 0
