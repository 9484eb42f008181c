"""The pages of conversations: the case page, the status page, inquiries, the list; and that a note stays inside."""

import re
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from feedback.conversation import portal
from feedback.conversation.actions import thread_of
from feedback.conversation.complaints import clocks_of
from feedback.conversation.drafts import keep_draft
from feedback.conversation.rate_limit import TooManyMessages, count_message
from feedback.messages.actions import write_message as write_mail
from feedback.messages.outbox import send_due
from feedback.models import Digest, Message, Notification, Post, PostDocument, PostDraft, PostPicture, Thread
from feedback.notifications.digest import mail_of
from returns.lifecycle.actions import move
from returns.models import Case
from returns.review.actions import request_information
from signoff.pictures.clean import CleanFile, clean_file
from signoff.web.formatting import join_list
from signoff.web.models import RefusedAttempts
from tests.factories import CustomerFactory, OrderFactory, SavedReplyFactory, UserFactory, make_case
from tests.factories.conversation import ThreadFactory, write_as_shopper, write_message, write_note
from tests.pictures.pdf_files import HOSTILE, written
from tests.steps.browser_users import jpeg
from tests.steps.order_lookup import enter

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent() -> User:
    return UserFactory(role="agent", first_name="Mei", last_name="Sato")


@pytest.fixture
def desk(client: Client, agent: User) -> Client:
    client.force_login(agent)
    return client


@pytest.fixture
def case() -> Case:
    return make_case()


@pytest.fixture
def shopper(case: Case) -> Client:
    return enter(Client(), case.order)


@cache
def files() -> list[CleanFile]:
    return [clean_file(SimpleUploadedFile("a.jpg", jpeg())), clean_file(SimpleUploadedFile("slip.pdf", written()))]


def uploads() -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile("a.jpg", jpeg()), SimpleUploadedFile("slip.pdf", written(*HOSTILE.values()))]


def fields(page: str) -> dict[str, str]:
    """The hidden fields of the composer on a page."""
    form = page[page.index('id="composer"') :]
    found = dict(re.findall(r'<input type="hidden" name="(key|seen)" value="([^"]*)">', form))
    return {"words": "", "kind": "message", "do": "send"} | found


def typed(page: str) -> str:
    """What the composer of a page holds."""
    return re.search(r'<textarea[^>]*name="words"[^>]*>(.*?)</textarea>', page, re.DOTALL)[1].strip()


def status_of(client: Client, url: str) -> int:
    """The status of a file's address; the file is read to its end, which closes it."""
    response = client.get(url)
    b"".join(response)
    return response.status_code


def write_url(case: Case) -> str:
    return f"/desk/cases/{case.number}/write/"


def test_an_agent_answers_from_the_case_page_and_the_shopper_reads_it(
    desk: Client, shopper: Client, case: Case, agent: User
) -> None:
    form = fields(desk.get(case.get_absolute_url()).text)
    page = desk.post(write_url(case), form | {"words": "It is\non its way.", "files": uploads()}, follow=True).text
    assert "Message sent." in page
    assert ("It is<br>on its way." in page, typed(page)) == (True, "")
    status = shopper.get(f"/cases/{case.number}/").text
    assert status.index(">New<") < status.index("It is<br>on its way.")
    assert (">New<" in shopper.get(f"/cases/{case.number}/").text, "slip.pdf" in status) == (False, True)
    for attached, size in ((PostPicture, "full"), (PostPicture, "thumbnail"), (PostDocument, "document")):
        url = f"/attachments/{attached.objects.get().token}/{size}"
        assert [status_of(who, url) for who in (shopper, desk, Client())] == [200, 200, 404]
    served = shopper.get(f"/attachments/{PostDocument.objects.get().token}/document")
    assert served.headers["Content-Disposition"] == 'attachment; filename="slip.pdf"'
    assert served.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert b"/JavaScript" not in b"".join(served)


