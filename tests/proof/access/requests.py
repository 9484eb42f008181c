"""Requests one page as one person by one method, and reports the response and whether anything was written."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpResponse
from django.urls import reverse

from tests.proof.access.clients import Site

#: fits every form of the product, so that what may be done is done
ALL_PARAMETERS = {
    "seen": "1", "words": "Well then.", "question": "Which one?", "note": "A note.", "why": "No account.",
    "answer": "approve", "reference": "BACS-1", "carrier": "DHL", "tracking_number": "JD1", "pick-1": "on",
    "quantity-1": "1", "line1-reason": "defective", "line1-wish": "refund", "line1-words": "Dark.", "held": "",
    "key": "k1", "language": "en", "theme": "dark", "code": "123456", "satisfaction": "5", "ease": "5",
    "counted-1": "1",
}  # fmt: skip
#: would run as script, in an attribute or between tags, if it were not written out
MARKUP = "'\"><svg/onload=alert(1)>{{7*7}}"
#: what pages read from their address
PARAMETERS = (
    "q",
    "tab",
    "page",
    "code",
    "draft",
    "owner",
    "status",
    "to",
    "open",
    "before",
    "show",
    "next",
    "sort",
    "x",
)
#: written by merely looking, by the beginning of the address: which page was wanted, which browser it is;
#: the library's copy of the e-mail address that an account has; how far somebody has read a conversation
BY_THE_WAY = {
    "/": {"django_session"},
    "/accounts/": {"account_emailaddress"},
    "/desk/cases/": {"feedback_readmark"},
    "/desk/conversations/": {"feedback_readmark"},
    "/cases/": {"feedback_thread"},
    "/orders/": {"feedback_thread"},
}
WRITTEN = """
    SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables
    WHERE n_tup_ins + n_tup_upd + n_tup_del > 0
"""


@dataclass(frozen=True)
class Answer:
    """``outcome`` in the table's words, ``status``, and the tables in which rows were written."""

    outcome: str
    status: int
    written: frozenset[str]


def send_request(
    site: Site, who: str, method: str, path: str, *, right: str = "", may_write: bool = False, csrf: bool = False
) -> Answer:
    """Ask, and undo whatever was done. ``right`` is the row's: it says which redirect is a refusal."""
    with transaction.atomic():
        response = _send(site, who, method, path, csrf=csrf)
        touched = not may_write and _value("SELECT pg_current_xact_id_if_assigned()::text") is not None
        transaction.set_rollback(True)
    written = _written_by(site, who, method, path, csrf=csrf) if touched else frozenset()
    return Answer(outcome(response, right), response.status_code, written)


def response_body(site: Site, who: str, method: str, path: str) -> bytes:
    """The page after markup was sent in every parameter or field of it."""
    client = site.client(who)
    with transaction.atomic():
        if method == "GET":
            response = client.get(path, dict.fromkeys(PARAMETERS, MARKUP))
        else:
            response = client.post(path, dict.fromkeys(ALL_PARAMETERS, MARKUP) | {"number": MARKUP, "email": MARKUP})
        transaction.set_rollback(True)
    return b"".join(response.streaming_content) if response.streaming else response.content


def outcome(response: HttpResponse, right: str) -> str:
    """What an answer comes to."""
    target = response.headers.get("Location", "").partition("?")[0]
    if target == settings.LOGIN_URL or target == reverse(settings.LOGIN_URL):
        return "sign in"
    if target == reverse("admin:login") or _leads_out(response, target):
        return "admin sign-in"
    if target == reverse("signoff:find") and right in ("owner", "shopper"):
        return "find"
    refusals = {401, 403, 404, 405}
    return str(response.status_code) if response.status_code in refusals or response.status_code >= 500 else "in"


def _leads_out(response: HttpResponse, target: str) -> bool:
    """Who signs out of the admin without having been in is redirected to its login page by way of its index."""
    return target == reverse("admin:index") and response.wsgi_request.path == reverse("admin:logout")


@contextmanager
def quiet() -> Iterator[None]:
    """Thousands of refusals would fill the log."""
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


def _send(site: Site, who: str, method: str, path: str, *, csrf: bool) -> Any:
    client = site.client(who, enforce_csrf_checks=csrf)
    response = client.post(path, ALL_PARAMETERS) if method == "POST" else client.generic(method, path)
    if response.streaming:
        list(response.streaming_content)  # a file is open until it was read
    return response


def _written_by(site: Site, who: str, method: str, path: str, *, csrf: bool) -> frozenset[str]:
    """Ask once more, for the tables: the server's own count of rows written, before and after."""
    with transaction.atomic():
        before = _rows()
        _send(site, who, method, path, csrf=csrf)
        after = _rows()
        transaction.set_rollback(True)
    return frozenset(table for table, count in after.items() if count > before.get(table, 0))


def _rows() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(WRITTEN)
        return dict(cursor.fetchall())


def _value(sql: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]
