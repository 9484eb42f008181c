"""Raw bytes of a mail → what it says. Pure; raises only MailRefused, whatever the bytes are."""

import re
from dataclasses import dataclass, field
from email.message import Message as Part
from email.utils import parseaddr
from typing import Literal

from bs4 import BeautifulSoup

from feedback.mail_in.parts import (
    HEADER_LENGTH,
    MAX_HEADERS,
    MailRefused,
    charset_of,
    children,
    clean,
    content_of,
    decode,
    disposition_of,
    filename_of,
    header,
    open_mail,
    own_parts,
    split_head,
    type_of,
)
from feedback.mail_in.quotes import visible_text

MAX_TEXT = 10_000  # characters of a message; the rest is cut off, which it then says
READ_TEXT, READ_HTML = 200_000, 300_000  # bytes
MAX_ATTACHMENTS = 40
SMALL_INLINE = 5_000  # bytes; inline pictures below it are logos of signatures
TOKEN_LENGTH = 32

type Kind = Literal["reply", "automatic", "bounce"]


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
    message = open_mail(raw)
    parts = [part for part in message.walk() if not part.is_multipart()]
    bounce = _bounce(message)
    text, is_cut = _text(message)
    files = [found for part in parts if (found := _attachment(part))]
    return ParsedMail(
        kind="bounce" if bounce else "automatic" if _is_automatic(message) else "reply",
        tokens=_tokens(message),
        message_id=_message_id(message),
        sender=parseaddr(header(message, "From"))[1].strip().lower()[:254],
        subject=header(message, "Subject")[:200],
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
    submitted = header(message, "Auto-Submitted").lower()
    if submitted and not submitted.startswith("no"):
        return True
    if header(message, "Precedence").lower() in ("bulk", "junk", "list", "auto_reply", "auto-reply"):
        return True
    if any(message.get(name) for name in ("X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-Auto-Reply")):
        return True
    if any(message.get(name) for name in ("List-Id", "List-Unsubscribe", "X-Failed-Recipients")):
        return True
    if str(message.get("Return-Path") or "").strip() == "<>":
        return True
    local = parseaddr(header(message, "From"))[1].partition("@")[0].lower()
    if local in ("mailer-daemon", "postmaster", "no-reply", "noreply", "donotreply"):
        return True
    return bool(_AUTOMATIC_SUBJECTS.match(header(message, "Subject"))) or type_of(message) == "multipart/report"


def _bounce(message: Part) -> Bounce | None:
    """What a delivery status notification (RFC 3464) reports as failed; None for any other mail."""
    if type_of(message) != "multipart/report" or not message.is_multipart():
        return None
    why, failed, message_id = "", False, ""
    for part in message.walk():
        match type_of(part):
            case "message/delivery-status":
                for block in children(part):
                    if str(block.get("Action") or "").strip().lower() == "failed":
                        failed = True
                        why = why or header(block, "Diagnostic-Code") or header(block, "Status")
            case "message/rfc822":
                message_id = message_id or next((_message_id(inner) for inner in children(part)), "")
            case "text/rfc822-headers" | "message/rfc822-headers":
                found = head_of(content_of(part)[:READ_TEXT] + b"\n\n")[0]
                message_id = message_id or found
    if not failed:
        return None
    return Bounce(message_id, re.sub(r"^[\w-]+;\s*", "", why)[:250])


def _text(message: Part) -> tuple[str, bool]:
    """What the sender wrote, without quotes; and whether it was cut."""
    plain, html = [], []
    for part in own_parts(message):
        if part.is_multipart() or filename_of(part) or disposition_of(part) == "attachment":
            continue
        match type_of(part):
            case "text/plain":
                plain.append(decode(content_of(part)[:READ_TEXT], charset_of(part)))
            case "text/html":
                html.append(decode(content_of(part)[:READ_HTML], charset_of(part)))
    words = "\n\n".join(filter(None, (text.strip() for text in plain)))
    if not words and html:
        words = "\n\n".join(html_to_text(page) for page in html[:3])
    words = visible_text(clean(words[:READ_TEXT]))
    return words[:MAX_TEXT].rstrip(), len(words) > MAX_TEXT


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


def _attachment(part: Part) -> Attachment | None:
    """The file of a part; None for text of the mail and for small inline pictures."""
    kind, name = type_of(part), filename_of(part)
    is_inline = disposition_of(part) != "attachment"
    if kind in ("text/plain", "text/html") and is_inline and not name:
        return None
    if kind.startswith(("message/delivery", "text/rfc822")) or not (name or not is_inline or kind.startswith("image/")):
        return None
    content = content_of(part)
    if not content and not name:
        return None
    if is_inline and part.get("Content-ID") and kind.startswith("image/") and len(content) < SMALL_INLINE:
        return None
    return Attachment(name or kind.replace("/", "."), content)
