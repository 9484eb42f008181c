"""Conversations: who may write what, nothing is sent twice, and what a second person wrote meanwhile is shown first."""

import re
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django_fsm import TransitionNotAllowed

from feedback.conversation.actions import (
    AnsweredMeanwhile,
    NothingToSend,
    inquiry_of,
    mark_read,
    mark_read_by_shopper,
    post_from_shopper,
    take_note_back,
    thread_of,
)
from feedback.conversation.drafts import draft_of, keep_draft, remove_from_draft
from feedback.conversation.erasing import erase_words
from feedback.conversation.rules import mentioned_names, split_words
from feedback.messages.actions import write_message as write_mail
from feedback.messages.outbox import send_due
from feedback.models import (
    Mention,
    Message,
    Notification,
    Post,
    PostDocument,
    PostDraft,
    PostPicture,
    ReadMark,
    Thread,
)
from feedback.templatetags.feedback_panels import post_words
from returns.models import Case, LogEntry
from returns.review.actions import request_information
from returns.review.assignment import take
from signoff.pictures.clean import CleanFile, clean_file
from tests.factories import CustomerFactory, OrderFactory, PostFactory, UserFactory, make_case
from tests.factories.conversation import write_as_shopper, write_message, write_note
from tests.pictures.pdf_files import written
from tests.steps.browser_users import jpeg

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 3, 9, tzinfo=UTC)


@pytest.fixture
def agent() -> User:
    return UserFactory(role="agent")


@cache
def files() -> list[CleanFile]:
    return [
        clean_file(SimpleUploadedFile("a.jpg", jpeg())),
        clean_file(SimpleUploadedFile("slip.pdf", written())),
    ]


def last(case: Case) -> LogEntry:
    return case.log.order_by("seq").last()


def test_a_message_of_staff_is_in_the_thread_and_the_logbook_and_the_mail(agent: User) -> None:
    case = make_case()
    post = write_message(case, "  It is on its way.  ", by=agent, now=NOW)
    thread = Thread.objects.get()
    entry = last(case)
    assert (post.seq, post.kind, post.words, post.by, post.log_seq) == (1, "message", "It is on its way.", agent, 2)
    assert (thread.case, thread.order, thread.seq, thread.last_at, thread.waiting_since) == (
        case, case.order, 1, NOW, None,
    )  # fmt: skip
    assert (entry.verb, entry.facts, entry.by, entry.reason) == ("message_sent", {"post": 1}, agent, "")
    message = write_mail(entry)
    assert message.subject == f"A message about your request {case.number}"
    assert "\n\nIt is on its way.\n\n" in message.text
    assert f"/cases/{case.number}/" in message.text


def test_words_are_in_no_logbook_and_no_history(agent: User) -> None:
    case = make_case()
    write_note(case, "Secretive words", by=agent)
    write_as_shopper(case, "Secretive words")
    write_message(case, "Secretive words", by=agent)
    assert [entry.facts for entry in case.log.order_by("seq")][1:] == [{"post": 1}, {"post": 2}, {"post": 3}]
    assert "Secretive" not in str(list(LogEntry.objects.values())) + str(list(Case.history.values()))


def test_a_message_of_the_shopper_waits_until_staff_answer(agent: User) -> None:
    case = make_case()
    write_as_shopper(case, "One", now=NOW)
    write_as_shopper(case, "Two", now=NOW + timedelta(hours=1))
    write_note(case, "Hm", by=agent, now=NOW + timedelta(hours=2))
    thread = Thread.objects.get()
    assert (thread.waiting_since, thread.last_at) == (NOW, NOW + timedelta(hours=1))
    assert (last(case).verb, case.log.get(seq=2).by_shopper) == ("note_added", True)
    write_message(case, "Three", by=agent, now=NOW + timedelta(hours=3))
    assert Thread.objects.get().waiting_since is None


