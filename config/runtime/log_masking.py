"""Log lines without the secrets of links: a path that opens something is logged as ``/enter/…/``.

Django and gunicorn log paths of requests, queries (``?next=``) and referrers, and a log is read by more people than may
open what a link opens. Needs no Django, because gunicorn's settings use it before there is one.
"""

import logging
import re
from typing import Any

from gunicorn.glogging import Logger

_SLASH = r"(?:/|%(?:25)*2F)"  # also inside a query, quoted once or more often
#: what precedes a segment that is random: links that open something, and public ids of what a shopper sees
_BEFORE = (
    "enter", "sign", "survey", "orders", "request", "parcels", "evidence", "photos", "delivery-photos",
    "violations", rf"refunds(?:{_SLASH}reported)?", "imports", f"reset{_SLASH}key", "confirm-email", "mail",
    "sessions", rf"requests(?:{_SLASH}…)?", "unknown", "unknown-photos", "surplus", "notifications",
    "conversations", "attachments", rf"bulk{_SLASH}run",
)  # fmt: skip
_SEGMENT = rf"(?:(?!{_SLASH})[^\s\"'?&#<>])+"
_REPLY = re.compile(r"(\breply(?:\+|%2B))[0-9a-f]{8,}", re.IGNORECASE)  # addresses that answers to mails go to
_SECRET = re.compile(rf"({_SLASH}(?:{'|'.join(_BEFORE)}){_SLASH}){_SEGMENT}", re.IGNORECASE)
#: pages whose second segment is a word of ours; none is as long as a token
_WORDS = re.compile(r"(?:new|odd|done|html|bell|read|end|check|discard|[a-z_]{1,12}\.csv)", re.IGNORECASE)


def mask(text: str) -> str:
    """``text`` without the secret segments of paths, and the tokens of reply addresses, in it."""
    once = _SECRET.sub(_masked, text)
    return _REPLY.sub(r"\1…", _SECRET.sub(_masked, once))  # a draft follows its contact


def _masked(match: re.Match[str]) -> str:
    segment = match[0].removeprefix(match[1])
    return match[0] if _WORDS.fullmatch(segment) else f"{match[1]}…"


class MaskedFormatter(logging.Formatter):
    """Formats a line, its traceback too, and masks it."""

    def format(self, record: logging.LogRecord) -> str:
        return mask(super().format(record))


class MaskedLogger(Logger):
    """gunicorn's access and error log, masked."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in (*self.error_log.handlers, *self.access_log.handlers):
            if handler.formatter is not None:
                handler.setFormatter(MaskedFormatter(handler.formatter._fmt, handler.formatter.datefmt))
