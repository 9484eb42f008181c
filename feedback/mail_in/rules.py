"""Raw bytes of a mail → what it says. Pure, and for hostile input: bounded in memory and time, raises only MailRefused.

The standard parser with its oldest policy, because the time of the newer one grows faster than a long header. Size,
parts, depth, headers and lines are limited before and while it reads; names of encodings are taken from a list.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.errors import MessageError
from email.header import decode_header
from email.message import Message as Part
from email.parser import BytesParser
from email.policy import compat32
from email.utils import collapse_rfc2231_value, parseaddr
from typing import Any, Literal

from bs4 import BeautifulSoup

from feedback.mail_in.quotes import visible_text

MAX_BYTES = 25 * 1024**2
MAX_PARTS = 200
MAX_NESTING = 20  # declared boundaries
MAX_LINES = 700_000
MAX_HEADERS = 400  # of one part
HEADER_LENGTH, CONTENT_HEADER_LENGTH = 10_000, 1_000
MAX_TEXT = 10_000  # characters of a message; the rest is cut off, which it then says
READ_TEXT, READ_HTML = 200_000, 300_000  # bytes
MAX_ATTACHMENTS = 40
SMALL_INLINE = 5_000  # bytes; inline pictures below it are logos of signatures
TOKEN_LENGTH = 32

type Kind = Literal["reply", "automatic", "bounce"]
type Why = Literal["size", "parts"]


class MailRefused(Exception):
    """The mail is not opened; ``why`` names the limit."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, repr=False)
class Attachment:
    """A file of a mail as sent; nothing of it is trusted."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Bounce:
    """A report that the mail ``message_id`` was not delivered, and the server's words why."""

    message_id: str
    why: str


@dataclass(frozen=True, repr=False)
class ParsedMail:
    """What a mail says. ``sender`` is what it claims; ``tokens`` are of reply addresses that it was sent to.

    ``is_cut``: the text was longer than ``MAX_TEXT``.
    """

    kind: Kind
    tokens: list[str]
    message_id: str
    sender: str
    subject: str
    text: str
    is_cut: bool = False
    attachments: list[Attachment] = field(default_factory=list)
    more_attachments: bool = False
    bounce: Bounce | None = None


def parse(raw: bytes) -> ParsedMail:
    """Read a mail. Raises ``MailRefused`` and nothing else, whatever the bytes are."""
    message = _message(raw)
    parts = [part for part in message.walk() if not part.is_multipart()]
    bounce = _bounce(message)
    text, is_cut = _text(message)
    files = [found for part in parts if (found := _attachment(part))]
    return ParsedMail(
        kind="bounce" if bounce else "automatic" if _is_automatic(message) else "reply",
        tokens=_tokens(message),
        message_id=_message_id(message),
        sender=parseaddr(_header(message, "From"))[1].strip().lower()[:254],
        subject=_header(message, "Subject")[:200],
        text=text,
        is_cut=is_cut,
        attachments=files[:MAX_ATTACHMENTS],
        more_attachments=len(files) > MAX_ATTACHMENTS,
        bounce=bounce,
    )


def parse_head(raw: bytes) -> ParsedMail:
    """What the headers alone say, of a mail that is not opened. Never raises."""
    head = b"\n".join(split_head(raw)[0][:100_000].splitlines()[: MAX_HEADERS - 1])
    try:
        return parse(head + b"\nContent-Type: text/plain\n\n")
    except MailRefused:
        return ParsedMail("reply", tokens=[], message_id="", sender="", subject="", text="")


def head_of(raw: bytes) -> tuple[str, bytes]:
    """The Message-ID, "" where there is none, and the body after the headers; reads little of them."""
    head, body = split_head(raw)
    found = re.search(rb"^message-id:\s*(<[^\s>]{1,900}>)", head[:500_000], re.IGNORECASE | re.MULTILINE)
    return (found[1].decode("utf-8", "replace") if found else ""), body


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


def _message(raw: bytes) -> Part:
    if len(raw) > MAX_BYTES:
        raise MailRefused("size")
    nesting = sum(1 for _found in re.finditer(rb"boundary\s*\*?\d*\s*\*?\s*=", raw, re.IGNORECASE))
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