def test_a_message_ends_the_wait_for_an_answer(agent: User) -> None:
    case = request_information(make_case(), by=agent, question="Which one?")
    write_as_shopper(case, "The blue one")
    assert [entry.verb for entry in case.log.order_by("seq")][-2:] == ["supply_information", "message_received"]
    assert Case.objects.get(pk=case.pk).status == "submitted"


@pytest.mark.parametrize(
    ("role", "message", "note"),
    [
        ("agent", True, True),
        ("manager", True, True),
        ("inspector", False, True),
        ("finance", False, True),
        ("", False, False),
    ],
)
def test_who_may_write_messages_and_notes(role: str, message: bool, note: bool) -> None:
    case, by = make_case(), UserFactory(role=role)
    for write, allowed in ((write_message, message), (write_note, note)):
        if allowed:
            assert write(case, by=by).by == by
        else:
            with pytest.raises(PermissionDenied):
                write(case, by=by)


def test_the_same_form_sent_twice_makes_one_message(agent: User) -> None:
    case, key = make_case(), uuid4().hex
    first = write_message(case, "Once", by=agent, key=key)
    assert write_message(case, "Once", by=agent, key=key) == first
    shoppers = [write_as_shopper(case, "Once", key=key + "s") for _ in range(2)]
    notes = [write_note(case, "Once", by=agent, key=key + "n") for _ in range(2)]
    assert (shoppers[0], notes[0]) == (shoppers[1], notes[1])
    for entry in [*case.log.order_by("seq"), *case.log.order_by("seq")]:
        write_mail(entry)
    send_due()
    assert (Post.objects.count(), [letter.subject for letter in mail.outbox].count(
        f"A message about your request {case.number}")) == (3, 1)  # fmt: skip


def test_a_form_that_is_changed_and_sent_again_loses_no_words(agent: User) -> None:
    case, key = make_case(), uuid4().hex
    write_message(case, "One", by=agent, key=key)
    write_message(case, "Two", by=agent, key=key)
    assert [post.words for post in Post.objects.order_by("seq")] == ["One", "Two"]


def test_without_the_constraint_on_keys_a_message_could_be_there_twice() -> None:
    post = PostFactory()
    with pytest.raises(IntegrityError, match="one_post_per_key"), transaction.atomic():
        PostFactory(thread=post.thread, key=post.key)


def test_who_answers_second_sees_the_first_answer_before_sending(agent: User) -> None:
    case, colleague = make_case(), UserFactory(role="agent", first_name="Jon", last_name="Lind")
    asked = write_as_shopper(case)
    write_message(case, "I do it", by=colleague, seen=asked.seq)
    with pytest.raises(AnsweredMeanwhile, match="Jon Lind has just answered"):
        write_message(case, "No, I", by=agent, seen=asked.seq)
    assert write_message(case, "Together", by=agent, seen=2).seq == 3
    write_as_shopper(case, "Wait")
    with pytest.raises(AnsweredMeanwhile, match="The shopper has written again"):
        write_message(case, "Done", by=colleague, seen=3)


def test_notes_and_own_messages_hold_nobody_up(agent: User) -> None:
    case = make_case()
    write_message(case, "One", by=agent, seen=0)
    write_note(case, "Mind the price")
    assert write_message(case, "Two", by=agent, seen=0).seq == 3


@pytest.mark.parametrize("write", [write_message, write_note, write_as_shopper])
def test_nothing_is_not_sent(write: object) -> None:
    with pytest.raises(NothingToSend):
        write(make_case(), "  \n ")  # type: ignore[operator]
    assert (Post.objects.count(), LogEntry.objects.filter(verb__contains="_").count()) == (0, 0)


