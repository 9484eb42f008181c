"""Channel of text messages: the interface that every provider's adapter fulfils, and the one of the settings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class Text:
    """A text message.

    ``to`` is a number in E.164 form (+4915112345678). ``words`` is the whole text. Providers in China send approved
    templates only: their adapters use ``template``, a name of the settings, and its ``values``.
    """

    to: str
    words: str
    template: str
    values: Mapping[str, str] = field(default_factory=dict)


class NotSent(Exception):
    """The provider could not be reached or is busy; the same message may be sent later."""


class Refused(Exception):
    """The provider will never send this message: a wrong number, a template that is not approved, no credit."""


class Channel(Protocol):
    """An adapter of one provider, built with the options of the settings."""

    def send(self, text: Text) -> None:
        """Hand ``text`` to the provider. Raises ``NotSent`` or ``Refused``."""


def send(text: Text) -> None:
    """Send ``text`` by ``settings.SMS``. Raises ``NotSent`` or ``Refused``."""
    channel: Channel = import_string(settings.SMS["CHANNEL"])(**settings.SMS["OPTIONS"])
    channel.send(text)
