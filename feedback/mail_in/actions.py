"""Process mails that arrived: a message of the conversation, a note of an automatic reply, a bounce, or for a person.

Nothing here ever writes to the sender, so two machines cannot answer each other.
"""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.utils import timezone, translation

from feedback.conversation.actions import NothingToSend, inquiry_of, post_from_shopper, thread_of
from feedback.conversation.drafts import lock_thread, store_document
from feedback.conversation.replies import language_of
from feedback.mail_in import text as say
from feedback.mail_in.parts import MailRefused
from feedback.mail_in.rules import Attachment, ParsedMail, parse, parse_head
from feedback.messages.reply_address import find_address
from feedback.models import InboundMail, Message, Post, PostDocument, PostPicture, ReplyAddress, Thread
from returns.lifecycle.actions import require_permission
from returns.logbook.locks import lock_case
from returns.logbook.writer import note
from returns.permissions import REVIEW
from signoff.db.required import required
from signoff.pictures.clean import CleanDocument, CleanFile, CleanPicture, clean_files
from signoff.pictures.storage import StorageFull
from signoff.pictures.store import publish_all
from signoff.web.hashing import keyed_hash

logger = logging.getLogger(__name__)
MAX_ATTEMPTS = 5
KEEP_FOR = timedelta(days=30)
IN_AN_HOUR = 20  # messages by mail in one conversation; a machine that does not say so writes more
Outcome, Problem = InboundMail.Outcome, InboundMail.Problem


class Unmatched(Exception):
    """A person must see to this mail; ``problem`` says why."""

    def __init__(self, problem: InboundMail.Problem) -> None:
        super().__init__(problem)
        self.problem = problem


def process_mails(now: datetime | None = None) -> int:
    """Process every mail that waits, the oldest first; returns how many.

    A mail that fails is tried again by later runs, then kept for a person; it never holds up the next ones.
    """
    processed, last_key = 0, 0
    while (mail := _claim(after=last_key)) is not None:
        last_key = mail.pk
        try:
            processed += _process(mail, now or timezone.now())
        except (StorageFull, OSError):  # no fault of the mail: it waits until there is room
            logger.exception("Mail %s is left to a later run", mail.pk)
            InboundMail.objects.filter(pk=mail.pk).update(attempts=mail.attempts - 1)
        except DatabaseError as error:  # without its words: PostgreSQL quotes the row
            logger.error("Mail %s is left to a later run: %s", mail.pk, type(error).__name__)
            if mail.attempts >= MAX_ATTEMPTS:
                _give_up(mail, now or timezone.now())
    return processed


def forget_mails(now: datetime | None = None) -> int:
    """Erase what is kept of mails that belong to no conversation, after a month; returns how many."""
    old = InboundMail.objects.filter(received_at__lt=(now or timezone.now()) - KEEP_FOR, processed_at__isnull=False)
    return old.exclude(sender="", subject="", text="").update(sender="", subject="", text="")


@transaction.atomic
def mark_handled(mail: InboundMail, *, by: User, now: datetime | None = None) -> InboundMail:
    """A person has seen to this mail; nothing happens the second time. Raises ``PermissionDenied``."""
    require_permission(by, REVIEW)
    mail = InboundMail.objects.select_for_update().get(pk=mail.pk)
    if mail.handled_at is None:
        mail.handled_at, mail.handled_by = now or timezone.now(), by
        mail.save()
    return mail


@transaction.atomic
def _claim(*, after: int) -> InboundMail | None:
    """The next unread mail that no other worker has. Counts the attempt first: processing may end the worker."""
    unread = InboundMail.objects.filter(processed_at=None, pk__gt=after)
    mail = unread.select_for_update(skip_locked=True).order_by("pk").first()
    if mail is None:
        return None
    if mail.attempts >= MAX_ATTEMPTS:  # it takes its worker down with it
        _finish(mail, Outcome.UNMATCHED, timezone.now(), problem=Problem.FAILED)
        return mail
    mail.attempts += 1
    mail.save(update_fields=["attempts"])
    return mail