def test_files_of_a_draft_go_with_the_message(agent: User) -> None:
    case = make_case()
    assert keep_draft(thread_of(case), user=agent, words="Look", files=files()) == []
    post = write_message(case, "Look here", by=agent)
    assert [picture.post for picture in PostPicture.objects.all()] == [post]
    assert [(pdf.post, pdf.name, pdf.draft) for pdf in PostDocument.objects.all()] == [(post, "slip.pdf", None)]
    assert (PostDraft.objects.count(), last(case).facts) == (0, {"post": 1, "pictures": 1, "documents": 1})
    assert "2 attachments: you'll find them on the page." in write_mail(last(case)).text


def test_files_of_a_mail_go_with_it() -> None:
    post = write_as_shopper(make_case(), "", files=files(), via=Post.Via.MAIL)
    assert (post.via, post.postpictures.count(), post.postdocuments.get().pages) == ("mail", 1, 1)


def test_the_same_file_is_kept_once_and_can_be_removed(agent: User) -> None:
    thread = thread_of(make_case())
    for _again in range(2):
        keep_draft(thread, user=agent, words="", files=files())
    draft = draft_of(thread, agent)
    assert (draft.postpictures.count(), draft.postdocuments.count()) == (1, 1)
    remove_from_draft(thread, user=UserFactory(), token=draft.postpictures.get().token)
    remove_from_draft(thread, user=agent, token=draft.postpictures.get().token)
    remove_from_draft(thread, user=agent, token=draft.postdocuments.get().token)
    assert (draft.postpictures.count(), draft.postdocuments.count()) == (0, 0)


def test_an_automatic_save_after_sending_keeps_nothing(agent: User) -> None:
    case = make_case()
    write_message(case, "Sent", by=agent, key="k1")
    keep_draft(thread_of(case), user=agent, words="Sen", key="k1")
    assert PostDraft.objects.count() == 0
    keep_draft(thread_of(case), user=agent, words="Sen", key="k2")
    assert PostDraft.objects.get().words == "Sen"


def test_drafts_of_several_people_do_not_meet(agent: User) -> None:
    thread = thread_of(make_case())
    for user, words in ((agent, "A"), (None, "S"), (UserFactory(), "B"), (agent, "AA")):
        keep_draft(thread, user=user, words=words)
    assert sorted(PostDraft.objects.values_list("words", flat=True)) == ["AA", "B", "S"]
    keep_draft(thread, user=agent, words=" ")
    assert draft_of(thread, agent) is None


def test_an_inquiry_stays_a_thread_of_its_own_when_the_order_gets_a_case(agent: User) -> None:
    order = OrderFactory()
    write_as_shopper(order, "Does it float?")
    case = make_case(order=order)
    write_message(order, "It does.", by=agent)
    write_message(case, "About the case", by=agent)
    assert [(thread.case, thread.seq) for thread in order.threads.order_by("pk")] == [(None, 2), (case, 1)]
    with pytest.raises(IntegrityError, match="one_inquiry_per_order"), transaction.atomic():
        Thread.objects.create(order=order, shop=order.shop, begun_at=NOW)


def test_an_answer_to_an_inquiry_is_mailed_once(agent: User) -> None:
    order = OrderFactory(customer=CustomerFactory(language="zh-hans"))
    for _twice in range(2):
        write_message(order, "可以漂浮。", by=agent, key="k")
    message = Message.objects.get()
    assert (message.topic, message.language, message.subject) == ("inquiry", "zh-hans", f"关于您的订单 {order.number}")
    assert f"/orders/{order.token}/" in message.text
    assert (message.matter, message.shop, message.customer) == (order, order.shop, order.customer)


def test_mails_of_a_case_thread_under_the_first_one(agent: User) -> None:
    case = make_case()
    write_message(case, "One", by=agent)
    write_message(case, "Two", by=agent)
    for entry in case.log.order_by("seq"):
        write_mail(entry)
    send_due()
    ids = [letter.extra_headers["Message-ID"] for letter in mail.outbox]
    assert len(ids) == 3
    assert [letter.extra_headers.get("References") for letter in mail.outbox] == [None, ids[0], ids[0]]
    assert [letter.extra_headers.get("In-Reply-To") for letter in mail.outbox] == [None, ids[0], ids[0]]


