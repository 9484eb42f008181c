"""Abstract model of a stored picture; each app subclasses it with foreign keys to its owner."""

import uuid
from functools import partial
from typing import ClassVar

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from signoff.db.digests import columns_of, digest
from signoff.db.required import required


def picture_path(picture: "Picture", name: str) -> str:
    """A random place for the stored picture; the uploader's ``name`` is never used."""
    return _random_path("pictures")


def thumbnail_path(picture: "Picture", name: str) -> str:
    """A random place for the small copy; the uploader's ``name`` is never used."""
    return _random_path("thumbnails")


def _random_path(folder: str) -> str:
    name = uuid.uuid4().hex
    return f"{folder}/{name[:2]}/{name}.jpg"


class Picture(models.Model):
    """A re-encoded picture, its small copy, and what the original claimed about itself.

    Filled by ``signoff.pictures.store.publish``. Pages address it by ``token``; the files are private
    and leave only through ``signoff.pictures.serve``. Once erased, ``file`` is empty and the row remains.
    ``owners`` names the columns that say what it belongs to: a record that pins the picture says that by itself.
    """

    owners: ClassVar[frozenset[str]] = frozenset()

    token = models.UUIDField(_("public id"), default=uuid.uuid4, unique=True, editable=False)
    file = models.FileField(_("picture"), upload_to=picture_path, max_length=200, blank=True)
    thumbnail = models.FileField(_("thumbnail"), upload_to=thumbnail_path, max_length=200, blank=True)
    width = models.PositiveIntegerField(_("width"), default=0)
    height = models.PositiveIntegerField(_("height"), default=0)
    bytes = models.PositiveIntegerField(_("bytes stored"), default=0)
    sha256 = models.CharField(_("SHA-256 of the original"), max_length=64, blank=True)
    dhash = models.CharField(_("difference hash"), max_length=16, blank=True)
    original_format = models.CharField(_("format of the original"), max_length=10, blank=True)
    taken_at_claim = models.DateTimeField(_("taken on, according to the camera"), null=True, blank=True)
    camera_claim = models.CharField(_("camera, according to the file"), max_length=120, blank=True)
    uploaded_at = models.DateTimeField(_("uploaded at"), default=timezone.now, editable=False)

    class Meta:
        abstract = True

    @property
    def is_erased(self) -> bool:
        """Whether the picture is gone and only its row is left."""
        return not self.file

    def digest(self) -> str:
        """Digest of all columns but its key and ``owners``; the same before and after it is saved."""
        return digest(columns_of(self, without=self.owners | {"id"}))

    def agrees_with(self, pinned: str) -> bool:
        """Whether the picture matches the digest ``pinned`` in a sign-off, or has been erased since."""
        values = (self.file, self.thumbnail, self.sha256, self.dhash, self.camera_claim, self.taken_at_claim)
        return not any(values) or self.digest() == pinned

    def erase(self) -> None:
        """Delete both files once the transaction commits; forget hashes and claims; keep the row."""
        deletions = [
            partial(stored.storage.delete, required(stored.name)) for stored in (self.file, self.thumbnail) if stored
        ]
        self.file = self.thumbnail = self.sha256 = self.dhash = self.camera_claim = ""
        self.taken_at_claim = None
        self.save()
        for deletion in deletions:
            transaction.on_commit(deletion)