@pytest.mark.parametrize("about", ["case", "order"])
def test_the_desk_sees_what_the_shopper_and_colleagues_have_read(
    desk: Client, shopper: Client, case: Case, agent: User, about: str
) -> None:
    thing = case if about == "case" else case.order
    thread, url = write_message(thing, "First words", by=agent).thread, f"/{'cases' if about == 'case' else 'orders'}/"
    assert "Read by the shopper" not in desk.get(thread.get_absolute_url()).text
    shopper.get(f"{url}{case.number if about == 'case' else case.order.token}/")
    write_message(thing, "Second words", by=agent)
    write_note(thing, "Inside", by=agent)
    page = desk.get(thread.get_absolute_url()).text
    assert (page.count("Read by the shopper"), "Seen by" in page) == (1, False)
    assert page.index("Read by the shopper") < page.index("First words") < page.index("Second words")
    for first_name in ("Jon", "Ada", "Eva", "Kim"):
        colleague = Client()
        colleague.force_login(UserFactory(role="agent", first_name=first_name, last_name="Lind"))
        text = colleague.get(thread.get_absolute_url()).text
    assert f"Seen by {join_list(['Jon Lind', 'Ada Lind', 'Eva Lind'])}" in text
    names = join_list(["Jon Lind", "Ada Lind", "Eva Lind", "1 more"])
    assert f"Seen by {names}" in desk.get(thread.get_absolute_url()).text
    seen = shopper.get(f"{url}{case.number if about == 'case' else case.order.token}/").text
    assert ("Read by the shopper" in seen, "Jon Lind" in seen) == (False, False)


def test_a_shopper_writes_at_any_time_and_staff_see_it_as_new(desk: Client, shopper: Client, case: Case) -> None:
    form = fields(shopper.get(f"/cases/{case.number}/").text)
    for _twice in range(2):
        page = shopper.post(f"/cases/{case.number}/write/", form | {"words": "Any news?"}, follow=True).text
    assert "Your message has been sent." in page
    assert [(post.words, post.by) for post in Post.objects.all()] == [("Any news?", None)]
    assert "is-new" in desk.get(case.get_absolute_url()).text
    assert "is-new" not in desk.get(case.get_absolute_url()).text
    colleague = Client()
    colleague.force_login(UserFactory(role="agent"))
    assert "is-new" in colleague.get(case.get_absolute_url()).text


def test_the_second_of_two_agents_reads_the_first_answer_with_own_words_kept(desk: Client, case: Case) -> None:
    form = fields(desk.get(case.get_absolute_url()).text)
    write_message(case, "I do it", by=UserFactory(role="agent", first_name="Jon", last_name="Lind"))
    page = desk.post(write_url(case), form | {"words": "My own long words", "files": uploads()}, follow=True).text
    assert "Jon Lind has just answered." in page
    assert ("I do it" in page, typed(page), "slip.pdf" in page) == (True, "My own long words", True)
    assert Post.objects.count() == 1
    desk.post(write_url(case), fields(page) | {"words": typed(page)})
    post = Post.objects.last()
    assert (post.words, post.postpictures.count(), post.postdocuments.count()) == ("My own long words", 1, 1)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"words": "  "}, "Write something or attach a file first."),
        ({"words": "x" * 4001}, "Write at most 4000 characters."),
        ({"words": "Look", "key": ""}, "This page was out of date."),
        ({"words": "Look", "kind": "poem"}, "This page was out of date."),
        (
            {"words": "Look", "files": SimpleUploadedFile("invoice.pdf.exe", b"MZ\x90")},
            "invoice.pdf.exe: this file can",
        ),
    ],
)
def test_what_cannot_be_sent_is_a_sentence_and_the_words_stay(
    desk: Client, case: Case, changes: dict[str, Any], sentence: str
) -> None:
    form = fields(desk.get(case.get_absolute_url()).text)
    page = desk.post(write_url(case), form | changes, follow=True).text
    assert sentence in page
    assert (typed(page), Post.objects.count()) == (changes["words"].strip(), 0)


def test_null_bytes_are_left_out(desk: Client, case: Case) -> None:
    form = fields(desk.get(case.get_absolute_url()).text)
    page = desk.post(write_url(case), form | {"words": "A\0B"}, follow=True)
    assert (page.status_code, typed(page.text)) == (200, "AB")


def test_a_draft_is_kept_by_htmx_and_by_the_button(desk: Client, case: Case) -> None:
    form = fields(desk.get(case.get_absolute_url()).text) | {"do": "draft", "words": "Dear A", "kind": "note"}
    part = desk.post(write_url(case), form, headers={"HX-Request": "true"}).text
    assert ("Draft kept" in part, "<html" in part) == (True, False)
    page = desk.post(write_url(case), form | {"words": "Dear Anna"}, follow=True).text
    assert ("Your draft is kept." in page, typed(page), Post.objects.count()) == (True, "Dear Anna", 0)
    assert 'value="note" checked' in page
    desk.post(write_url(case), fields(page) | {"do": f"remove:{case.number}", "words": "Dear"})
    assert PostDraft.objects.get().words == "Dear"


