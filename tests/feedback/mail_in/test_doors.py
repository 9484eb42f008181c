"""Real servers: an SMTP server gets the product's mails, an IMAP server holds the shopper's answers."""

import imaplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from email import message_from_bytes
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from feedback.mail_in import imap
from feedback.mail_in.actions import process_mails
from feedback.mail_in.doors import store_mail
from feedback.messages.actions import write_message
from feedback.messages.outbox import send_due
from feedback.messages.reply_address import token_of
from feedback.models import InboundMail, Post
from returns.models import Case
from tests.factories import UserFactory, make_case
from tests.factories.conversation import write_message as write_to_shopper
from tests.feedback.mail_in.mails import mail
from tests.steps.smtp_server import SmtpServer, free_port, smtp_server

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def domain(settings: Any) -> None:
    settings.REPLY_DOMAIN = "reply.shop.example"


@pytest.fixture
def case() -> Case:
    case = make_case()
    case.customer.email = "anna@shopper.example"
    case.customer.save()
    return case


@pytest.fixture
def smtp(settings: Any) -> Iterator[SmtpServer]:
    with smtp_server() as received:
        options = {"host": "127.0.0.1", "port": received.port, "timeout": 10}
        settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}}
        yield received


def test_mails_of_a_case_carry_its_reply_address_and_thread_in_the_shoppers_program(
    case: Case, smtp: SmtpServer
) -> None:
    agent = UserFactory(role="agent")
    write_message(case.log.earliest("seq"))
    for words in ("How is it?", "Any news?"):
        write_to_shopper(case, words, by=agent, now=timezone.now())
        write_message(case.log.latest("seq"))
    assert send_due() == 3
    mails = [message_from_bytes(envelope.content) for envelope in smtp.envelopes]
    address = f"reply+{token_of(case)}@reply.shop.example"
    assert {mail["Reply-To"] for mail in mails} == {address} == {envelope.mail_from for envelope in smtp.envelopes}
    assert all(case.shop.name in mail["From"] and "reply+" not in mail["From"] for mail in mails)
    first, *others = mails
    assert (first["References"], len({mail["Message-ID"] for mail in mails})) == (None, 3)
    assert {(mail["In-Reply-To"], mail["References"]) for mail in others} == {(first["Message-ID"],) * 2}
    assert all(mail["Auto-Submitted"] == "auto-generated" and mail.is_multipart() for mail in mails)


@pytest.fixture(scope="module")
def imap_port() -> Iterator[int]:
    """A whole IMAP server (pymap) in a process of its own, its mailboxes in memory."""
    port = free_port()
    command = [sys.executable, "-W", "ignore", "-c", "from pymap.main import main; main()", "--no-tls"]
    command += ["--host", "127.0.0.1", "--port", str(port), "dict"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port, server)
        yield port
    finally:
        server.terminate()
        server.wait(10)


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("The IMAP server did not start.")


@pytest.fixture
def mailbox(imap_port: int, settings: Any) -> Iterator[imaplib.IMAP4]:
    """An empty INBOX and the product's way to it."""
    settings.IMAP_URL = f"imap://demouser:demopass@127.0.0.1:{imap_port}/INBOX"
    box = imaplib.IMAP4("127.0.0.1", imap_port, timeout=10)
    box.login("demouser", "demopass")
    box.select("INBOX")
    box.store("1:*", "+FLAGS", r"(\Deleted)")
    box.expunge()
    yield box
    box.logout()


def put(box: imaplib.IMAP4, *mails: bytes) -> None:
    for raw in mails:
        box.append("INBOX", "", imaplib.Time2Internaldate(time.time()), raw)


def unseen(box: imaplib.IMAP4) -> int:
    box.noop()
    return len((box.search(None, "UNSEEN")[1][0] or b"").split())


def address(case: Case) -> str:
    return f"reply+{token_of(case)}@reply.shop.example"


def test_new_mails_of_the_mailbox_are_stored_once_and_marked_as_seen(case: Case, mailbox: imaplib.IMAP4) -> None:
    put(mailbox, mail("One.", to=address(case)), mail("Two.", to=address(case), message_id="<two@shopper.example>"))
    assert (imap.poll(), unseen(mailbox), imap.poll()) == (2, 0, 0)
    assert process_mails() == 2
    assert sorted(Post.objects.values_list("words", flat=True)) == ["One.", "Two."]


def test_a_mail_is_marked_as_seen_only_after_its_row_is_there(
    case: Case, mailbox: imaplib.IMAP4, caplog: pytest.LogCaptureFixture
) -> None:
    put(mailbox, mail("Bad lamp.", to=address(case)), mail("Good.", to=address(case)))
    with connection.cursor() as cursor:  # the database refuses one of them, for a while
        cursor.execute(REFUSE_BAD)
        cursor.execute("SET LOCAL homeward.refuse_bad = 'on'")
        assert (imap.poll(), unseen(mailbox)) == (1, 1)
        assert "lamp" not in caplog.text
        cursor.execute("SET LOCAL homeward.refuse_bad = 'off'")
    assert (imap.poll(), unseen(mailbox)) == (1, 0)


REFUSE_BAD = """
    CREATE FUNCTION refuse_bad() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF position('Bad'::bytea IN NEW.raw) > 0 AND current_setting('homeward.refuse_bad') = 'on' THEN
            RAISE EXCEPTION 'refused: %', NEW USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER refuse_bad BEFORE INSERT ON feedback_inboundmail FOR EACH ROW EXECUTE FUNCTION refuse_bad();
"""


def test_a_mail_that_both_doors_bring_is_one(case: Case, mailbox: imaplib.IMAP4) -> None:
    raw = mail(to=address(case)).replace(b"\n", b"\r\n")
    store_mail(raw, door=InboundMail.Door.WEBHOOK)
    put(mailbox, raw)
    imap.poll()
    assert InboundMail.objects.count() == 1


def test_of_a_mail_that_is_too_large_only_the_head_is_taken(case: Case, mailbox: imaplib.IMAP4) -> None:
    put(mailbox, mail("x " * 3000, to=address(case)))
    assert (imap.poll(limit=2000), unseen(mailbox)) == (1, 0)
    row = InboundMail.objects.get()
    assert (row.size > 6000, len(bytes(row.raw)) < 1000) == (True, True)
    process_mails()
    assert Post.objects.get().words == (
        "[This e-mail was larger than 25 MB, so it was not opened. Please send its files in smaller ones.]"
    )


@pytest.mark.parametrize(
    "url", ["imap://demouser:wrong@127.0.0.1:{}/INBOX", "imap://demouser:demopass@127.0.0.1:{}/No", "what"]
)
def test_a_mailbox_that_cannot_be_read_is_logged_without_its_password(
    imap_port: int, settings: Any, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    settings.IMAP_URL = url.format(imap_port)
    assert imap.poll() == 0
    assert "The mailbox could not be read" in caplog.text
    assert "demopass" not in caplog.text


def test_a_mailbox_that_does_not_answer_is_left_to_the_next_run(settings: Any) -> None:
    settings.IMAP_URL = f"imap://a:b@127.0.0.1:{free_port()}/INBOX"
    assert imap.poll() == 0


def test_without_an_address_no_mailbox_is_polled(settings: Any) -> None:
    settings.IMAP_URL = ""
    assert imap.poll() == 0
