"""Write to a thread: a message of staff, an internal note, a message of the shopper; and mark it as read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _
from django_fsm import TransitionNotAllowed

from feedback.conversation.drafts import draft_of, erase_document, lock_thread, store_document
from feedback.conversation.rules import mentioned_names
from feedback.messages.actions import write_about_inquiry
from feedback.models import Mention, Post, PostDocument, PostDraft, PostPicture, ReadMark, Thread
from feedback.notifications.actions import drop_mentioned, notify_answered, notify_mentioned
from returns.lifecycle.actions import require_permission, take_step
from returns.logbook.locks import LockedCase, lock_case
from returns.logbook.writer import Actor, note
from returns.models import Case
from returns.permissions import REVIEW, VIEW
from signoff.jobs import wake
from signoff.models import Order
from signoff.pictures.clean import CleanDocument, CleanFile, CleanPicture
from signoff.pictures.store import publish_all

MESSAGE, NOTE = Post.Kind.MESSAGE, Post.Kind.NOTE


class NothingToSend(Exception):
    """A post without words and files; a sentence for its author."""


class AnsweredMeanwhile(Exception):
    """Somebody has written since the page was rendered; a sentence for the second one."""


class NoComplaint(Exception):
    """The thread is no complaint, or has its result already; a sentence for the desk."""


@dataclass(frozen=True)
class Outgoing:
    """What a form sends: ``key`` is its single-use key, ``seen`` the last post that its page has shown.

    ``is_outcome``: the words are the result of a complaint about the service, which ends with it. ``with_draft``: the
    files of the author's draft belong to it, and the draft is then gone.
    """

    words: str
    key: str
    seen: int | None = None
    is_outcome: bool = False
    with_draft: bool = True


def thread_of(case: Case, *, now: datetime | None = None) -> Thread:
    """The thread of a case; made when it is first needed."""
    values = {
        "shop_id": case.shop_id,
        "order_id": case.order_id,
        "customer_id": case.customer_id,
        "begun_at": now or timezone.now(),
    }
    thread, _made = Thread.objects.select_related("customer", "shop", "order").get_or_create(case=case, defaults=values)
    thread.case = case
    return thread


def inquiry_of(order: Order, *, now: datetime | None = None) -> Thread:
    """The thread of an order that belongs to no case; made when it is first needed."""
    values = {"shop_id": order.shop_id, "customer_id": order.customer_id, "begun_at": now or timezone.now()}
    thread, _made = Thread.objects.select_related("customer", "shop").get_or_create(
        order=order, case=None, defaults=values
    )
    thread.order = order
    return thread


@transaction.atomic
def post_message(thread: Thread, *, by: User, out: Outgoing, now: datetime | None = None) -> Post:
    """Send a message to the shopper, with the files of the author's draft, which is then gone.

    The same form sent twice makes one message. Raises ``PermissionDenied``, ``NothingToSend``, and
    ``AnsweredMeanwhile`` when somebody else wrote to the shopper, or the shopper to us, after ``out.seen``;
    ``NoComplaint`` for the result of a complaint that is none (any more).
    """
    require_permission(by, REVIEW)
    case, thread = _lock(thread)
    if done := _posted(thread, out, by=by):
        return done
    if out.is_outcome and not thread.is_open_complaint:
        raise NoComplaint(_("This complaint has its result already. Write a message if there is more to say."))
    _check_seen(thread, out, by=by)
    now = now or timezone.now()
    post = _write(thread, case, MESSAGE, by=by, user=by, out=out, now=now)
    thread.last_at, thread.waiting_since = now, None
    if thread.severity and thread.answered_at is None:
        thread.answered_at = now
    if out.is_outcome:
        thread.concluded_at = now
    thread.save()
    if case is None:
        write_about_inquiry(post)
    _mention(post)
    return post


@transaction.atomic
def post_note(thread: Thread, *, by: User, out: Outgoing, now: datetime | None = None) -> Post:
    """Write an internal note, for staff who may see cases. Raises ``PermissionDenied``, ``NothingToSend``."""
    require_permission(by, VIEW)
    case, thread = _lock(thread)
    if done := _posted(thread, out, by=by):
        return done
    post = _write(thread, case, NOTE, by=by, user=by, out=out, now=now or timezone.now())
    thread.save()
    _mention(post)
    return post


@transaction.atomic
def take_note_back(thread: Thread, *, seq: int, by: User, now: datetime | None = None) -> Post:
    """Erase one's own note that no colleague has read yet; its words and files are the author's draft again.

    Where the author has typed something else meanwhile, that stays instead. Mentions and their notifications go with
    the note; its number and its logbook entry stay. Raises ``TransitionNotAllowed`` when it is too late.
    """
    _case, thread = _lock(thread)
    post = thread.posts.filter(seq=seq, kind=NOTE, by=by).first()
    if post is None or _is_erased(post):
        raise TransitionNotAllowed(_("This note has been taken back or erased already."))
    if ReadMark.objects.filter(thread=thread, seq__gte=seq).exclude(user=by).exists():
        raise TransitionNotAllowed(_("A colleague has read this note, so it stays. Write another note to correct it."))
    if draft_of(thread, by):
        _erase_files(post)
    else:
        draft = PostDraft(thread=thread, user=by, kind=NOTE, words=post.words, saved_at=now or timezone.now())
        draft.save()
        for attached in (*post.postpictures.all(), *post.postdocuments.all()):
            attached.post, attached.draft = None, draft
            attached.save()
    post.mentions.all().delete()
    drop_mentioned(key=_key_of(post))
    post.words = ""
    post.save()
    return post


@transaction.atomic
def post_from_shopper(
    thread: Thread,
    *,
    words: str,
    key: str,
    files: Iterable[CleanFile] = (),
    via: str = Post.Via.PAGE,
    now: datetime | None = None,
) -> Post:
    """A message of the thread's shopper with ``files``; from the page also with the files of the draft there.

    ``key`` names the message once and for all (of a mail: its Message-ID). Where the case waits for the shopper's
    answer, this is the answer, so that the case does not expire. Raises ``NothingToSend``.
    """
    out = Outgoing(words=words, key=key)
    case, thread = _lock(thread)
    if done := _posted(thread, out, by=None):
        return done
    now = now or timezone.now()
    is_answer = case is not None and case.status == Case.Status.WAITING_ON_SHOPPER
    if case and is_answer:
        take_step(case, Case.supply_information, by=thread.customer, now=now)
    post = _write(thread, case, MESSAGE, by=thread.customer, user=None, out=out, files=list(files), via=via, now=now)
    thread.last_at = now
    thread.waiting_since = thread.waiting_since or now
    if thread.shopper_seen == post.seq - 1:
        thread.shopper_seen = post.seq
    thread.save()
    if case and not is_answer:  # of the step the notifications learn from the logbook
        notify_answered(case, key=_key_of(post), now=now)
    return post


def mark_read(thread: Thread, *, by: User, seq: int) -> None:
    """Note that ``by`` has seen the posts up to ``seq``. One statement."""
    ReadMark.objects.bulk_create(
        [ReadMark(thread=thread, user=by, seq=seq)],
        update_conflicts=True,
        unique_fields=["thread", "user"],
        update_fields=["seq"],
    )


def mark_read_by_shopper(thread: Thread, *, seq: int) -> None:
    """Note that the shopper's page has shown the posts up to ``seq``. One statement."""
    Thread.objects.filter(pk=thread.pk, shopper_seen__lt=seq).update(shopper_seen=seq)