def test_a_saved_reply_is_inserted_by_its_button_and_by_its_key(desk: Client, case: Case) -> None:
    SavedReplyFactory(key="photo", text_en="Please send a photo for {{ number }}.")
    page = desk.get(case.get_absolute_url()).text
    page = desk.post(write_url(case), fields(page) | {"do": "reply:photo", "words": "Hello"}, follow=True).text
    assert typed(page) == f"Hello\n\nPlease send a photo for {case.number}."
    page = desk.post(write_url(case), fields(page) | {"do": "reply", "reply": "Photo ", "words": ""}, follow=True).text
    assert typed(page) == f"Please send a photo for {case.number}."
    page = desk.post(write_url(case), fields(page) | {"do": "reply:nope", "words": "Still"}, follow=True).text
    assert ("There is no saved reply “nope”." in page, typed(page)) == (True, "Still")
    sent = fields(page) | {"do": "reply", "kind": "note", "words": "A note"}
    page = desk.post(write_url(case), sent, follow=True).text
    assert ('value="note" checked' in page, typed(page)) == (True, "A note")  # Enter elsewhere in the form
    assert Post.objects.count() == 0


def test_a_reply_that_was_saved_past_the_check_is_a_sentence(desk: Client, case: Case) -> None:
    SavedReplyFactory(key="old", text_en="{{ secret }}")
    form = fields(desk.get(case.get_absolute_url()).text)
    page = desk.post(write_url(case), form | {"do": "reply:old", "words": "Hello"}, follow=True).text
    assert ("There is no variable {{ secret }}." in page, typed(page)) == (True, "Hello")


@pytest.mark.parametrize("about", ["case", "order"])
def test_a_note_is_undone_from_its_message_and_only_by_its_author(desk: Client, case: Case, about: str) -> None:
    thread = thread_of(case) if about == "case" else write_as_shopper(case.order).thread
    url = write_url(case) if about == "case" else f"/desk/conversations/{thread.token}/write/"
    form = fields(desk.get(thread.get_absolute_url()).text) | {"kind": "note", "words": "In the wrong place"}
    for _twice in range(2):
        page = desk.post(url, form, follow=True).text
    assert re.search(r'action="/desk/undo/"><input type="hidden" name="csrfmiddlewaretoken" value="[^"]+">', page)
    token = re.search(r'name="token" value="([^"]+)"', page)[1]
    colleague = Client()
    colleague.force_login(UserFactory(role="agent"))
    assert ("Note saved." in page, colleague.post("/desk/undo/", {"token": token}).status_code) == (True, 403)
    page = desk.post("/desk/undo/", {"token": token}, follow=True).text
    assert ("Undone." in page, "This note was taken back or erased." in page) == (True, True)
    assert (typed(page), 'value="note" checked' in page) == ("In the wrong place", True)
    note = Post.objects.get(kind="note")
    assert f'is-new" id="post-{note.seq}"' not in colleague.get(thread.get_absolute_url()).text
    page = desk.post("/desk/undo/", {"token": token}, headers={"Referer": "/desk/"}, follow=True).text
    assert "This note has been taken back or erased already." in page


def test_a_note_is_not_undone_once_a_colleague_has_opened_the_page(desk: Client, case: Case) -> None:
    form = fields(desk.get(case.get_absolute_url()).text) | {"kind": "note", "words": "Mind the price"}
    page = desk.post(write_url(case), form, follow=True).text
    colleague = Client()
    colleague.force_login(UserFactory(role="agent"))
    assert "Mind the price" in colleague.get(case.get_absolute_url()).text
    token = re.search(r'name="token" value="([^"]+)"', page)[1]
    page = desk.post("/desk/undo/", {"token": token}, headers={"Referer": case.get_absolute_url()}, follow=True).text
    assert "A colleague has read this note, so it stays." in page
    assert Post.objects.get().words == "Mind the price"


