"""A conversation is erased for a shopper who asks: words, files, drafts and mails; once, asked before, and recorded."""

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from feedback.conversation.actions import AnsweredMeanwhile, thread_of
from feedback.conversation.drafts import keep_draft
from feedback.conversation.erasing import Contents, contents_of, erase_conversation
from feedback.messages.actions import write_message as write_mail
from feedback.messages.outbox import NotFailed, send_again, send_due
from feedback.models import InboundMail, Message, Post, PostDocument, PostDraft, PostPicture, Thread
from returns.logbook.verify import Verification
from returns.models import Case
from signoff.pictures.clean import clean_file
from tests.factories import OrderFactory, UserFactory, make_case
from tests.factories.conversation import write_as_shopper, write_message, write_note
from tests.pictures.pdf_files import written
from tests.steps.browser_users import jpeg

pytestmark = pytest.mark.django_db
MARKER = "Planted-Marker-9917"


@pytest.fixture
def manager() -> User:
    return UserFactory(role="manager", first_name="Ada", last_name="Wong")


@pytest.fixture
def agent() -> User:
    return UserFactory(role="agent")


def full_thread(thing: Case | object, agent: User) -> Thread:
    """A conversation with the marker in everything that can hold words."""
    files = [clean_file(SimpleUploadedFile("a.jpg", jpeg())), clean_file(SimpleUploadedFile("slip.pdf", written()))]
    write_as_shopper(thing, MARKER, files=files)
    write_note(thing, MARKER, by=agent)
    thread = write_message(thing, MARKER, by=agent).thread
    keep_draft(thread, user=agent, words=MARKER)
    keep_draft(thread, user=None, words=MARKER)
    if isinstance(thing, Case):
        for entry in thing.log.order_by("seq"):
            write_mail(entry)
    InboundMail.objects.create(
        door="webhook", digest="d", raw=b"", size=9, received_at=timezone.now(), processed_at=timezone.now(),
        outcome="unmatched", problem="flood", thread=thread, sender="a@b.example", subject=MARKER, text=MARKER,
    )  # fmt: skip
    return Thread.objects.select_related("case", "order", "shop", "customer").get(pk=thread.pk)


def everything() -> str:
    """All rows that a conversation writes."""
    kinds = (Thread, Post, PostDraft, PostPicture, PostDocument, Message, InboundMail)
    return "".join(str(list(kind.objects.values())) for kind in kinds)


@pytest.mark.parametrize("about", ["case", "order"])
def test_words_files_drafts_and_mails_are_erased_and_the_rest_stays(manager: User, agent: User, about: str) -> None:
    case = make_case()
    thread = full_thread(case if about == "case" else case.order, agent)
    assert contents_of(thread) == Contents(messages=2, notes=1, pictures=1, documents=1, drafts=2, mails=1)
    assert everything().count(MARKER) > 6
    posts = list(Post.objects.values("seq", "kind", "by", "written_at"))
    erased = erase_conversation(thread, by=manager, seen=3)
    assert (MARKER in everything(), "a@b.example" in str(list(InboundMail.objects.values()))) == (False, False)
    assert list(Post.objects.values("seq", "kind", "by", "written_at")) == posts
    assert (erased.erased_by, erased.waiting_since, bool(contents_of(thread))) == (manager, None, False)
    assert case.log.filter(verb="conversation_erased", by=manager).count() == (1 if about == "case" else 0)
    assert list(Verification().faults()) == []


def test_a_mail_that_is_not_sent_yet_is_given_up(manager: User, agent: User) -> None:
    order = OrderFactory()
    thread = full_thread(order, agent)
    erase_conversation(thread, by=manager, seen=3)
    assert (send_due(), len(mail.outbox)) == (0, 0)
    message = Message.objects.get()
    assert (message.status, message.failure) == ("failed", "its words were erased before it was sent")
    with pytest.raises(NotFailed, match="words of this message were erased"):
        send_again(message, by=agent)


def test_a_mail_that_is_sent_stays_sent(manager: User, agent: User) -> None:
    thread = full_thread(OrderFactory(), agent)
    assert send_due() == 1
    erase_conversation(thread, by=manager, seen=3)
    message = Message.objects.get()
    assert (message.status, message.text) == ("sent", "")


@pytest.mark.parametrize("role", ["agent", "inspector", "finance", ""])
def test_only_managers_and_administrators_erase(role: str, agent: User, client: Client) -> None:
    thread, user = full_thread(make_case(), agent), UserFactory(role=role)
    with pytest.raises(PermissionDenied):
        erase_conversation(thread, by=user, seen=3)
    client.force_login(user)
    assert client.get(f"/desk/conversations/{thread.token}/erase/").status_code == 403
    assert erase_conversation(thread, by=UserFactory(role="administrator"), seen=3).erased_at


def test_what_was_written_meanwhile_is_read_first(manager: User, agent: User, client: Client) -> None:
    case = make_case()
    thread = full_thread(case, agent)
    with pytest.raises(AnsweredMeanwhile, match="Somebody has written"):
        erase_conversation(thread, by=manager, seen=2)
    client.force_login(manager)
    page = client.post(f"/desk/conversations/{thread.token}/erase/", {"seen": "2"}, follow=True).text
    assert ("Somebody has written in this conversation meanwhile." in page, MARKER in page) == (True, True)


@pytest.mark.parametrize("about", ["case", "order"])
def test_the_page_says_what_follows_before_it_is_done(manager: User, agent: User, client: Client, about: str) -> None:
    case = make_case()
    thread = full_thread(case if about == "case" else case.order, agent)
    client.force_login(agent)
    erase = f"/desk/conversations/{thread.token}/erase/"
    assert erase not in client.get(thread.get_absolute_url()).text
    client.force_login(manager)
    assert erase in client.get(thread.get_absolute_url()).text
    page = client.get(erase).text
    lines = ("the words of 2 messages", "the words of 1 internal note", "1 picture", "1 PDF", "2 drafts",
             "the text of 1 e-mail", "Your name and the time are recorded.")  # fmt: skip
    assert [line for line in lines if line not in page] == []
    assert thread.posts.exclude(words="").count() == 3
    page = client.post(erase, {"seen": "3"}, follow=True).text
    assert ("The conversation is erased." in page, MARKER in page) == (True, False)
    assert ("This message was erased." in page, "Ada Wong" in page) == (True, True)
    assert "Erase for good" not in client.get(erase).text


def test_a_thread_that_nobody_began_has_nothing_to_erase(manager: User, client: Client) -> None:
    thread = thread_of(make_case())
    client.force_login(manager)
    page = client.get(f"/desk/conversations/{thread.token}/erase/").text
    assert "There are no words and no files in this conversation." in page
