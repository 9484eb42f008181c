"""Bodies of messages: JSON, or a form with JSON in one of its fields."""

import json
from typing import Any
from urllib.parse import parse_qsl

from django.utils.translation import gettext as _

from signoff.carriers.messages import UnreadableMessage

MAX_BYTES = 1_048_576
MAX_FIELDS = 20


def parse_json(body: bytes) -> Any:
    """The JSON value of a request body. Raises ``UnreadableMessage``."""
    return parse_json_text(decode(body))


def parse_form(body: bytes) -> dict[str, str]:
    """The fields of a form body; of repeated ones the last. Raises ``UnreadableMessage``."""
    try:
        return dict(parse_qsl(decode(body), keep_blank_values=True, max_num_fields=MAX_FIELDS))
    except ValueError:
        raise UnreadableMessage(
            _("This form has more than %(most)d fields. Report it to the provider.") % {"most": MAX_FIELDS}
        ) from None


def parse_json_or_field(body: bytes, name: str) -> Any:
    """The JSON of field ``name`` of a form body (a push), else the JSON body (a response)."""
    if decode(body).lstrip()[:1] in ("{", "["):
        return parse_json(body)
    field = parse_form(body).get(name)
    if field is None:
        raise UnreadableMessage(
            _("This message is neither JSON nor a form with the field “%(name)s”. Check what is sent to this address.")
            % {"name": name}
        )
    return parse_json_text(field)


def parse_json_text(text: str) -> Any:
    """The value of a JSON text. Raises ``UnreadableMessage``."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise UnreadableMessage(_("This message is not valid JSON. Check what is sent to this address.")) from None


def decode(body: bytes) -> str:
    """A body as text. Raises ``UnreadableMessage``."""
    if len(body) > MAX_BYTES:
        raise UnreadableMessage(_("This message is larger than 1 MB. Ask the provider for fewer parcels at once."))
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableMessage(_("This message is not text in UTF-8. Check what is sent to this address.")) from None


def not_a_tracking_message(provider: str) -> UnreadableMessage:
    """The error for a message that is not about tracking, or is another provider's."""
    return UnreadableMessage(
        _(
            "This is not a tracking message from %(provider)s. Make sure there that only tracking updates go to "
            "this address."
        )
        % {"provider": provider}
    )


def provider_error(provider: str, words: str) -> UnreadableMessage:
    """The error that a provider itself reports, in its own words."""
    return UnreadableMessage(
        _(
            "%(provider)s has no information on this parcel (“%(words)s”). Check the number, the carrier and the "
            "account."
        )
        % {"provider": provider, "words": words or "…"}
    )