def test_send_and_next_case_takes_the_next(desk: Client, case: Case, agent: User) -> None:
    other = make_case()
    move(case, Case.request_information, by=None)
    form = fields(desk.get(case.get_absolute_url()).text)
    response = desk.post(write_url(case), form | {"words": "Hello", "do": "next"})
    assert response.headers["Location"] == other.get_absolute_url()
    assert Case.objects.get(pk=other.pk).owner == agent
    form = fields(desk.get(case.get_absolute_url()).text)
    response = desk.post(write_url(case), form | {"words": "Again", "do": "next"}, follow=True)
    assert "No unassigned case is waiting" in response.text


@pytest.mark.parametrize(("role", "message", "note"), [("inspector", 403, 302), ("finance", 403, 302), ("", 403, 403)])
def test_others_write_notes_only(client: Client, case: Case, role: str, message: int, note: int) -> None:
    client.force_login(UserFactory(role=role))
    statuses = [
        client.post(write_url(case), {"key": kind, "kind": kind, "words": "Hm", "do": "send"}).status_code
        for kind in ("message", "note")
    ]
    assert statuses == [message, note]


def test_everything_that_was_said_is_in_the_thread_in_its_order(desk: Client, case: Case, agent: User) -> None:
    case.lines.update(words="It drips.")
    request_information(case, by=agent, question="Where does it drip?")
    write_as_shopper(case, "At the spout.")
    write_note(case, "Third of them.")
    write_message(case, "Thank you.", by=agent)
    page = desk.get(case.get_absolute_url()).text
    thread = page[page.index('class="thread"') : page.index('id="composer"')]
    words = [
        "Request submitted",
        "It drips.",
        "Where does it drip?",
        "At the spout.",
        "Third of them.",
        "Thank you.",
    ]
    places = [thread.index(word) for word in words]
    assert places == sorted(places)
    assert "question to the shopper" in thread
    shown = {name: desk.get(f"{case.get_absolute_url()}?thread={name}").text for name in ("shopper", "notes", "events")}
    seen = {
        name: [word for word in words if word in text[text.index('class="thread"') : text.index('id="composer"')]]
        for name, text in shown.items()
    }
    assert seen == {"shopper": [*words[1:4], words[5]], "notes": [words[4]], "events": [words[0]]}


def test_a_thread_of_500_messages_costs_as_many_queries_as_one_of_two(
    desk: Client, shopper: Client, case: Case, agent: User
) -> None:
    write_as_shopper(case, "Message 0")
    write_message(case, "Message 1", by=agent, now=timezone.now())
    for page in (case.get_absolute_url(), f"/cases/{case.number}/"):
        desk.get(page), shopper.get(page)
    asked = {}
    for rows in (2, 500):
        for number in range(Post.objects.count(), rows):
            write_as_shopper(case, f"Message {number}")
        for client, page in ((desk, case.get_absolute_url()), (shopper, f"/cases/{case.number}/")):
            with CaptureQueriesContext(connection) as queries:
                text = client.get(page).text
            asked[rows, page] = len(queries)
    assert {key: count for key, count in asked.items() if count > 10} == {}
    assert ("Message 499" in text, "Message 450" in text, "Message 449" in text) == (True, True, False)
    page = desk.get(case.get_absolute_url()).text
    earlier = desk.get(
        case.get_absolute_url() + re.search(r'href="(\?thread=all[^"#]+)', page)[1].replace("&amp;", "&")
    ).text
    assert ("Message 449" in earlier, "Message 400" in earlier, "Message 450" in earlier) == (True, True, False)


MARKER = "Planted-Note-Marker-7731"


def everything_for_the_shopper(case: Case) -> str:
    """All pages and mails that the shopper of ``case`` can get, and the answers to what they send."""
    shopper, order = enter(Client(), case.order), f"/orders/{case.order.token}/"
    pages = [f"/cases/{case.number}/", order, "/orders/", f"{order}request/"]
    texts = [shopper.get(page).text for page in pages for _twice in range(2)]
    texts += [shopper.get(f"/cases/{case.number}/{step}/", follow=True).text for step in ("appeal", "reopen", "cancel")]
    texts.append(shopper.post(f"/cases/{case.number}/write/", {"key": "k", "words": "Hello"}, follow=True).text)
    texts.append(shopper.post(f"{order}ask/", {"key": "k", "words": "Hello"}, follow=True).text)
    texts.append(shopper.post(f"/cases/{case.number}/cancel/", {"seen": "1", "reason": ""}).text)  # out of date
    for entry in case.log.order_by("seq"):
        write_mail(entry)
    send_due()
    for letter in mail.outbox:
        texts += [letter.subject, letter.body, *(str(part.content) for part in getattr(letter, "alternatives", []))]
    for attached in (PostPicture, PostDocument):
        for row in attached.objects.all():
            for size in ("full", "thumbnail", "document"):
                seen = status_of(shopper, f"/attachments/{row.token}/{size}") == 200
                texts.append(MARKER if seen and row.post.is_note else "")
    return "\n".join(texts)


