"""Take new mails from an IMAP mailbox (``settings.IMAP_URL``); each is marked as seen once its row is committed."""

import imaplib
import logging
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db import DatabaseError

from feedback.mail_in.doors import store_mail
from feedback.mail_in.parts import MAX_BYTES
from feedback.models import InboundMail

logger = logging.getLogger(__name__)
TIMEOUT = 30.0  # seconds
AT_ONCE = 200  # mails of one run; the next run takes the others
PORTS = {"imap": 143, "imap+tls": 143, "imaps": 993}

type Connection = imaplib.IMAP4


class BadAddress(Exception):
    """IMAP_URL cannot be used; a sentence for the person who set it."""


def poll(*, limit: int = MAX_BYTES) -> int:
    """Store every new mail; returns how many. A mail that fails is logged, stays unseen and does not stop the next.

    Of a mail with more than ``limit`` bytes only the headers are taken.
    """
    if not settings.IMAP_URL:
        return 0
    taken = 0
    try:
        with _connected(settings.IMAP_URL) as connection:
            for uid in _unseen(connection):
                taken += _take(connection, uid, limit)
    except (imaplib.IMAP4.error, OSError, BadAddress) as error:
        logger.warning("The mailbox could not be read, the next run tries again: %s", type(error).__name__)
    return taken


def _take(connection: Connection, uid: str, limit: int) -> bool:
    try:
        size = _size(connection, uid)
        part = "BODY.PEEK[HEADER]" if size > limit else "BODY.PEEK[]"
        raw = _fetch(connection, uid, part)
        if raw is None:
            return False
        store_mail(raw, door=InboundMail.Door.IMAP, size=size if size > limit else None)
    except (DatabaseError, ValueError) as error:  # without its words: PostgreSQL quotes the row
        logger.error("Mail %s of the mailbox is left to a later run: %s", uid, type(error).__name__)
        return False
    connection.uid("STORE", uid, "+FLAGS", r"(\Seen)")
    return True


@contextmanager
def _connected(address: str) -> Iterator[Connection]:
    """A connection with the mailbox selected: ``imaps://user:password@host:993/INBOX``, ``imap+tls`` for STARTTLS."""
    try:
        url = urlsplit(address)
        port = url.port or PORTS[url.scheme]
    except (KeyError, ValueError) as error:
        raise BadAddress("IMAP_URL must look like imaps://user:password@host/INBOX.") from error
    connection: Connection
    if url.scheme == "imaps":
        context = ssl.create_default_context()
        connection = imaplib.IMAP4_SSL(url.hostname or "", port, ssl_context=context, timeout=TIMEOUT)
    else:
        connection = imaplib.IMAP4(url.hostname or "", port, timeout=TIMEOUT)
    try:
        if url.scheme == "imap+tls":
            connection.starttls(ssl.create_default_context())
        connection.login(unquote(url.username or ""), unquote(url.password or ""))
        folder = unquote(url.path.strip("/")) or "INBOX"
        status, _answer = connection.select(f'"{folder.replace(chr(34), "")}"')
        if status != "OK":
            raise BadAddress("IMAP_URL names a mailbox that does not exist.")
        yield connection
    finally:
        with suppress(imaplib.IMAP4.error, OSError):
            connection.logout()


def _unseen(connection: Connection) -> list[str]:
    _status, answer = connection.uid("SEARCH", "UNSEEN")
    uids = (answer[0] or b"").split() if answer else []
    return [uid.decode() for uid in uids[:AT_ONCE]]


def _size(connection: Connection, uid: str) -> int:
    _status, answer = connection.uid("FETCH", uid, "(RFC822.SIZE)")
    found = re.search(rb"RFC822\.SIZE (\d+)", b" ".join(part for part in answer if isinstance(part, bytes)))
    return int(found[1]) if found else 0


def _fetch(connection: Connection, uid: str, part: str) -> bytes | None:
    """The bytes of a mail or of its headers; None if it has gone."""
    _status, answer = connection.uid("FETCH", uid, f"({part})")
    return next((row[1] for row in answer if isinstance(row, tuple)), None)
