"""Reads mails that Django's file-based backend wrote, newest first; only the requested ones are parsed."""

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default
from email.utils import formatdate, make_msgid, parsedate_to_datetime
from itertools import islice
from pathlib import Path

SEPARATOR = b"\n" + b"-" * 79 + b"\n"
CODE = re.compile(r"^\s*(\d{6})\s*$", re.MULTILINE)


@dataclass(frozen=True)
class Mail:
    """One mail; ``key`` names it in URLs, ``code`` is the six-digit sign-in code on a line of its own.

    ``reply_to`` is the address that its shopper answers to; "" where nothing arrives there.
    """

    key: str
    to: str
    sender: str
    subject: str
    at: datetime
    text: str
    html: str
    code: str
    reply_to: str = ""
    message_id: str = ""


def newest(folder: Path, *, to: str = "", before: str = "", limit: int) -> list[Mail]:
    """At most ``limit`` mails whose recipient contains ``to``, older than the mail with the key ``before``."""
    return list(islice(_mails(folder, to.strip().lower().encode(), before), limit))


def find(folder: Path, key: str) -> Mail | None:
    """The mail with this key."""
    name, _dot, position = key.rpartition(".")
    if not re.fullmatch(r"[0-9-]+", name) or not position.isdigit():
        return None
    return next((mail for mail in _read(folder / f"{name}.log") if mail.key == key), None)


def _mails(folder: Path, to: bytes, before: str) -> Iterator[Mail]:
    files = _newest_files(folder)
    if before:
        last = before.rpartition(".")[0]
        names = [file.stem for file in files]
        files = files[names.index(last) :] if last in names else []
    passed = not before
    for file in files:
        for mail in _read(file, to):
            if passed and to.decode() in mail.to.lower():
                yield mail
            passed = passed or mail.key == before


def _newest_files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    with os.scandir(folder) as entries:
        files = [(entry.stat().st_mtime_ns, entry.name) for entry in entries if entry.name.endswith(".log")]
    return [folder / name for _moment, name in sorted(files, reverse=True)]


def _read(file: Path, to: bytes = b"") -> list[Mail]:
    """The mails of a file, newest first; none when ``to`` does not occur in the file, because parsing is slow.

    A mail without its separator is still being content and is left out.
    """
    content = file.read_bytes() if file.is_file() else b""
    if to not in content.lower():
        return []
    sources = content.split(SEPARATOR)[:-1]
    return [_mail(f"{file.stem}.{position}", source) for position, source in reversed(list(enumerate(sources)))]


def _mail(key: str, source: bytes) -> Mail:
    message = message_from_bytes(source, policy=default)
    text = _body(message, "plain")
    code = CODE.search(text)
    return Mail(
        key=key,
        to=str(message["To"] or ""),
        sender=str(message["From"] or ""),
        subject=str(message["Subject"] or ""),
        at=parsedate_to_datetime(str(message["Date"])),
        text=text.strip(),
        html=_body(message, "html"),
        code=code.group(1) if code else "",
        reply_to=reply_to if (reply_to := str(message["Reply-To"] or "")).startswith("reply+") else "",
        message_id=str(message["Message-ID"] or ""),
    )


def answer_to(mail: Mail, words: str, files: Iterable[tuple[str, bytes]]) -> bytes:
    """The raw mail with which the shopper's mail program would answer ``mail``."""
    answer = EmailMessage()
    answer["From"], answer["To"], answer["Date"] = mail.to, mail.reply_to, formatdate()
    answer["Subject"] = f"Re: {mail.subject}"
    answer["Message-ID"] = make_msgid(domain="shopper.example")
    answer["In-Reply-To"] = answer["References"] = mail.message_id
    quoted = "\n".join(f"> {line}" for line in mail.text.splitlines())
    answer.set_content(f"{words}\n\nOn {mail.at:%d %b %Y, at %H:%M}, {mail.sender} wrote:\n\n{quoted}\n")
    for name, content in files:
        answer.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return answer.as_bytes(policy=SMTP)


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return part.get_content() if part else ""