@pytest.mark.parametrize("about", ["case", "order"])
def test_a_note_never_reaches_the_shopper(case: Case, agent: User, about: str) -> None:
    thing = case if about == "case" else case.order
    note = write_note(thing, f"{MARKER} @{UserFactory(username='Marker-Colleague').username}", by=agent)
    keep_draft(note.thread, user=agent, words=f"{MARKER} draft", kind="note", files=files())
    write_note(thing, f"{MARKER} with files", by=agent)
    keep_draft(note.thread, user=agent, words=f"{MARKER} draft", kind="note")
    write_message(thing, "Plain words", by=agent)
    got = everything_for_the_shopper(case)
    assert ("Plain words" in got, MARKER in got, "Marker-Colleague" in got) == (True, False, False)


@pytest.mark.parametrize("about", ["case", "order"])
def test_the_marker_would_be_found_if_a_note_were_a_message(case: Case, agent: User, about: str) -> None:
    write_message(case if about == "case" else case.order, MARKER, by=agent)
    assert everything_for_the_shopper(case).count(MARKER) > 3


def test_attachments_of_notes_and_drafts_are_for_staff_and_their_author(
    desk: Client, shopper: Client, case: Case, agent: User
) -> None:
    keep_draft(thread_of(case), user=agent, words="", files=files())
    own, colleague = PostPicture.objects.get(), Client()
    colleague.force_login(UserFactory(role="agent"))
    url = f"/attachments/{own.token}/full"
    assert [status_of(who, url) for who in (desk, colleague, shopper)] == [200, 404, 404]
    write_note(case, by=agent)
    assert [status_of(who, url) for who in (desk, colleague, shopper)] == [200, 200, 404]
    keep_draft(thread_of(case), user=None, words="", files=files())
    url = f"/attachments/{PostPicture.objects.latest('pk').token}/full"
    assert [status_of(who, url) for who in (desk, shopper)] == [404, 200]


def test_another_shopper_neither_reads_nor_writes(case: Case) -> None:
    stranger = enter(Client(), OrderFactory())
    write_message(case, "Plain words")
    for url in (f"/cases/{case.number}/write/", f"/orders/{case.order.token}/ask/"):
        assert stranger.post(url, {"key": "k", "words": "Hello"}).status_code in (302, 404)
    assert Post.objects.count() == 1


@pytest.mark.parametrize("steps", [["cancel"], ["reject"], ["propose", "settle", "resolve"], ["cancel", "close"]])
def test_a_message_about_a_finished_case_is_not_sent_and_not_lost(
    shopper: Client, case: Case, steps: list[str]
) -> None:
    for step in steps:
        case = move(case, getattr(Case, step), by=None)
    assert 'id="composer"' not in shopper.get(f"/cases/{case.number}/").text
    page = shopper.post(f"/cases/{case.number}/write/", {"key": "k", "words": "Hello"}, follow=True).text
    assert ("This request is finished" in page, Post.objects.count()) == (True, 0)
    assert PostDraft.objects.get().words == "Hello"


def fast(client: Client, url: str, messages: int, start: int = 0) -> str:
    """The page after so many messages, one after the other; all have other words and other keys."""
    for number in range(start, start + messages):
        page = client.post(url, {"key": f"k{number}", "words": f"Message {number}"}, follow=True).text
    return page


