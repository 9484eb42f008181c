"""Erase what people wrote and attached in a conversation, for a shopper who asks for it."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from feedback.conversation.actions import AnsweredMeanwhile
from feedback.conversation.drafts import erase_document, lock_thread
from feedback.messages.outbox import forget_words
from feedback.models import InboundMail, Message, Post, PostDocument, PostPicture, Thread
from returns.lifecycle.actions import require_permission
from returns.logbook.locks import lock_case
from returns.logbook.writer import note

ERASE = "feedback.erase_thread"


@dataclass(frozen=True)
class Contents:
    """How much there is to erase: posts with words, files, drafts, and mails with the words of a message."""

    messages: int
    notes: int
    pictures: int
    documents: int
    drafts: int
    mails: int

    def __bool__(self) -> bool:
        return any((self.messages, self.notes, self.pictures, self.documents, self.drafts, self.mails))


def contents_of(thread: Thread) -> Contents:
    """What ``erase_conversation`` would erase; files of drafts count with the others."""
    posts = thread.posts.exclude(words="")
    of_thread = Q(post__thread=thread) | Q(draft__thread=thread)
    return Contents(
        messages=posts.filter(kind=Post.Kind.MESSAGE).count(),
        notes=posts.filter(kind=Post.Kind.NOTE).count(),
        pictures=PostPicture.objects.filter(of_thread).exclude(file="").count(),
        documents=PostDocument.objects.filter(of_thread).exclude(file="").count(),
        drafts=thread.drafts.count(),
        mails=_mails(thread).exclude(text="").count(),
    )


@transaction.atomic
def erase_conversation(thread: Thread, *, by: User, seen: int, now: datetime | None = None) -> Thread:
    """Erase words, files, drafts, and the mails with these words; numbers, times and authors stay.

    A mail that is not sent yet is not sent any more. ``seen`` is the last post that ``by`` knew of. Raises
    ``PermissionDenied``, and ``AnsweredMeanwhile`` when somebody has written since.
    """
    require_permission(by, ERASE)
    now = now or timezone.now()
    case = lock_case(thread.case) if thread.case else None
    thread = lock_thread(thread)
    if thread.seq != seen:
        raise AnsweredMeanwhile(_("Somebody has written in this conversation meanwhile. Read it, then decide again."))
    erase_words(thread)
    forget_words(_mails(thread))
    received = InboundMail.objects.filter(thread=thread, processed_at__isnull=False)
    received.update(**dict.fromkeys(InboundMail.PERSONAL, ""))
    thread.erased_at, thread.erased_by, thread.waiting_since = now, by, None
    thread.save()
    if case is not None:
        note(case, "conversation_erased", by=by, now=now)
    return thread


@transaction.atomic
def erase_words(thread: Thread) -> None:
    """Erase what people wrote and attached in the thread; numbers, times and authors stay."""
    thread = lock_thread(thread)
    thread.posts.update(words="")
    for picture in PostPicture.objects.filter(post__thread=thread):
        picture.erase()
    for document in PostDocument.objects.filter(post__thread=thread):
        erase_document(document)
    for draft in thread.drafts.all():
        for picture in draft.postpictures.all():
            picture.erase()
        for document in draft.postdocuments.all():
            erase_document(document)
        draft.delete()


def _mails(thread: Thread) -> QuerySet[Message]:
    """The mails that repeat words of the conversation."""
    if thread.case_id:
        return Message.objects.filter(case=thread.case_id, topic="message")
    return Message.objects.filter(thread=thread)