def _process(mail: InboundMail, now: datetime) -> bool:
    """Process one mail; False if another worker has it. The pictures are opened before anything is locked."""
    if mail.processed_at:
        return True
    parsed, problem = _read(mail)
    address = next(filter(None, map(find_address, parsed.tokens)), None)
    thread = _thread_of(address, now) if address and parsed.kind != "bounce" else None
    files: list[CleanFile] = []
    remarks: list[str] = []
    if thread and parsed.kind == "reply":
        with translation.override(language_of(thread)):
            remarks = _remarks(parsed, problem)
            if not problem:
                files, refusals = clean_files(map(_upload, parsed.attachments))
                remarks += refusals
    with transaction.atomic():
        unread = InboundMail.objects.select_for_update(skip_locked=True, of=["self"])
        locked = unread.filter(pk=mail.pk, processed_at=None).first()
        if locked is None:
            return False
        try:
            if parsed.bounce:
                _bounce(locked, parsed, address, now)
            elif parsed.kind != "reply":
                _automatic(locked, thread, now)
            else:
                _reply(locked, parsed, thread, now, problem=problem, remarks=remarks, files=files)
        except Unmatched as why:
            _finish(locked, Outcome.UNMATCHED, now, problem=why.problem, thread=thread, parsed=parsed)
    return True


def _read(mail: InboundMail) -> tuple[ParsedMail, InboundMail.Problem | None]:
    """What the mail says; of one that is not opened only its headers, with the reason."""
    raw = bytes(mail.raw)
    try:
        if mail.size > len(raw):
            raise MailRefused("size")
        return parse(raw), None
    except MailRefused as refusal:
        problem = Problem.TOO_LARGE if refusal.why == "size" else Problem.TOO_COMPLEX
    return parse_head(raw), problem


def _thread_of(address: ReplyAddress, now: datetime) -> Thread:
    if address.case:
        thread = thread_of(address.case, now=now)
        thread.customer = address.case.customer
        return thread
    return inquiry_of(required(address.order), now=now)


def _remarks(parsed: ParsedMail, problem: InboundMail.Problem | None) -> list[str]:
    match problem:
        case Problem.TOO_LARGE:
            return [say.too_large()]
        case Problem.TOO_COMPLEX:
            return [say.too_complex()]
    return say.limits_of(parsed)


def _upload(attachment: Attachment) -> SimpleUploadedFile:
    return SimpleUploadedFile(attachment.name, attachment.content)


def _reply(
    mail: InboundMail,
    parsed: ParsedMail,
    thread: Thread | None,
    now: datetime,
    *,
    problem: InboundMail.Problem | None,
    remarks: list[str],
    files: list[CleanFile],
) -> None:
    if thread is None:
        raise Unmatched(problem or Problem.UNKNOWN_ADDRESS)
    lately = InboundMail.objects.filter(thread=thread, outcome=Outcome.POSTED, received_at__gt=now - timedelta(hours=1))
    if lately.count() >= IN_AN_HOUR:
        raise Unmatched(Problem.TOO_MANY)
    if not (parsed.text or files or remarks):
        raise Unmatched(Problem.EMPTY)
    key = keyed_hash("mail_post", parsed.message_id or mail.digest)
    # where nothing could be read, nothing is answered
    is_own = bool(parsed.text or files) and _is_sender(parsed.sender, thread)
    try:
        with transaction.atomic():
            if is_own:
                words = say.with_remarks(parsed.text, remarks)
                post = post_from_shopper(thread, words=words, key=key, files=files, via=Post.Via.MAIL, now=now)
            else:
                if not _is_sender(parsed.sender, thread):
                    with translation.override(language_of(thread)):
                        remarks = [say.other_sender(parsed.sender), *remarks]
                words = say.with_remarks(parsed.text, remarks)
                post = _post_unproven(thread, words=words, key=key, files=files, now=now)
    except NothingToSend as nothing:
        raise Unmatched(Problem.EMPTY) from nothing
    _finish(mail, Outcome.POSTED, now, thread=thread, post=post, problem=problem)


def _is_sender(sender: str, thread: Thread) -> bool:
    """Whether the mail says that it comes from the shopper's stored address. A claim that anybody can make."""
    stored = thread.customer.email if thread.customer else ""
    return bool(stored) and sender == stored.strip().lower()


