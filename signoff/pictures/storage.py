"""Files on the disk: written whole or not at all, and a full disk is a sentence."""

from contextlib import suppress
from typing import Any, NoReturn

from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler
from django.http import HttpRequest
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


class TemporaryFiles(TemporaryFileUploadHandler):
    """Django's files of an upload that are too large for memory. Where their disk is full they are left out.

    Such a request is answered by the middleware ``ErrorPages``. A view that reads the body itself asks ``had_no_room``.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        try:
            super().new_file(*args, **kwargs)
        except OSError as error:
            self._leave_out(error)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        try:
            return super().receive_data_chunk(raw_data, start)
        except OSError as error:
            self._leave_out(error)

    def file_complete(self, file_size: int) -> UploadedFile | None:
        try:
            return super().file_complete(file_size)  # writes what is left in the buffer
        except OSError as error:
            with suppress(SkipFile):
                self._leave_out(error)
            return None

    def _leave_out(self, error: OSError) -> NoReturn:
        if error.errno not in DISK_FULL:
            raise error
        vars(self.request)["had_no_room"] = True
        with suppress(AttributeError, OSError):  # there may be no file yet; closed, it is deleted
            self.file.close()
        raise SkipFile from error


def had_no_room(request: HttpRequest) -> bool:
    """Whether a file of the request, as far as it has been read, was left out because the disk was full."""
    return bool(getattr(request, "had_no_room", False))


def full_sentence() -> str:
    """What to tell a person whose file has no room, in their language."""
    return _(
        "There is no room for files at the moment, so yours were not stored. "
        "Everything else you entered is still here. Please try again later."
    )
