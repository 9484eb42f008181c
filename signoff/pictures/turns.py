"""Turns at decoding pictures: one request at a time per person, a few on the whole machine, the others at once 429.

Nobody waits in a queue: a request that waits holds a thread, and a few of them would leave none for other pages.

Turns are locks on bytes of one file in the data folder, held by an open file (Linux's *open file description locks*):
all processes of the machine share them, and they are gone with the process that held them. The form of a request
without a turn comes back with what was typed and a sentence for each field with pictures.
"""

import fcntl
import hashlib
import os
import struct
from collections.abc import Callable
from contextvars import ContextVar
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from signoff.web.client import address_of

FIRST_PERSON = 2**20  # bytes below are the machine's places
PEOPLE = 2**40
RETRY_AFTER = "5"  # seconds


class Turn:
    """A request's right to have its pictures decoded, taken with its first picture and given back at its end."""

    def __init__(self, person: str) -> None:
        self.person = person
        self.refused = False
        self._file: int | None = None

    def take(self) -> bool:
        """Whether this request has a turn now; it is not asked twice."""
        if self._file is None and not self.refused:
            self._file = _lock(self.person)
            self.refused = self._file is None
        return not self.refused

    def give_back(self) -> None:
        """Leave the turn to others."""
        if self._file is not None:
            os.close(self._file)


_turn: ContextVar[Turn | None] = ContextVar("turn", default=None)


def has_turn() -> bool:
    """Whether pictures may be decoded now. Outside a request (a command, a job) they always may."""
    turn = _turn.get()
    return turn is None or turn.take()


class PictureTurns:
    """Middleware: gives each request its turn, and its answer the status 429 where pictures were not decoded."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        turn = Turn(request.COOKIES.get(settings.SESSION_COOKIE_NAME) or address_of(request))
        token = _turn.set(turn)
        try:
            response = self.get_response(request)
        finally:
            turn.give_back()
            _turn.reset(token)
        if turn.refused and response.status_code == 200:
            response.status_code = 429
            response.headers["Retry-After"] = RETRY_AFTER
        return response


def _lock(person: str) -> int | None:
    """An open file that holds the person's byte and a place of the machine; None if either is taken."""
    folder = Path(settings.DATA_DIR)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # nothing else may be kept there
    file = os.open(folder / "picture-turns", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    own = FIRST_PERSON + int.from_bytes(hashlib.sha256(person.encode()).digest()[:8]) % PEOPLE
    if _take(file, own) and any(_take(file, place) for place in range(settings.PICTURES_AT_ONCE)):
        return file
    os.close(file)
    return None


def _take(file: int, byte: int) -> bool:
    """Lock one byte for this open file, unless another has it. The struct is the kernel's ``struct flock``."""
    try:
        fcntl.fcntl(file, fcntl.F_OFD_SETLK, struct.pack("hhqqi", fcntl.F_WRLCK, os.SEEK_SET, byte, 1, 0))
    except BlockingIOError:
        return False
    return True