def _post_unproven(thread: Thread, *, words: str, key: str, files: list[CleanFile], now: datetime) -> Post:
    """Show a mail in the thread without any effect on its case: it answers no question and moves nothing."""
    case = lock_case(thread.case) if thread.case else None
    thread = lock_thread(thread)
    done = thread.posts.filter(key=key, words=words).first()
    if done:
        return done
    if thread.posts.filter(key=key).exists():  # another mail that says the same Message-ID
        key = keyed_hash("mail_post", key + words)
    counts = {
        "pictures": sum(isinstance(file, CleanPicture) for file in files),
        "documents": sum(isinstance(file, CleanDocument) for file in files),
    }
    thread.seq += 1
    post = Post(
        thread=thread,
        seq=thread.seq,
        kind=Post.Kind.MESSAGE,
        via=Post.Via.MAIL,
        words=words,
        written_at=now,
        key=key,
    )
    if case is not None:
        facts: dict[str, Any] = {name: count for name, count in counts.items() if count}
        post.log_seq = note(case, "message_received", by=None, now=now, post=post.seq, **facts).seq
    post.save()
    publish_all((file for file in files if isinstance(file, CleanPicture)), make=lambda: PostPicture(post=post))
    for file in files:
        if isinstance(file, CleanDocument):
            store_document(PostDocument(post=post), file)
    thread.last_at, thread.waiting_since = now, thread.waiting_since or now
    thread.save()
    return post


def _automatic(mail: InboundMail, thread: Thread | None, now: datetime) -> None:
    """Note in the case that a machine replied, once a day; it is no answer of the shopper."""
    before = InboundMail.objects.filter(
        thread=thread, outcome=Outcome.AUTOMATIC, received_at__gt=now - timedelta(days=1)
    )
    if thread and thread.case and not before.exists():
        note(lock_case(thread.case), "automatic_reply", by=None, now=now)
    _finish(mail, Outcome.AUTOMATIC, now, thread=thread)


def _bounce(mail: InboundMail, parsed: ParsedMail, address: ReplyAddress | None, now: datetime) -> None:
    """Mark the message as not delivered, with the server's words why.

    Only a report to the message's own reply address counts: Message-IDs can be guessed, tokens cannot.
    """
    bounce = required(parsed.bounce)
    message = _message_named(bounce.message_id)
    if message is None or address is None or message.matter != (address.case or address.order):
        raise Unmatched(Problem.UNKNOWN_MESSAGE)
    case = lock_case(message.case) if message.case else None
    locked = Message.objects.select_for_update(of=["self"]).get(pk=message.pk)
    if locked.status in (Message.Status.SENT, Message.Status.SENDING):
        locked.status, locked.failure = Message.Status.FAILED, bounce.why
        locked.save()
        if case:
            note(case, "mail_bounced", by=None, now=now, topic=locked.topic)
    _finish(mail, Outcome.BOUNCE, now)


def _message_named(message_id: str) -> Message | None:
    """The message whose Message-ID (``feedback.messages.render_mail.message_id``) this is."""
    topic, _dot, rest = message_id.strip("<>").rpartition("@")[0].partition(".")
    about, _dot, seq = rest.rpartition(".")
    rows = Message.objects.select_related("case", "parcel__order", "thread__order")
    return rows.filter(topic=topic, dedupe_key=f"{about}/{seq}").first()


def _finish(
    mail: InboundMail,
    outcome: InboundMail.Outcome,
    now: datetime,
    *,
    problem: InboundMail.Problem | None = None,
    thread: Thread | None = None,
    post: Post | None = None,
    parsed: ParsedMail | None = None,
) -> None:
    """Settle the row and empty it; what it said is kept only where a person must see to it (``parsed``)."""
    mail.outcome, mail.problem, mail.processed_at = outcome, problem or "", now
    mail.thread, mail.post, mail.raw = thread, post, b""
    if parsed:
        mail.sender, mail.subject, mail.text = parsed.sender, parsed.subject, parsed.text
    mail.save()


@transaction.atomic
def _give_up(mail: InboundMail, now: datetime) -> None:
    locked = InboundMail.objects.select_for_update().get(pk=mail.pk)
    if locked.processed_at is None:
        parsed, _problem = _read(locked)
        _finish(locked, Outcome.UNMATCHED, now, problem=Problem.FAILED, parsed=parsed)
