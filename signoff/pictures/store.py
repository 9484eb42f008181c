"""From a clean picture to a row and two private files."""

from django.core.files.base import ContentFile

from signoff.pictures.clean import CleanPicture
from signoff.pictures.models import Picture

FACTS = ("width", "height", "sha256", "dhash", "original_format", "taken_at_claim", "camera_claim")


def store[P: Picture](picture: P, clean: CleanPicture) -> P:
    """Store the files of ``clean`` under random names and fill ``picture``, whose other fields are set; not saved.

    If the row is never saved the two files stay behind, private and without a row.
    """
    picture.file.save("", ContentFile(clean.picture), save=False)
    picture.thumbnail.save("", ContentFile(clean.thumbnail), save=False)
    picture.bytes = len(clean.picture)
    for fact in FACTS:
        setattr(picture, fact, getattr(clean, fact))
    return picture


def publish[P: Picture](picture: P, clean: CleanPicture) -> P:
    """``store`` and save the row."""
    store(picture, clean)
    picture.save()
    return picture


def store_copy[P: Picture](picture: P, original: Picture) -> P:
    """``store`` from another row's files, so that either can be erased and the other stays.

    Raises ``FileNotFoundError`` where they are gone.
    """
    for name in ("file", "thumbnail"):
        stored = getattr(original, name)
        with stored.storage.open(stored.name) as content:
            getattr(picture, name).save("", content, save=False)
    for fact in ("bytes", *FACTS):
        setattr(picture, fact, getattr(original, fact))
    return picture