def already_posted(thread: Thread, *, key: str, words: str, by: User | None) -> Post | None:
    """The post of this very form, if it was sent before, so that its files need not be opened again."""
    post = Post.objects.filter(thread=thread, key=key, by=by).first()
    return post if post and post.words == words.strip() else None


def _lock(thread: Thread) -> tuple[LockedCase | None, Thread]:
    """The case, then the thread, both locked and as they are now."""
    case = lock_case(thread.case) if thread.case else None
    locked = lock_thread(thread)
    if case:
        locked.case = case
    return case, locked


def _posted(thread: Thread, out: Outgoing, *, by: User | None) -> Post | None:
    """The post that this form has made already; its leftover draft is removed."""
    post = thread.posts.filter(key=out.key, by=by).first()
    if post is None or post.words != out.words.strip():
        return None
    draft = draft_of(thread, by)
    if draft and draft.words.strip() == post.words:
        draft.delete()
    return post


def _check_seen(thread: Thread, out: Outgoing, *, by: User) -> None:
    if out.seen is None or thread.seq == out.seen:
        return
    others = thread.posts.filter(seq__gt=out.seen, kind=MESSAGE).exclude(by=by).select_related("by").last()
    if others is None:
        return
    if others.by is None:
        raise AnsweredMeanwhile(
            _("The shopper has written again. Read the new message; your words are still here. Then send them.")
        )
    raise AnsweredMeanwhile(
        _("%(name)s has just answered. Read that answer; your words are still here. Change them or send them.")
        % {"name": others.by.get_full_name() or others.by.get_username()}
    )


