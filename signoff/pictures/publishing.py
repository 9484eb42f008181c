"""From a clean picture to a row and two private files."""

from django.core.files.base import ContentFile

from signoff.pictures.cleaning import CleanPicture
from signoff.pictures.models import Picture


def publish[P: Picture](picture: P, clean: CleanPicture) -> P:
    """Store the files of ``clean`` under random names, fill ``picture`` (unsaved, its other fields set) and save it.

    If the transaction is rolled back later the two files stay behind, private and without a row.
    """
    picture.file.save("", ContentFile(clean.picture), save=False)
    picture.thumbnail.save("", ContentFile(clean.thumbnail), save=False)
    picture.bytes = len(clean.picture)
    for fact in ("width", "height", "sha256", "dhash", "original_format", "taken_at_claim", "camera_claim"):
        setattr(picture, fact, getattr(clean, fact))
    picture.save()
    return picture
