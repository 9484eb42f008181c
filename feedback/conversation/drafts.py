"""Drafts: what somebody has typed and chosen, kept on the server until it is sent."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from feedback.models import Post, PostDocument, PostDraft, PostPicture, Thread
from signoff.pictures.clean import LIMIT, CleanDocument, CleanFile, CleanPicture, limit_sentence
from signoff.pictures.storage import StorageFull
from signoff.pictures.store import store_new


def lock_thread(thread: Thread) -> Thread:
    """The thread as it is now, its row locked; what was joined is taken over."""
    locked = Thread.objects.select_for_update().get(pk=thread.pk)
    for name in ("case", "order", "shop", "customer"):
        if name in thread._state.fields_cache:
            setattr(locked, name, getattr(thread, name))
    return locked


def draft_of(thread: Thread, user: User | None) -> PostDraft | None:
    """What ``user`` (None for the shopper) has typed in the thread and not sent."""
    return PostDraft.objects.filter(thread=thread, user=user).first()


@transaction.atomic
def keep_draft(
    thread: Thread,
    *,
    user: User | None,
    words: str,
    kind: str = Post.Kind.MESSAGE,
    key: str = "",
    files: Iterable[CleanFile] = (),
    now: datetime | None = None,
) -> list[str]:
    """Keep what was typed, and add ``files`` to it. Returns a sentence for each file that had no room.

    Nothing is kept where ``key`` was sent already: an automatic save may arrive after the message.
    Without words and files an earlier draft is removed.
    """
    thread = lock_thread(thread)
    if key and Post.objects.filter(thread=thread, key=key).exists():
        return []
    files, draft = list(files), draft_of(thread, user)
    has_files = draft is not None and (draft.postpictures.exists() or draft.postdocuments.exists())
    if not (words.strip() or files or has_files):
        if draft:
            draft.delete()
        return []
    draft = draft or PostDraft(thread=thread, user=user)
    draft.words, draft.kind, draft.saved_at = words, kind, now or timezone.now()
    draft.save()
    return _attach(draft, files)


@transaction.atomic
def remove_from_draft(thread: Thread, *, user: User | None, token: UUID) -> None:
    """Remove a chosen file from the draft; nothing happens where it is not there any more."""
    draft = draft_of(lock_thread(thread), user)
    if draft is None:
        return
    for picture in draft.postpictures.filter(token=token):
        picture.erase()
        picture.delete()
    for document in draft.postdocuments.filter(token=token):
        erase_document(document)
        document.delete()


def erase_document(document: PostDocument) -> None:
    """Delete the file once the transaction commits; the row stays without its name and hash."""
    stored = document.file
    if stored:
        storage, place = stored.storage, str(stored.name)
        transaction.on_commit(lambda: storage.delete(place))
    document.file, document.name, document.sha256 = "", "", ""
    document.save()


def _attach(draft: PostDraft, files: list[CleanFile]) -> list[str]:
    """Store new files with the draft, up to ``LIMIT`` in all; each is recognised by the SHA-256 of its original."""
    pictures, documents = list(draft.postpictures.all()), list(draft.postdocuments.all())
    new = [file for file in files if isinstance(file, CleanPicture)]
    refusals = store_new(new, existing=pictures, others=len(documents), make=lambda: PostPicture(draft=draft))
    known = {document.sha256 for document in documents}
    for file in (file for file in files if isinstance(file, CleanDocument)):
        if file.sha256 in known:
            continue
        if draft.postpictures.count() + draft.postdocuments.count() >= LIMIT:
            return [*refusals, *([] if limit_sentence() in refusals else [limit_sentence()])]
        known.add(file.sha256)
        try:
            store_document(PostDocument(draft=draft), file)
        except StorageFull as full:
            return [*refusals, str(full)]
    return refusals


def store_document(document: PostDocument, file: CleanDocument) -> PostDocument:
    """Store the file under a random name and save the row. Raises ``StorageFull``."""
    document.file.save("", ContentFile(file.content), save=False)
    document.name, document.pages, document.bytes = file.name, file.pages, len(file.content)
    document.sha256 = file.sha256
    document.save()
    return document