def test_mails_of_an_order_thread_under_its_first_one(agent: User) -> None:
    order = OrderFactory()
    for words in ("One", "Two"):
        write_message(order, words, by=agent)
    write_message(OrderFactory(), "Other", by=agent)
    send_due()
    first = mail.outbox[0].extra_headers["Message-ID"]
    assert [letter.extra_headers.get("References") for letter in mail.outbox] == [None, first, None]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("@mei see this", ["mei"]),
        ("Ask @Jon.Lind.", ["jon.lind"]),
        ("(@mei, @mei and @jon)", ["mei", "jon"]),
        ("Write to mei@shop.example", []),
        ("@ nobody @@twice", []),
        ("请@mei 看一下", []),
    ],
)
def test_mentions_are_user_names_after_an_at_sign(words: str, names: list[str]) -> None:
    assert mentioned_names(words) == names


R = "R-100042-1"


@pytest.mark.parametrize(
    ("words", "linked"),
    [
        (f"Same as {R}.", [R]),
        ("see r-100042-1, R-100042-1", ["r-100042-1", R]),
        (f"请看{R}的照片", [R]),
        (f"({R})\n@mei", [R]),
        ("R-100042-7 and R-100042-", []),
        ("OR-100042-1 R-100042-11 R-100042-1-A R-R-100042-1", []),
        ("1000421", []),
        ("R-１０００４２-６", []),
        (f"<b>{R}</b>", [R]),
    ],
)
def test_numbers_of_cases_with_the_right_check_digit_are_links_at_the_desk(words: str, linked: list[str]) -> None:
    assert "".join(part for part, _kind in split_words(words)) == words
    assert [part for part, kind in split_words(words) if kind == "case"] == linked
    html = post_words(words)
    assert re.findall(r'<a href="/desk/cases/R-100042-1/">([^<]+)</a>', html) == linked
    assert "<b>" not in html


def test_a_mention_is_a_row_for_each_active_colleague(agent: User) -> None:
    mei, gone = UserFactory(username="Mei"), UserFactory(username="gone", is_active=False)
    post = write_note(make_case(), f"@mei @gone @nobody @{agent.username} look", by=agent)
    assert [(row.post, row.user) for row in Mention.objects.all()] == [(post, mei)]
    write_as_shopper(make_case(), "@mei help")
    assert Mention.objects.count() == 1
    assert gone.pk


def test_a_mention_on_a_case_is_a_notification(agent: User) -> None:
    mei, case = UserFactory(username="mei"), make_case()
    write_note(case, "@mei look", by=agent)
    [told] = Notification.objects.all()
    assert (told.user, told.kind, told.case, told.by) == (mei, Notification.Kind.MENTIONED, case, agent)


def test_a_note_that_nobody_else_has_read_is_taken_back_and_a_draft_again(agent: User) -> None:
    mei, case = UserFactory(username="mei"), make_case()
    keep_draft(thread_of(case), user=agent, words="", files=files())
    note = write_note(case, "@mei look", by=agent)
    mark_read(note.thread, by=agent, seq=1)
    take_note_back(thread_of(case), seq=1, by=agent)
    note.refresh_from_db()
    assert (note.words, note.mentions.count(), Notification.objects.filter(user=mei).count()) == ("", 0, 0)
    assert (last(case).verb, PostPicture.objects.exclude(post=None).count()) == ("note_added", 0)
    draft = PostDraft.objects.get()
    assert (draft.user, draft.kind, draft.words) == (agent, "note", "@mei look")
    assert (draft.postpictures.count(), draft.postdocuments.get().name) == (1, "slip.pdf")
    with pytest.raises(TransitionNotAllowed, match="taken back or erased already"):
        take_note_back(thread_of(case), seq=1, by=agent)