def _header(message: Part, name: str) -> str:
    return " ".join(_decoded(str(message.get(name) or "")).split()).replace("\0", "")


def _decoded(value: str) -> str:
    """A header's text; an encoded word that cannot be read stays as it is."""
    value = value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    try:
        chunks = decode_header(value)
    except (MessageError, ValueError):
        return value
    return "".join(chunk if isinstance(chunk, str) else _decode(chunk, charset or "ascii") for chunk, charset in chunks)


_CHARSETS = re.compile(
    r"(?:utf-?8|us-?ascii|ascii|(?:iso-?)?8859-\d{1,2}|iso-8859-\d{1,2}(?:-[ie])?|latin-?1|windows-?125\d|cp125\d|"
    r"gb2312|gbk|gb18030|big5(?:-?hkscs)?|koi8-[ru]|shift_jis|euc-(?:jp|kr)|iso-2022-jp|utf-?16(?:-?[lb]e)?)"
)


def _decode(content: bytes, charset: str) -> str:
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


_TOKEN = re.compile(rf"\breply\+([0-9a-f]{{{TOKEN_LENGTH}}})@", re.IGNORECASE)
_RECIPIENTS = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "Resent-To")


def _tokens(message: Part) -> list[str]:
    """Tokens of reply addresses, each once; a mail server may have changed their case."""
    values = (str(value) for name in _RECIPIENTS for value in (message.get_all(name) or [])[:20])
    found = (token.lower() for value in values for token in _TOKEN.findall(value[:HEADER_LENGTH]))
    return list(dict.fromkeys(found))[:20]


def _message_id(message: Part) -> str:
    found = re.search(r"<[^\s<>]{1,900}>", str(message.get("Message-ID") or ""))
    return found[0] if found else ""


_AUTOMATIC_SUBJECTS = re.compile(
    r"^(?:automatic reply|auto(?:matic)?[ -]?(?:reply|response)|out of office|automatische antwort|abwesenheitsnotiz|"
    r"自动回复|自動回覆|自動回復)\s*[:：]",
    re.IGNORECASE,
)


def _is_automatic(message: Part) -> bool:
    """Whether a machine wrote it (RFC 3834, and what programs did before it)."""
    submitted = _header(message, "Auto-Submitted").lower()
    if submitted and not submitted.startswith("no"):
        return True
    if _header(message, "Precedence").lower() in ("bulk", "junk", "list", "auto_reply", "auto-reply"):
        return True
    if any(message.get(name) for name in ("X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-Auto-Reply")):
        return True
    if any(message.get(name) for name in ("List-Id", "List-Unsubscribe", "X-Failed-Recipients")):
        return True
    if str(message.get("Return-Path") or "").strip() == "<>":
        return True
    local = parseaddr(_header(message, "From"))[1].partition("@")[0].lower()
    if local in ("mailer-daemon", "postmaster", "no-reply", "noreply", "donotreply"):
        return True
    return bool(_AUTOMATIC_SUBJECTS.match(_header(message, "Subject"))) or _type(message) == "multipart/report"


def _type(part: Part) -> str:
    try:
        return part.get_content_type()
    except (MessageError, ValueError, TypeError, AttributeError):
        return "text/plain"


def _bounce(message: Part) -> Bounce | None:
    """What a delivery status notification (RFC 3464) reports as failed; None for any other mail."""
    if _type(message) != "multipart/report" or not message.is_multipart():
        return None
    why, failed, message_id = "", False, ""
    for part in message.walk():
        match _type(part):
            case "message/delivery-status":
                for block in _children(part):
                    if str(block.get("Action") or "").strip().lower() == "failed":
                        failed = True
                        why = why or _header(block, "Diagnostic-Code") or _header(block, "Status")
            case "message/rfc822":
                message_id = message_id or next((_message_id(inner) for inner in _children(part)), "")
            case "text/rfc822-headers" | "message/rfc822-headers":
                found = head_of(_content(part)[:READ_TEXT] + b"\n\n")[0]
                message_id = message_id or found
    if not failed:
        return None
    return Bounce(message_id, re.sub(r"^[\w-]+;\s*", "", why)[:250])


