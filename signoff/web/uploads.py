"""Files that come in, so big that they must not fill the disk before anybody has looked at them."""

from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest


class Bounded(FileUploadHandler):
    """Passes on what follows it in the list, and leaves out the files with more than ``most`` bytes.

    Their names are then in ``too_big``. To be put first, before anybody reads ``request.POST``.
    """

    def __init__(self, request: HttpRequest, *, most: int) -> None:
        super().__init__(request)
        self.most = most
        self.too_big: list[str] = []

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        if start + len(raw_data) > self.most:
            self.too_big.append(self.file_name or "")
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The next handler keeps it."""
