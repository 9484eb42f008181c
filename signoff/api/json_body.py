"""Reading JSON bodies of untrusted requests."""

import json
from typing import Any, NoReturn

from django.http import HttpRequest
from django.utils.translation import gettext as _

from signoff.api.errors import ApiRefused

MAX_BYTES = 1024 * 1024


class NotJson(ValueError):
    """The body is not JSON. The message is a sentence."""


def body_of(request: HttpRequest) -> bytes:
    """The raw body. Refuses other types, a missing length and more than 1 MB before reading."""
    if request.content_type != "application/json":
        raise ApiRefused(415, "unsupported_media_type", _("Send JSON, with “Content-Type: application/json”."))
    if "Transfer-Encoding" in request.headers:
        raise ApiRefused(411, "length_required", _("Send the body in one piece, with its “Content-Length”."))
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not (length.isascii() and length.isdecimal()) or int(length) > MAX_BYTES:
        raise ApiRefused(413, "too_large", _("The body is larger than the limit of 1 MB."))
    return request.body


def json_of(body: bytes) -> object:
    """The value of a JSON body. Raises ``NotJson``, also for NaN and for duplicate names."""
    try:
        return json.loads(body.decode(), parse_constant=_no_number, object_pairs_hook=_once_each)
    except NotJson:
        raise
    except (ValueError, RecursionError) as wrong:
        raise NotJson(_("The body cannot be read as JSON. Send one JSON object in UTF-8.")) from wrong


def _no_number(name: str) -> NoReturn:
    raise NotJson(_("The body contains %(name)s, which is not valid JSON. Send plain numbers.") % {"name": name})


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object; duplicate names are refused because parsers read them differently."""
    values = dict(pairs)
    if len(values) < len(pairs):
        names = [name for name, _value in pairs]
        duplicate = next(name for name in names if names.count(name) > 1)
        raise NotJson(_("“%(name)s” appears twice in one object. Send it once.") % {"name": duplicate})
    return values
