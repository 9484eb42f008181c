"""Bodies of messages: JSON, or a form with JSON in one of its fields."""

import json
from typing import Any
from urllib.parse import parse_qsl

from django.utils.translation import gettext as _

from signoff.carriers.messages import Unreadable

MOST_BYTES = 1_048_576
MOST_FIELDS = 20


def json_of(body: bytes) -> Any:
    """The JSON value of a body. Raises ``Unreadable``."""
    return parsed(decoded(body))


def form_of(body: bytes) -> dict[str, str]:
    """The fields of a form, each once. Raises ``Unreadable``."""
    try:
        return dict(parse_qsl(decoded(body), keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError:
        raise Unreadable(
            _("This form has more than %(most)d fields. Report it to the provider.") % {"most": MOST_FIELDS}
        ) from None


def json_or_field(body: bytes, name: str) -> Any:
    """The JSON of field ``name`` where the body is a form (a push), else the body's own (an answer)."""
    if decoded(body).lstrip()[:1] in ("{", "["):
        return json_of(body)
    field = form_of(body).get(name)
    if field is None:
        raise Unreadable(
            _("This message is neither JSON nor a form with the field “%(name)s”. Check what is sent to this address.")
            % {"name": name}
        )
    return parsed(field)


def parsed(text: str) -> Any:
    """The value of a JSON text. Raises ``Unreadable``."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise Unreadable(_("This message is not valid JSON. Check what is sent to this address.")) from None


def decoded(body: bytes) -> str:
    """A body as text. Raises ``Unreadable``."""
    if len(body) > MOST_BYTES:
        raise Unreadable(_("This message is larger than 1 MB. Ask the provider for fewer parcels at once."))
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable(_("This message is not text in UTF-8. Check what is sent to this address.")) from None


def not_tracking(provider: str) -> Unreadable:
    """The refusal of a message that is about something else, or of another provider."""
    return Unreadable(
        _("This is not a tracking message of %(provider)s. Check there that only tracking updates go to this address.")
        % {"provider": provider}
    )


def complaint(provider: str, words: str) -> Unreadable:
    """The refusal of a provider to tell us anything, in its own words."""
    return Unreadable(
        _("%(provider)s tells nothing of this parcel (“%(words)s”). Check the number, the carrier and the account.")
        % {"provider": provider, "words": words or "…"}
    )