def _write(
    thread: Thread,
    case: LockedCase | None,
    kind: str,
    *,
    by: Actor,
    user: User | None,
    out: Outgoing,
    now: datetime,
    files: list[CleanFile] | None = None,
    via: str = Post.Via.PAGE,
) -> Post:
    """The next post with its files and its logbook entry; ``thread`` is not saved yet."""
    draft = draft_of(thread, user) if via == Post.Via.PAGE and out.with_draft else None
    words = out.words.strip()
    pictures = list(draft.postpictures.all()) if draft else []
    documents = list(draft.postdocuments.all()) if draft else []
    if not (words or pictures or documents or files):
        raise NothingToSend(_("Write something or attach a file first."))
    thread.seq += 1
    key = out.key if not thread.posts.filter(key=out.key).exists() else uuid4().hex  # changed and sent once more
    post = Post(
        thread=thread,
        seq=thread.seq,
        kind=kind,
        by=user,
        via=via,
        words=words,
        written_at=now,
        key=key,
        is_outcome=out.is_outcome,
    )
    sent = files or []
    counts = {
        "pictures": len(pictures) + sum(isinstance(file, CleanPicture) for file in sent),
        "documents": len(documents) + sum(isinstance(file, CleanDocument) for file in sent),
    }
    if case is not None:
        facts: dict[str, Any] = {name: count for name, count in counts.items() if count}
        verb = "note_added" if kind == NOTE else "message_sent" if user else "message_received"
        post.log_seq = note(case, verb, by=by, now=now, post=post.seq, **facts).seq
        transaction.on_commit(wake, robust=True)
    post.save()
    for attached in (*pictures, *documents):
        attached.draft, attached.post = None, post
        attached.save()
    publish_all((file for file in sent if isinstance(file, CleanPicture)), make=lambda: PostPicture(post=post))
    for file in sent:
        if isinstance(file, CleanDocument):
            store_document(PostDocument(post=post), file)
    if draft:
        draft.delete()
    return post


def _mention(post: Post) -> None:
    """A row and a notification for each active colleague whose user name follows an @ in the words."""
    if names := mentioned_names(post.words):
        found = User.objects.annotate(name=Lower("username")).filter(is_active=True, name__in=names)
        people = [user for user in found if user.pk != post.by_id]
        Mention.objects.bulk_create(Mention(post=post, user=user) for user in people)
        if post.by:
            about = post.thread.case or post.thread
            notify_mentioned(about, people, key=_key_of(post), by=post.by, now=post.written_at)


def _key_of(post: Post) -> str:
    """The name of a post for notifications about it."""
    return f"{post.thread.case.number if post.thread.case else post.thread.token}/post/{post.seq}"


def _is_erased(post: Post) -> bool:
    files = (post.postpictures, post.postdocuments)
    return not (post.words or any(rows.exclude(file="").exists() for rows in files))


def _erase_files(post: Post) -> None:
    for picture in post.postpictures.all():
        picture.erase()
    for document in post.postdocuments.all():
        erase_document(document)
