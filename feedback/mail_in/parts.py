"""Open a mail and read its MIME parts; for hostile input: bounded in memory and time, raises only MailRefused.

The standard parser with its oldest policy, because the time of the newer one grows faster than a long header. Size,
parts, depth, headers and lines are limited before and while it reads; names of encodings are taken from a list.
"""

import re
from collections.abc import Iterator
from email.errors import MessageError
from email.header import decode_header
from email.message import Message as Part
from email.parser import BytesParser
from email.policy import compat32
from email.utils import collapse_rfc2231_value
from typing import Any, Literal

MAX_BYTES = 25 * 1024**2
MAX_PARTS = 200
MAX_NESTING = 20  # declared boundaries
MAX_LINES = 700_000
MAX_HEADERS = 400  # of one part
HEADER_LENGTH, CONTENT_HEADER_LENGTH = 10_000, 1_000

type Why = Literal["size", "parts"]


class MailRefused(Exception):
    """The mail is not opened; ``why`` names the limit."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


def split_head(raw: bytes) -> tuple[bytes, bytes]:
    """Headers and body, parted at the first empty line."""
    places = [(at, len(mark)) for mark in (b"\r\n\r\n", b"\n\n") if (at := raw.find(mark)) >= 0]
    at, length = min(places, default=(len(raw), 0))
    return raw[:at], raw[at + length :]


class _Part(Part):
    """A part that takes a limited number of headers, of limited length."""

    def set_raw(self, name: str, value: str) -> None:
        if len(self) >= MAX_HEADERS:
            raise MailRefused("parts")
        limit = CONTENT_HEADER_LENGTH if name.lower().startswith("content-") else HEADER_LENGTH
        super().set_raw(name[:100], value[:limit])


def open_mail(raw: bytes) -> Part:
    """The parts of a mail. Raises ``MailRefused``."""
    if len(raw) > MAX_BYTES:
        raise MailRefused("size")
    nesting = sum(1 for _found in re.finditer(rb"boundary[\s*\d]*=", raw, re.IGNORECASE))
    if nesting > MAX_NESTING or raw.count(b"\n") + raw.count(b"\r") > 2 * MAX_LINES:
        raise MailRefused("parts")
    if split_head(raw)[0].count(b"\n") > 10 * MAX_HEADERS:  # most headers are one line, some a few
        raise MailRefused("parts")
    made = 0

    def make(policy: Any = compat32) -> Part:
        nonlocal made
        made += 1
        if made > MAX_PARTS:
            raise MailRefused("parts")
        return _Part(policy)

    try:
        return BytesParser(make, policy=compat32).parsebytes(raw)
    except (MessageError, ValueError, LookupError, RecursionError, AttributeError, TypeError, IndexError) as error:
        raise MailRefused("parts") from error


def header(message: Part, name: str) -> str:
    """A header's text on one line; "" where it is missing."""
    return " ".join(decoded(str(message.get(name) or "")).split()).replace("\0", "")


def decoded(value: str) -> str:
    """A header's text; an encoded word that cannot be read stays as it is."""
    value = value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    try:
        chunks = decode_header(value)
    except (MessageError, ValueError):
        return value
    return "".join(chunk if isinstance(chunk, str) else decode(chunk, charset or "ascii") for chunk, charset in chunks)


_CHARSETS = re.compile(
    r"(?:utf-?8|us-?ascii|ascii|(?:iso-?)?8859-\d{1,2}|iso-8859-\d{1,2}(?:-[ie])?|latin-?1|windows-?125\d|cp125\d|"
    r"gb2312|gbk|gb18030|big5(?:-?hkscs)?|koi8-[ru]|shift_jis|euc-(?:jp|kr)|iso-2022-jp|utf-?16(?:-?[lb]e)?)"
)


def decode(content: bytes, charset: str) -> str:
    """Text of ``content``; by the charset it names if that is one of mail, else UTF-8, else as GB 18030 or Latin-1."""
    name = charset.lower().strip()
    names = ["utf-8", "gb18030"]
    if _CHARSETS.fullmatch(name):
        names.insert(0, "gb18030" if name.startswith("gb") else name)
    for candidate in names:
        try:
            return content.decode(candidate)
        except (UnicodeError, LookupError):
            continue
    try:
        return content.decode(names[0], "replace")
    except (UnicodeError, LookupError):
        return content.decode("latin-1")


def type_of(part: Part) -> str:
    """The media type of a part, in lower case; ``text/plain`` where it cannot be read."""
    try:
        return part.get_content_type()
    except (MessageError, ValueError, TypeError, AttributeError):
        return "text/plain"


def children(part: Part) -> Iterator[Part]:
    """The parts inside this one."""
    payload = part.get_payload()
    if isinstance(payload, list):
        yield from (child for child in payload if isinstance(child, Part))


def content_of(part: Part) -> bytes:
    """The decoded bytes of a part."""
    try:
        content = part.get_payload(decode=True)
    except (MessageError, ValueError, LookupError, TypeError, AttributeError):
        return b""
    return content if isinstance(content, bytes) else b""


def own_parts(part: Part, depth: int = 0) -> Iterator[Part]:
    """The parts of this mail, without those of mails that are attached to it."""
    yield part
    if part.is_multipart() and type_of(part) != "message/rfc822" and depth < MAX_PARTS:
        for child in children(part):
            yield from own_parts(child, depth + 1)


def charset_of(part: Part) -> str:
    """The charset that a text part names, else ``utf-8``."""
    try:
        return str(collapse_rfc2231_value(part.get_param("charset") or "utf-8"))[:40]
    except (MessageError, ValueError, LookupError, TypeError):
        return "utf-8"


def disposition_of(part: Part) -> str:
    """``inline``, ``attachment``, or "" where it is not said."""
    try:
        return str(part.get_content_disposition() or "")
    except (MessageError, ValueError, TypeError, AttributeError):
        return ""


def filename_of(part: Part) -> str:
    """The name of the file as sent; "" where there is none."""
    try:
        return " ".join(clean(decoded(str(part.get_filename() or ""))).split())[:200]
    except (MessageError, ValueError, LookupError, TypeError):
        return "file"


def clean(text: str) -> str:
    """Without characters that no text has: controls, lone surrogates, marks that turn the direction of writing."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufeff]", "", text)