@pytest.mark.parametrize("about", ["case", "order"])
def test_a_shopper_who_writes_too_often_waits_and_loses_nothing(shopper: Client, case: Case, about: str) -> None:
    url = f"/cases/{case.number}/write/" if about == "case" else f"/orders/{case.order.token}/ask/"
    assert "Your message has been sent." in fast(shopper, url, 20)
    page = fast(shopper, url, 2, start=20)
    assert "You&#x27;ve sent many messages in a short time." in page
    assert ("send them in 5 minutes." in page, typed(page)) == (True, "Message 21")
    assert (Post.objects.count(), RefusedAttempts.objects.count()) == (20, 0)
    page = shopper.post(url, {"key": "k", "do": "draft", "words": "Kept"}, follow=True).text
    assert ("Your draft is kept." in page, typed(page)) == (True, "Kept")
    again = shopper.post(url, {"key": "k19", "words": "Message 19"}, follow=True).text
    assert ("Your message has been sent." in again, Post.objects.count()) == (True, 20)


def test_the_limit_counts_per_conversation_and_per_address(shopper: Client, case: Case) -> None:
    fast(shopper, f"/cases/{case.number}/write/", 20)
    other = make_case()
    stranger = enter(Client(), other.order)
    assert "Your message has been sent." in fast(stranger, f"/cases/{other.number}/write/", 1)
    now = timezone.now()
    for _message in range(79):
        count_message(ThreadFactory(), machine="127.0.0.1", now=now)
    with pytest.raises(TooManyMessages):
        count_message(ThreadFactory(), machine="127.0.0.1", now=now)
    count_message(thread_of(other), machine="203.0.113.9", now=now)