def _children(part: Part) -> Iterator[Part]:
    payload = part.get_payload()
    if isinstance(payload, list):
        yield from (child for child in payload if isinstance(child, Part))


def _content(part: Part) -> bytes:
    """The decoded bytes of a part."""
    try:
        content = part.get_payload(decode=True)
    except (MessageError, ValueError, LookupError, TypeError, AttributeError):
        return b""
    return content if isinstance(content, bytes) else b""


def _text(message: Part) -> tuple[str, bool]:
    """What the sender wrote, without quotes; and whether it was cut."""
    plain, html = [], []
    for part in _own_parts(message):
        if part.is_multipart() or _filename(part) or _disposition(part) == "attachment":
            continue
        match _type(part):
            case "text/plain":
                plain.append(_decode(_content(part)[:READ_TEXT], _charset(part)))
            case "text/html":
                html.append(_decode(_content(part)[:READ_HTML], _charset(part)))
    words = "\n\n".join(filter(None, (text.strip() for text in plain)))
    if not words and html:
        words = "\n\n".join(html_to_text(page) for page in html[:3])
    words = visible_text(_clean(words[:READ_TEXT]))
    return words[:MAX_TEXT].rstrip(), len(words) > MAX_TEXT


def _own_parts(part: Part, depth: int = 0) -> Iterator[Part]:
    """The parts of this mail, without those of mails that are attached to it."""
    yield part
    if part.is_multipart() and _type(part) != "message/rfc822" and depth < MAX_PARTS:
        for child in _children(part):
            yield from _own_parts(child, depth + 1)


def _clean(text: str) -> str:
    """Without characters that no text has: controls, lone surrogates, marks that turn the direction of writing."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufeff]", "", text)


_QUOTES = ["blockquote", "style", "script", "head", "title", "template"]
_BREAKS = ["br", "p", "div", "tr", "li", "h1", "h2", "h3", "h4", "table", "ul", "ol"]
_TAGS = 5_000


def html_to_text(page: str) -> str:
    """The words of an HTML mail, a line for each block; quotes that are marked as such are left out."""
    if page.count("<") > _TAGS:
        page = re.sub(r"<[^<>]{0,2000}>", "\n", page)
        return re.sub(r"\n[ \t\n]+", "\n", page.replace("<", " "))
    soup = BeautifulSoup(page, "html.parser")
    for tag in soup.find_all(_QUOTES) + soup.select(".gmail_quote, #divRplyFwdMsg, #appendonsend ~ *"):
        if not tag.decomposed:
            tag.decompose()
    for tag in soup.find_all(_BREAKS):
        tag.insert_before("\n")
    lines = (" ".join(line.split()) for line in soup.get_text().split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _charset(part: Part) -> str:
    try:
        return str(collapse_rfc2231_value(part.get_param("charset") or "utf-8"))[:40]
    except (MessageError, ValueError, LookupError, TypeError):
        return "utf-8"


def _disposition(part: Part) -> str:
    try:
        return str(part.get_content_disposition() or "")
    except (MessageError, ValueError, TypeError, AttributeError):
        return ""


def _filename(part: Part) -> str:
    try:
        return " ".join(_clean(_decoded(str(part.get_filename() or ""))).split())[:200]
    except (MessageError, ValueError, LookupError, TypeError):
        return "file"


def _attachment(part: Part) -> Attachment | None:
    """The file of a part; None for text of the mail and for small inline pictures."""
    kind, name = _type(part), _filename(part)
    is_inline = _disposition(part) != "attachment"
    if kind in ("text/plain", "text/html") and is_inline and not name:
        return None
    if kind.startswith(("message/delivery", "text/rfc822")) or not (name or not is_inline or kind.startswith("image/")):
        return None
    content = _content(part)
    if not content and not name:
        return None
    if is_inline and part.get("Content-ID") and kind.startswith("image/") and len(content) < SMALL_INLINE:
        return None
    return Attachment(name or kind.replace("/", "."), content)
