"""How much a request may send: by the length that it states, and file by file while it arrives."""

from collections.abc import Callable
from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

REFUSES_BY_ITSELF = None  # the limit of a view that answers programs, in their format and before it reads


def takes[V: Callable[..., Any]](most: int | None) -> Callable[[V], V]:
    """Let the view take bodies of up to ``most`` bytes; without it, an address takes ``settings.BODY_MAX``."""

    def decorate(view: V) -> V:
        vars(view)["body_limit"] = most
        return view

    return decorate


def body_limit_of(view: Any, *, default: int) -> int | None:
    """The limit that ``takes`` declared, or ``default``."""
    return getattr(view, "body_limit", default)


class Bounded(FileUploadHandler):
    """Drops files with more than ``most`` bytes before the next handlers store them.

    Their names are in ``too_big``. Insert it as the first handler, before ``request.POST`` is read.
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
        """Leave the file to the next handler."""
