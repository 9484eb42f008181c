"""What becomes of mails: posts, notes, bounces, and those that a person must see to."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail as django_mail
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from feedback.conversation.actions import inquiry_of, thread_of
from feedback.mail_in.actions import IN_AN_HOUR, forget_mails, mark_handled, process_mails
from feedback.mail_in.doors import digest_of, store_mail
from feedback.messages.actions import write_message
from feedback.messages.render_mail import mail_of, message_id
from feedback.messages.reply_address import reply_address_of, token_of
from feedback.models import InboundMail, Message, Post, PostDocument, PostPicture, ReplyAddress
from returns.models import Case
from returns.review.actions import request_information
from tests.factories import UserFactory, make_case
from tests.factories.conversation import write_message as write_to_shopper
from tests.feedback.mail_in.mails import bounce, mail
from tests.pictures.test_documents import written
from tests.steps.browser_users import jpeg

pytestmark = pytest.mark.django_db
DOOR = InboundMail.Door.WEBHOOK
PROBLEM, OUTCOME = InboundMail.Problem, InboundMail.Outcome


@pytest.fixture(autouse=True)
def domain(settings: Any) -> None:
    settings.REPLY_DOMAIN = "reply.shop.example"


@pytest.fixture
def case() -> Case:
    case = make_case()
    case.customer.email = "anna@shopper.example"
    case.customer.save()
    return case


def address(case: Case) -> str:
    return f"reply+{token_of(case)}@reply.shop.example"


def arrive(raw: bytes) -> InboundMail:
    row = store_mail(raw, door=DOOR)
    process_mails()
    row.refresh_from_db()
    assert bytes(row.raw) == b""
    return row


def words_of(case: Case) -> list[str]:
    return list(Post.objects.filter(thread__case=case).order_by("seq").values_list("words", flat=True))


def test_a_reply_is_a_message_of_the_shopper_in_the_thread(case: Case) -> None:
    row = arrive(mail("It hums.\n\n-- \nAnna", to=address(case)))
    post = Post.objects.get()
    assert (post.thread.case, post.words, post.via, post.by) == (case, "It hums.", Post.Via.MAIL, None)
    assert (row.outcome, row.post, row.sender, row.text) == (OUTCOME.POSTED, post, "", "")
    assert case.log.get(seq=post.log_seq).verb == "message_received"
    assert post.thread.waiting_since is not None


def test_a_reply_about_an_order_is_in_its_inquiry(case: Case) -> None:
    order = case.order
    arrive(mail(to=f"reply+{token_of(order)}@reply.shop.example"))
    assert Post.objects.get().thread == inquiry_of(order)


def test_the_same_mail_twice_is_one_message(case: Case) -> None:
    raw = mail(to=address(case))
    arrive(raw)
    arrive(b"Received: from mx2.example\n" + raw)
    assert words_of(case) == ["The lamp arrived."]
    assert InboundMail.objects.count() == 1


def test_without_its_digest_the_same_mail_would_be_two_rows_but_still_one_message(case: Case) -> None:
    """Negative control of the unique digest, and of the key of the post behind it."""
    raw = mail(to=address(case))
    arrive(raw)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE feedback_inboundmail SET digest = 'another'")
    arrive(raw)
    assert InboundMail.objects.count() == 2
    assert words_of(case) == ["The lamp arrived."]
    arrive(mail(to=address(case), message_id="<two@shopper.example>"))
    assert words_of(case) == ["The lamp arrived."] * 2


def test_another_mail_with_the_same_message_id_is_not_lost(case: Case) -> None:
    arrive(mail("First.", to=address(case)))
    arrive(mail("Second.", to=address(case)))
    assert words_of(case) == ["First.", "Second."]


def test_a_reply_answers_the_question_that_a_case_waits_for(case: Case) -> None:
    request_information(case, by=UserFactory(role="agent"), question="Is it broken?")
    arrive(mail("Yes.", to=address(case)))
    case = Case.objects.get(pk=case.pk)
    assert case.status == Case.Status.SUBMITTED


def test_a_mail_from_another_address_is_shown_as_such_and_moves_nothing(case: Case) -> None:
    request_information(case, by=UserFactory(role="agent"), question="Is it broken?")
    arrive(mail("Cancel it.", to=address(case), sender="Eve <eve@other.example>"))
    assert words_of(case) == [
        "Cancel it.\n\n[Sent from another address: eve@other.example. We can't tell whether you wrote this.]"
    ]
    assert Case.objects.get(pk=case.pk).status == Case.Status.WAITING_ON_SHOPPER


def test_a_forged_token_is_kept_for_a_person_and_nobody_is_answered(case: Case) -> None:
    row = arrive(mail(to=f"reply+{'f' * 32}@reply.shop.example"))
    assert (row.outcome, row.problem, row.thread) == (OUTCOME.UNMATCHED, PROBLEM.UNKNOWN_ADDRESS, None)
    assert (row.sender, row.subject, row.text) == ("anna@shopper.example", "Re: Your request", "The lamp arrived.")
    assert list(InboundMail.objects.for_a_person()) == [row]
    assert (Post.objects.count(), Message.objects.count(), django_mail.outbox) == (0, 0, [])


def test_pictures_and_pdfs_go_through_the_pipeline_and_others_are_refused_with_a_sentence(case: Case) -> None:
    files = {"a.jpg": jpeg(), "slip.pdf": written(), "invoice.pdf.exe": b"MZ\x90\0" + b"x" * 500}
    arrive(mail("See here.", to=address(case), files=files))
    assert (PostPicture.objects.count(), PostDocument.objects.get().name) == (1, "slip.pdf")
    assert words_of(case) == [
        "See here.\n\n[invoice.pdf.exe: this file can't be accepted. Send a picture (JPEG, PNG, WebP, GIF, HEIC, AVIF) "
        "or a PDF.]"
    ]


@pytest.mark.parametrize(
    ("raw", "words", "problem"),
    [
        (
            lambda to: mail(to=to) + b"x" * (30 * 1024**2),
            "[This e-mail was larger than 25 MB, so it was not opened. Please send its files in smaller ones.]",
            PROBLEM.TOO_LARGE,
        ),
        (
            lambda to: (
                f"From: anna@shopper.example\nTo: {to}\nContent-Type: multipart/mixed; boundary=b\n\n".encode()
                + b"--b\n\nx\n" * 10_000
            ),
            "[This e-mail had too many parts, so it was not opened. Please write it again.]",
            PROBLEM.TOO_COMPLEX,
        ),
    ],
)
def test_what_is_too_large_is_one_sentence_in_the_thread(case: Case, raw: Any, words: str, problem: str) -> None:
    request_information(case, by=UserFactory(role="agent"), question="Is it broken?")
    row = arrive(raw(address(case)))
    assert words_of(case) == [words]
    assert (row.outcome, row.problem) == (OUTCOME.POSTED, problem)
    assert Case.objects.get(pk=case.pk).status == Case.Status.WAITING_ON_SHOPPER


def test_sentences_are_in_the_shoppers_language(case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(language="zh-hans")
    arrive(mail("灯坏了", to=address(case), sender="eve@other.example"))
    assert words_of(case) == ["灯坏了\n\n[发件地址不同：eve@other.example。我们无法确认是否由您本人发送。]"]


def test_an_automatic_reply_is_noted_once_a_day_and_answers_nothing(case: Case) -> None:
    request_information(case, by=UserFactory(role="agent"), question="Is it broken?")
    for number in range(3):
        row = arrive(mail("Away.", to=address(case), Auto_Submitted="auto-replied", message_id=f"<{number}@x.example>"))
        assert row.outcome == OUTCOME.AUTOMATIC
    assert [entry.verb for entry in case.log.all()].count("automatic_reply") == 1
    assert (words_of(case), django_mail.outbox) == ([], [])
    assert Case.objects.get(pk=case.pk).status == Case.Status.WAITING_ON_SHOPPER


def test_two_machines_that_do_not_say_so_end_after_twenty_mails_an_hour(case: Case) -> None:
    for number in range(IN_AN_HOUR + 2):
        row = arrive(mail(f"Away {number}.", to=address(case), message_id=f"<{number}@x.example>"))
    assert (row.outcome, row.problem) == (OUTCOME.UNMATCHED, PROBLEM.TOO_MANY)
    assert len(words_of(case)) == IN_AN_HOUR
    assert (Message.objects.count(), django_mail.outbox) == (0, [])


def sent_message(case: Case) -> Message:
    write_to_shopper(case, "How is it?", by=UserFactory(role="agent"), now=timezone.now())
    message = write_message(case.log.order_by("seq").last())
    message.status = Message.Status.SENT
    message.save()
    return message


def test_a_bounce_is_shown_on_its_message_and_in_the_case(case: Case) -> None:
    message = sent_message(case)
    row = arrive(bounce(message_id(message), to=reply_address_of(message)))
    message.refresh_from_db()
    assert row.outcome == OUTCOME.BOUNCE
    assert (message.status, message.failure) == (Message.Status.FAILED, "550 5.1.1 no such mailbox")
    assert case.log.order_by("seq").last().verb == "mail_bounced"


def test_a_bounce_to_another_address_is_not_believed(case: Case) -> None:
    message = sent_message(case)
    for to in (address(make_case()), "after-sales@shop.example"):
        row = arrive(bounce(message_id(message), to=to))
        message.refresh_from_db()
        assert (row.outcome, row.problem) == (OUTCOME.UNMATCHED, PROBLEM.UNKNOWN_MESSAGE)
        assert message.status == Message.Status.SENT


def test_a_mail_without_anything_in_it_is_kept_for_a_person(case: Case) -> None:
    row = arrive(mail(" ", to=address(case)))
    assert (row.outcome, row.problem, words_of(case)) == (OUTCOME.UNMATCHED, PROBLEM.EMPTY, [])


def test_a_mail_that_fails_five_times_is_kept_for_a_person_and_stops_nobody(case: Case) -> None:
    bad = store_mail(mail("Bad.", to=address(case)), door=DOOR)
    InboundMail.objects.filter(pk=bad.pk).update(attempts=5)
    arrive(mail("Good.", to=address(case), message_id="<two@shopper.example>"))
    bad.refresh_from_db()
    assert (bad.outcome, bad.problem) == (OUTCOME.UNMATCHED, PROBLEM.FAILED)
    assert words_of(case) == ["Good."]


def test_a_person_marks_a_mail_as_handled_once() -> None:
    row = arrive(mail())
    agent = UserFactory(role="agent")
    with pytest.raises(PermissionDenied):
        mark_handled(row, by=UserFactory(role="inspector"))
    first = mark_handled(row, by=agent)
    assert mark_handled(row, by=UserFactory(role="agent")).handled_at == first.handled_at
    assert not InboundMail.objects.for_a_person().exists()


def test_what_is_kept_is_erased_after_a_month() -> None:
    row = arrive(mail())
    assert forget_mails(timezone.now() + timedelta(days=29)) == 0
    assert forget_mails(timezone.now() + timedelta(days=31)) == 1
    row.refresh_from_db()
    assert (row.sender, row.subject, row.text) == ("", "", "")


def test_tokens_are_in_no_table_in_clear_and_the_same_for_every_mail_of_a_case(case: Case) -> None:
    message = sent_message(case)
    token = token_of(case)
    assert reply_address_of(message) == f"reply+{token}@reply.shop.example" == mail_of(message).reply_to[0]
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(row::text, ' ') FROM feedback_replyaddress row")
        assert token not in cursor.fetchone()[0]
    assert token_of(make_case()) != token


def test_a_token_whose_key_was_lost_is_made_anew(case: Case) -> None:
    old = token_of(case)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE feedback_replyaddress SET token = 'unreadable'")
    new = token_of(case)
    assert new != old
    assert (token_of(case), ReplyAddress.objects.count()) == (new, 1)


def test_without_a_domain_replies_go_to_the_shop(case: Case, settings: Any) -> None:
    settings.REPLY_DOMAIN = ""
    mail = mail_of(sent_message(case))
    assert mail.reply_to == [case.shop.email]
    assert ReplyAddress.objects.count() == 0


@given(
    st.binary(max_size=300), st.sampled_from([b"\n", b"\n\n", b"\nContent-Type: multipart/mixed; boundary=b\n\n--b\n"])
)
@hypothesis_settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_no_bytes_whatever_raise_or_leave_half_a_message(case: Case, content: bytes, middle: bytes) -> None:
    head = f"From: anna@shopper.example\nTo: {address(case)}".encode()
    row = arrive(head + middle + content)
    assert (row.outcome == OUTCOME.POSTED) == (row.post is not None)
    thread = thread_of(case)
    assert thread.seq == thread.posts.count() == case.log.filter(verb="message_received").count()


def test_the_digest_is_of_message_id_and_body() -> None:
    assert digest_of(mail()) == digest_of(b"Received: x\n" + mail())
    assert digest_of(mail()) != digest_of(mail("Other."))
    assert digest_of(mail()) != digest_of(mail(message_id="<two@shopper.example>"))
