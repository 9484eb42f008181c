"""Files on the disk: written whole or not at all, and a full disk is a sentence."""

from typing import Any

from django.core.files.storage import FileSystemStorage
from django.utils.translation import gettext as _

from signoff.pictures.sandbox.limits import DISK_FULL


class StorageFull(Exception):
    """There is no room for a file. The message is a sentence for the person who sends it."""


class WholeFiles(FileSystemStorage):
    """Django's storage without part files. Raises ``StorageFull`` where the disk is."""

    def _save(self, name: str, content: Any) -> str:
        try:
            return super()._save(name, content)  # type: ignore[misc]  # Django documents it for subclasses, the stubs miss it
        except OSError as error:
            self.delete(name)  # the part that was written; names are random, so it is nobody else's
            if error.errno in DISK_FULL:
                raise StorageFull(full_sentence()) from error
            raise


def full_sentence() -> str:
    """What to tell a person whose file has no room, in their language."""
    return _(
        "There is no room for files at the moment, so yours were not stored. "
        "Everything else you entered is still here. Please try again later."
    )
