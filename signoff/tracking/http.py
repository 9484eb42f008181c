"""A question to a tracking service, carried over the network: https only, no redirects, with an end to waiting."""

import http.client
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from signoff.carriers import Question
from signoff.carriers.payloads import MOST_BYTES

CONNECT, READ = 5, 30  # seconds


class NoAnswer(Exception):
    """The service could not be reached, or would not answer. Asked again later."""


class InsideTransaction(RuntimeError):
    """Somebody else's server was about to be waited for inside a transaction: an error of ours."""


class NoRedirects(urllib.request.HTTPRedirectHandler):
    """An answer from elsewhere is none: a key must not travel on."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


class PatientConnection(http.client.HTTPSConnection):
    """Waits shorter for a connection than for an answer."""

    def connect(self) -> None:
        self.timeout = CONNECT
        super().connect()
        self.sock.settimeout(READ)


class Https(urllib.request.HTTPSHandler):
    def https_open(self, request: urllib.request.Request) -> Any:
        return self.do_open(PatientConnection, request, context=self._context)


type Opener = Callable[[urllib.request.Request], Any]


def over_the_network(request: urllib.request.Request) -> Any:
    """The opener of the real world: https alone."""
    opener = urllib.request.OpenerDirector()
    for handler in (Https, NoRedirects, urllib.request.HTTPDefaultErrorHandler, urllib.request.HTTPErrorProcessor):
        opener.add_handler(handler())
    return opener.open(request, timeout=READ)


def ask(question: Question, *, opener: Opener = over_the_network) -> bytes:
    """The body of the answer, at most 1 MB. Raises ``NoAnswer``, ``InsideTransaction``."""
    if connection.in_atomic_block:
        raise InsideTransaction
    if not question.url.startswith("https://"):
        raise NoAnswer(_("Tracking services are asked by https only."))
    request = urllib.request.Request(  # noqa: S310 - https, as was just checked
        question.url, data=question.body or None, headers=dict(question.headers), method=question.method
    )
    try:
        with opener(request) as answer:
            body = answer.read(MOST_BYTES + 1)
    except urllib.error.HTTPError as refusal:
        with refusal:
            raise NoAnswer(f"HTTP {refusal.code}") from refusal
    except (OSError, http.client.HTTPException) as trouble:
        raise NoAnswer(type(getattr(trouble, "reason", trouble)).__name__) from trouble
    if len(body) > MOST_BYTES:
        raise NoAnswer(_("The answer is larger than 1 MB."))
    return body