def test_without_the_limit_a_shopper_could_write_without_end(
    shopper: Client, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(portal, "count_message", lambda thread, machine: None)
    assert "Your message has been sent." in fast(shopper, f"/cases/{case.number}/write/", 22)
    assert Post.objects.count() == 22


def test_a_question_about_an_order_is_asked_and_answered(desk: Client) -> None:
    order = OrderFactory(customer=CustomerFactory(name="Anna Schmidt"))
    shopper = enter(Client(), order)
    page = shopper.get(f"/orders/{order.token}/").text
    assert "Ask us a question" in page
    shopper.post(f"/orders/{order.token}/ask/", fields(page) | {"words": "Does it float?"})
    row = desk.get("/desk/conversations/").text
    assert ("Does it float?" in row, order.number in row, "Anna Schmidt" in row) == (True, True, True)
    thread = Thread.objects.get()
    page = desk.get(thread.get_absolute_url()).text
    assert ("Does it float?" in page, "is-new" in page) == (True, True)
    desk.post(f"/desk/conversations/{thread.token}/write/", fields(page) | {"words": "It does."})
    assert "It does." in shopper.get(f"/orders/{order.token}/").text
    assert Message.objects.get().topic == "inquiry"
    assert "Does it float?" not in desk.get("/desk/conversations/").text
    assert "Does it float?" not in desk.get("/desk/conversations/?show=inquiries").text  # the answer is the last word
    assert order.number in desk.get("/desk/conversations/?show=inquiries").text


def test_the_order_page_links_to_its_question_and_says_whether_it_waits(desk: Client, agent: User) -> None:
    order = OrderFactory()
    thread = write_as_shopper(order, "Does it float?").thread
    page = desk.get(f"/desk/orders/{order.token}/").text
    assert (thread.get_absolute_url() in page, "waiting for our answer" in page) == (True, True)
    write_message(order, "It does.", by=agent)
    page = desk.get(f"/desk/orders/{order.token}/").text
    assert (thread.get_absolute_url() in page, "waiting for our answer" in page) == (True, False)
    inspector = Client()
    inspector.force_login(UserFactory(role="inspector"))
    assert thread.get_absolute_url() not in inspector.get(f"/desk/orders/{order.token}/").text


def test_the_list_of_messages_links_to_the_order_of_a_question(desk: Client, agent: User) -> None:
    order = OrderFactory()
    write_message(order, "It does.", by=agent)
    assert f'href="/desk/orders/{order.token}/"' in desk.get("/desk/messages/").text


def test_an_agent_writes_first_from_the_order_page(desk: Client) -> None:
    order = OrderFactory(customer=CustomerFactory(name="Anna Schmidt"))
    assert "Write to the shopper" in desk.get(f"/desk/orders/{order.token}/").text
    for _twice in range(2):
        response = desk.post(f"/desk/orders/{order.token}/conversation/", follow=True)
    thread = Thread.objects.get()
    assert response.redirect_chain == [(thread.get_absolute_url() + "#composer", 302)]
    assert "Write to the shopper" in desk.get(f"/desk/orders/{order.token}/").text  # nothing is written yet
    desk.post(f"/desk/conversations/{thread.token}/write/", fields(response.text) | {"words": "Your parcel is late."})
    assert "Your parcel is late." in enter(Client(), order).get(f"/orders/{order.token}/").text
    assert Message.objects.get().topic == "inquiry"


def test_who_bought_unknown_cannot_be_written_to(desk: Client) -> None:
    order = OrderFactory(customer=None)
    page = desk.post(f"/desk/orders/{order.token}/conversation/", follow=True).text
    assert ("The shop gave no buyer details" in page, Thread.objects.count()) == (True, 0)


def test_a_colleague_mentioned_in_a_question_is_notified_and_goes_there(desk: Client, agent: User) -> None:
    mei = UserFactory(role="agent", username="mei", email="mei@shop.example")
    UserFactory(role="inspector", username="ama")
    thread = write_note(OrderFactory(), "@mei @ama look", by=agent).thread
    [row] = Notification.objects.all()  # an inspector cannot open questions
    assert (row.user, row.kind, row.case, row.thread, row.by) == (mei, "mentioned", None, thread, agent)
    other = Client()
    other.force_login(mei)
    assert thread.order.number in other.get("/desk/notifications/").text
    response = other.post(f"/desk/notifications/{row.token}/")
    assert response.headers["Location"] == thread.get_absolute_url()
    Notification.objects.update(read_at=None)
    assert f"{thread.order.number}: " in mail_of(Digest(user=mei, until=timezone.now())).body
    other.get(thread.get_absolute_url())
    assert Notification.objects.unread().count() == 0


def test_a_notification_is_about_a_case_or_a_question_and_not_both() -> None:
    case, user = make_case(), UserFactory()
    thread = write_as_shopper(case.order).thread
    for about in ({}, {"case": case, "thread": thread}, {"thread": thread, "kind": "overdue"}):
        fields = {"kind": "mentioned", "user": user, "key": "k", "made_at": timezone.now()} | about
        with pytest.raises(IntegrityError, match="notification_kind_known"), transaction.atomic():
            Notification.objects.create(**fields)


@pytest.mark.parametrize("page", ["/desk/orders/?q=Anna Schmidt", "/desk/search/?q=Anna Schmidt"])
def test_lists_of_orders_link_to_questions_with_one_query(desk: Client, page: str) -> None:
    customer, asked = CustomerFactory(name="Anna Schmidt"), []
    for rows in (1, 3):
        while Thread.objects.count() < rows:
            write_as_shopper(OrderFactory(customer=customer), "Where?")
        desk.get(page)
        with CaptureQueriesContext(connection) as queries:
            text = desk.get(page).text
        assert text.count("Question, not answered yet") == rows
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_a_case_named_in_words_is_a_link_for_staff_and_never_for_the_shopper(
    desk: Client, shopper: Client, case: Case, agent: User
) -> None:
    other = make_case()
    write_note(case, f"Like {other.number}", by=agent)
    write_message(case, f"As in {other.number} we send a new one.", by=agent)
    write_as_shopper(case, f"What is {other.number}?")
    page, link = desk.get(case.get_absolute_url()).text, f'<a href="{other.get_absolute_url()}">{other.number}</a>'
    assert page.count(link) == 3
    status = shopper.get(f"/cases/{case.number}/").text
    assert (status.count(other.number), "/desk/" in status) == (2, False)


def test_an_order_with_an_open_case_is_talked_about_there(case: Case, shopper: Client) -> None:
    assert "Ask us a question" not in shopper.get(f"/orders/{case.order.token}/").text
    write_as_shopper(case.order, "Asked before")
    assert "Asked before" in shopper.get(f"/orders/{case.order.token}/").text
    desk = Client()
    desk.force_login(UserFactory(role="agent"))
    assert Thread.objects.get(case=None).get_absolute_url() in desk.get(case.get_absolute_url()).text


@pytest.mark.parametrize("show", ["", "inquiries", "all", "complaints"])
def test_the_list_asks_as_often_for_three_rows_as_for_one(desk: Client, show: str) -> None:
    asked = []
    for rows in (1, 2):
        for _row in range(rows):
            thread = write_as_shopper(OrderFactory(), "Where?").thread
            desk.post(f"/desk/conversations/{thread.token}/complaint/", {"severity": "2"})
        with CaptureQueriesContext(connection) as queries:
            page = desk.get(f"/desk/conversations/?show={show}").text
        assert page.count("Where?") == (1 if rows == 1 else 3)
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 10


def test_who_waits_longest_is_first_and_pages_go_by_key(desk: Client, settings: Any) -> None:
    settings.PAGE_SIZE = 2
    now = timezone.now()
    for hours in (1, 3, 2):
        write_as_shopper(OrderFactory(), f"Waiting {hours}", now=now - timedelta(hours=hours))
    first = desk.get("/desk/conversations/")
    assert [row["last"].words for row in first.context["rows"]] == ["Waiting 3", "Waiting 2"]
    second = desk.get("/desk/conversations/" + first.context["page"].next)
    assert [row["last"].words for row in second.context["rows"]] == ["Waiting 1"]


def test_an_empty_draft_makes_no_conversation(desk: Client, case: Case) -> None:
    desk.post(write_url(case), {"key": "k", "do": "draft", "words": "Dear", "kind": "message"})
    assert case.number not in desk.get("/desk/conversations/?show=all").text


# Complaints


def test_a_complaint_has_its_own_stored_clock_and_its_result_is_told(desk: Client, case: Case, agent: User) -> None:
    write_as_shopper(case, "You were rude.")
    page = desk.post(f"/desk/cases/{case.number}/complaint/", {"severity": "3"}, follow=True).text
    thread = Thread.objects.get()
    waits = [thread.answer_due_at - thread.complained_at, thread.result_due_at - thread.complained_at]
    assert (thread.severity, waits) == (3, [timedelta(hours=24), timedelta(hours=48)])
    assert ("Marked as a complaint." in page, "grave" in page, "First answer" in page) == (True, True, True)
    assert case.log.order_by("seq").last().facts == {"severity": 3}
    due = thread.result_due_at
    desk.post(f"/desk/cases/{case.number}/complaint/", {"severity": "1"})
    assert Thread.objects.get().result_due_at == due
    write_message(case, "Sorry.", by=agent)
    assert Thread.objects.get().answered_at is not None
    for _twice in range(2):
        desk.post(f"/desk/cases/{case.number}/complaint/", {"words": "We apologise and send a voucher.", "key": "k"})
    thread = Thread.objects.get()
    assert (thread.is_open_complaint, Post.objects.filter(is_outcome=True).count()) == (False, 1)
    assert "We apologise" in write_mail(case.log.order_by("seq").last()).text
    page = desk.post(f"/desk/cases/{case.number}/complaint/", {"words": "More", "key": "k2"}, follow=True).text
    assert "This complaint has its result already." in page


def test_the_clock_says_in_words_what_was_met_and_missed() -> None:
    case, agent = make_case(), UserFactory(role="agent")
    post = write_as_shopper(case)
    start = timezone.now() - timedelta(hours=40)
    due = {"answer_due_at": start + timedelta(hours=24), "result_due_at": start + timedelta(hours=48)}
    Thread.objects.update(severity=1, complained_at=start, **due)
    thread = Thread.objects.select_related("shop").get(pk=post.thread_id)
    words = [(clock.tone, clock.words.split()[0]) for clock in clocks_of(thread, now=timezone.now())]
    assert words == [("danger", "missed:"), ("info", "by")]
    write_message(case, "Here I am.", by=agent)
    thread = Thread.objects.select_related("shop").get(pk=post.thread_id)
    thread.concluded_at = start + timedelta(hours=41)
    words = [(clock.tone, clock.words.split()[0]) for clock in clocks_of(thread, now=timezone.now())]
    assert words == [("danger", "late:"), ("ok", "in")]


@pytest.mark.parametrize("data", [{}, {"severity": "9"}, {"severity": "x"}, {"words": " ", "key": "k"}])
def test_a_bad_complaint_form_is_a_sentence(desk: Client, case: Case, data: dict[str, str]) -> None:
    page = desk.post(f"/desk/cases/{case.number}/complaint/", data, follow=True).text
    assert "Choose how serious the complaint is." in page or "Write what the result is" in page
    assert Thread.objects.filter(severity__isnull=False).count() == 0
