"""What the pages of a conversation read, in one query each. A shopper's page never reads a note."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from feedback.models import (
    Message,
    Post,
    PostDocument,
    PostDraft,
    PostPicture,
    ReadMark,
    SavedReply,
    Thread,
)
from returns.lifecycle.states import OPEN
from returns.models import Case
from signoff.db.lookups import any_of
from signoff.db.prepared.batch import QueryBatch
from signoff.models import Order

REPLIES = 60
MAILS = 60  # of a case whose delivery its page shows
WINDOW = 50  # entries of a thread that a page shows at once


@dataclass
class Read:
    """The rows of one thread for one reader; ``thread`` is None before anybody has written."""

    thread: Thread | None
    posts: list[Post]
    pictures: list[PostPicture]
    documents: list[PostDocument]
    draft: PostDraft | None = None
    draft_files: list[PostPicture | PostDocument] = field(default_factory=list)
    seen: int = 0
    readers: list[ReadMark] = field(default_factory=list)  # colleagues
    replies: list[SavedReply] = field(default_factory=list)
    mails: list[Message] = field(default_factory=list)
    inquiry: Thread | None = None
    open_cases: list[Case] = field(default_factory=list)


def _files(posts: QuerySet[Post]) -> tuple[QuerySet, ...]:
    keys = posts.order_by().values("pk")
    pictures, documents = (model.objects.filter(post__in=keys).order_by("pk") for model in (PostPicture, PostDocument))
    return pictures, documents


def _draft(drafts: QuerySet[PostDraft]) -> tuple[QuerySet, ...]:
    keys = drafts.values("pk")
    pictures, documents = (model.objects.filter(draft__in=keys).order_by("pk") for model in (PostPicture, PostDocument))
    return drafts, pictures, documents


def _case_for_staff(case: int, order: int, user: int, entries: Sequence[int]) -> tuple[QuerySet, ...]:
    posts = Post.objects.filter(any_of("log_seq", entries), thread__case=case)
    return (
        Thread.objects.filter(case=case).select_related("shop"),
        posts.select_related("by").order_by("seq"),
        *_files(posts),
        *_draft(PostDraft.objects.filter(thread__case=case, user=user)),
        ReadMark.objects.filter(thread__case=case).select_related("user").order_by("pk"),
        SavedReply.objects.order_by("position", "key")[:REPLIES],
        Message.objects.filter(case=case).order_by("-created_at", "-id")[:MAILS],
        Thread.objects.inquiries().filter(order=order),
    )


def _case_for_shopper(case: int, entries: Sequence[int]) -> tuple[QuerySet, ...]:
    posts = Post.objects.filter(any_of("log_seq", entries), thread__case=case, kind=Post.Kind.MESSAGE)
    return (
        Thread.objects.filter(case=case),
        posts.select_related("by").order_by("seq"),
        *_files(posts),
        *_draft(PostDraft.objects.filter(thread__case=case, user=None)),
    )


def _inquiry_for_shopper(order: int) -> tuple[QuerySet, ...]:
    threads = Thread.objects.filter(order=order, case=None)
    posts = Post.objects.filter(thread__in=threads.values("pk"), kind=Post.Kind.MESSAGE)
    return (
        threads.select_related("customer"),
        posts.select_related("by").order_by("-seq")[:WINDOW],
        *_files(posts),
        *_draft(PostDraft.objects.filter(thread__in=threads.values("pk"), user=None)),
        Case.objects.filter(order=order, status__in=OPEN)[:1],
    )


_CASE_FOR_STAFF = QueryBatch(_case_for_staff)
_CASE_FOR_SHOPPER = QueryBatch(_case_for_shopper)
_INQUIRY_FOR_SHOPPER = QueryBatch(_inquiry_for_shopper)


def read_case_for_staff(case: Case, user: User, entries: Sequence[int]) -> Read:
    """The thread of ``case`` with the posts of these logbook entries, notes included, and what ``user`` has of it."""
    threads, posts, pictures, documents, drafts, own, papers, marks, replies, mails, inquiries = _CASE_FOR_STAFF.all(
        case.pk, case.order_id, user.pk, list(entries) or [0]
    )
    thread = _with(threads, case=case, order=case.order, customer=case.customer)
    seen, readers = _marks(marks, user)
    files, inquiry = [*own, *papers], _first(inquiries)
    return Read(thread, posts, pictures, documents, _first(drafts), files, seen, readers, replies, mails, inquiry)


def read_case_for_shopper(case: Case, entries: Sequence[int]) -> Read:
    """The thread of ``case`` with the messages of these logbook entries, and the shopper's draft."""
    threads, posts, pictures, documents, drafts, own, papers = _CASE_FOR_SHOPPER.all(case.pk, list(entries) or [0])
    thread = _with(threads, case=case, order=case.order, customer=case.customer)
    seen = thread.shopper_seen if thread else 0
    return Read(thread, posts, pictures, documents, _first(drafts), [*own, *papers], seen)


def read_inquiry_for_shopper(order: Order) -> Read:
    """The inquiry about ``order`` with its last messages, and the shopper's draft."""
    threads, posts, pictures, documents, drafts, own, papers, cases = _INQUIRY_FOR_SHOPPER.all(order.pk)
    thread = _with(threads, order=order)
    seen = thread.shopper_seen if thread else 0
    files = [*own, *papers]
    return Read(thread, posts[::-1], pictures, documents, _first(drafts), files, seen, open_cases=cases)


def read_inquiry_for_staff(thread: Thread, user: User, *, before: int) -> Read:
    """An inquiry with its last posts before number ``before``, notes included; one post more than a page shows."""
    posts = list(
        Post.objects.filter(thread=thread, seq__lt=before).select_related("by").order_by("-seq")[: WINDOW + 1]
    )[::-1]
    keys = [post.pk for post in posts]
    draft = PostDraft.objects.filter(thread=thread, user=user).first()
    seen, readers = _marks(ReadMark.objects.filter(thread=thread).select_related("user").order_by("pk"), user)
    files: list[PostPicture | PostDocument] = []
    if draft:
        files = [*draft.postpictures.order_by("pk"), *draft.postdocuments.order_by("pk")]
    return Read(
        thread,
        posts,
        list(PostPicture.objects.filter(post__in=keys).order_by("pk")),
        list(PostDocument.objects.filter(post__in=keys).order_by("pk")),
        draft,
        files,
        seen,
        readers,
        list(SavedReply.objects.order_by("position", "key")[:REPLIES]),
        list(Message.objects.filter(thread=thread).order_by("-created_at", "-id")[:MAILS]),
    )


def _marks(marks: Iterable[ReadMark], user: User) -> tuple[int, list[ReadMark]]:
    """How far ``user`` has read a thread, and the marks of the others."""
    own = {mark.user_id: mark.seq for mark in marks}.get(user.pk, 0)
    return own, [mark for mark in marks if mark.user_id != user.pk]


def _first[Row](rows: Sequence[Row]) -> Row | None:
    return rows[0] if rows else None


def _with(threads: Sequence[Thread], **joined: object) -> Thread | None:
    """The only thread with these objects as its relations."""
    thread = _first(threads)
    if thread is not None:
        for name, value in joined.items():
            setattr(thread, name, value)
    return thread


def find_inquiry(token: str) -> Thread:
    """The conversation about an order without a case, with all that its page names. Raises ``Http404``."""
    joined = ("order__customer", "order__shop", "shop", "customer", "erased_by")
    rows = Thread.objects.select_related(*joined).filter(case=None)
    return get_object_or_404(rows, token=token)
