"""Store cleaned pictures: a row and two private files for each."""

from collections.abc import Callable, Collection, Iterable
from contextlib import ExitStack

from django.core.files.base import ContentFile
from django.db import transaction

from signoff.db.required import required
from signoff.pictures.clean import LIMIT, CleanPicture, limit_sentence
from signoff.pictures.models import Picture
from signoff.pictures.storage import StorageFull

FACTS = ("width", "height", "sha256", "dhash", "original_format", "taken_at_claim", "camera_claim")


def store[P: Picture](picture: P, clean: CleanPicture) -> P:
    """Store the files of ``clean`` under random names and fill ``picture``, whose other fields are set; not saved.

    If the row is never saved the two files stay behind, private and without a row. Raises ``StorageFull``, and leaves
    nothing then.
    """
    picture.file.save("", ContentFile(clean.picture), save=False)
    try:
        picture.thumbnail.save("", ContentFile(clean.thumbnail), save=False)
    except StorageFull:
        picture.file.delete(save=False)
        raise
    picture.bytes = len(clean.picture)
    for fact in FACTS:
        setattr(picture, fact, getattr(clean, fact))
    return picture


def publish[P: Picture](picture: P, clean: CleanPicture) -> P:
    """``store`` and save the row."""
    store(picture, clean)
    picture.save()
    return picture


def publish_all[P: Picture](pictures: Iterable[CleanPicture], *, make: Callable[[], P]) -> list[P]:
    """``publish`` each, for a row that ``make`` builds. Raises ``StorageFull``; then neither row nor file is left."""
    with ExitStack() as files, transaction.atomic():
        published = []
        for clean in pictures:
            picture = publish(make(), clean)
            published.append(picture)
            for stored in (picture.file, picture.thumbnail):
                files.callback(stored.storage.delete, required(stored.name))
        files.pop_all()
    return published


def store_new[P: Picture](
    pictures: Iterable[CleanPicture], *, existing: Collection[Picture], make: Callable[[], P], others: int = 0
) -> list[str]:
    """Publish the pictures that ``existing`` lacks, up to ``LIMIT``; returns a sentence if some had no room.

    A full disk is a sentence, too; then none of them is stored.

    ``existing`` are the pictures of the same object, ``make`` builds a row for it, ``others`` is the number of
    pictures of other objects that share the limit. A picture is recognised by the SHA-256 of its original, so that a
    form that is sent twice stores it once. The caller has locked a row: without it two requests exceed the limit.
    """
    digests = {picture.sha256 for picture in existing}
    new = {picture.sha256: picture for picture in pictures if picture.sha256 not in digests}
    room = max(0, LIMIT - len(existing) - others)
    try:
        publish_all(list(new.values())[:room], make=make)
    except StorageFull as full:
        return [str(full)]
    return [limit_sentence()] if len(new) > room else []


def store_copy[P: Picture](picture: P, original: Picture) -> P:
    """``store`` copies of another row's files, so that each can be erased alone.

    Raises ``FileNotFoundError`` if they are missing.
    """
    for name in ("file", "thumbnail"):
        stored = getattr(original, name)
        with stored.storage.open(stored.name) as content:
            getattr(picture, name).save("", content, save=False)
    for fact in ("bytes", *FACTS):
        setattr(picture, fact, getattr(original, fact))
    return picture