def test_a_note_taken_back_leaves_the_draft_that_was_typed_meanwhile(agent: User) -> None:
    case = make_case()
    keep_draft(thread_of(case), user=agent, words="", files=files())
    write_note(case, "First", by=agent)
    keep_draft(thread_of(case), user=agent, words="Second")
    take_note_back(thread_of(case), seq=1, by=agent)
    assert (PostDraft.objects.get().words, Post.objects.get().words) == ("Second", "")
    assert (PostPicture.objects.get().is_erased, PostDocument.objects.get().file.name) == (True, "")


def test_a_note_that_a_colleague_has_read_stays(agent: User) -> None:
    case, mei = make_case(), UserFactory(username="mei")
    note = write_note(case, "@mei look", by=agent)
    mark_read(note.thread, by=mei, seq=1)
    with pytest.raises(TransitionNotAllowed, match="A colleague has read this note"):
        take_note_back(thread_of(case), seq=1, by=agent)
    write_note(case, "More", by=agent)
    take_note_back(thread_of(case), seq=2, by=agent)
    assert [post.words for post in Post.objects.order_by("seq")] == ["@mei look", ""]
    assert Notification.objects.count() == 1


@pytest.mark.parametrize("write", [write_message, write_note])
def test_neither_a_message_nor_a_note_of_a_colleague_is_taken_back(agent: User, write: Any) -> None:
    case = make_case()
    write(case, "Words", by=agent if write is write_message else UserFactory(role="agent"))
    with pytest.raises(TransitionNotAllowed):
        take_note_back(thread_of(case), seq=1, by=agent)
    assert Post.objects.get().words == "Words"


def test_a_message_of_the_shopper_is_told_to_the_owner_once(agent: User) -> None:
    case = take(make_case(), by=agent)
    write_as_shopper(case, "Any news?")
    [told] = Notification.objects.all()
    assert (told.user, told.kind, told.case) == (agent, Notification.Kind.ANSWERED, case)
    case = request_information(Case.objects.get(pk=case.pk), by=agent, question="Which?")
    write_as_shopper(case, "The blue one.")
    assert Notification.objects.count() == 1  # the step tells by the logbook


def test_a_message_by_mail_leaves_the_draft_on_the_page(agent: User) -> None:
    thread = thread_of(make_case())
    keep_draft(thread, user=None, words="Half typed", files=files())
    post = post_from_shopper(thread, words="By mail", key="<1@mail.example>", via=Post.Via.MAIL)
    assert (post.postpictures.count(), thread.drafts.get().words) == (0, "Half typed")


def test_read_marks_are_for_each_person_and_one_for_the_shopper(agent: User) -> None:
    thread = write_message(by=agent).thread
    mark_read(thread, by=agent, seq=1)
    mark_read(thread, by=agent, seq=1)
    mark_read(thread, by=UserFactory(), seq=0)
    mark_read_by_shopper(thread, seq=1)
    assert sorted(ReadMark.objects.values_list("seq", flat=True)) == [0, 1]
    assert Thread.objects.get().shopper_seen == 1


def test_words_and_files_can_be_erased_and_nothing_else_changes(agent: User) -> None:
    case = make_case()
    keep_draft(thread_of(case), user=agent, words="Look", files=files())
    post = write_message(case, "Anna lives here", by=agent)
    keep_draft(thread_of(case), user=agent, words="And here")
    erase_words(thread_of(case))
    post.refresh_from_db()
    assert (post.words, post.seq, post.by, PostDraft.objects.count()) == ("", 1, agent, 0)
    assert (PostPicture.objects.get().is_erased, PostDocument.objects.get().file.name) == (True, "")
    for change in ({"words": "Other"}, {"seq": 9}):
        with pytest.raises(IntegrityError, match="cannot be changed"), transaction.atomic():
            Post.objects.filter(pk=write_message(case, "x", by=agent).pk).update(**change)
    assert inquiry_of(case.order).pk != thread_of(case).pk
