"""The words of the pages in the language of a story."""

from dataclasses import dataclass
from typing import Any

from django.utils import translation
from django.utils.translation import gettext, ngettext, pgettext


@dataclass(frozen=True)
class Wording:
    """``say("Send")`` is what the button says; ``locale`` is the browser's, such as "zh-Hans"."""

    locale: str

    @property
    def language(self) -> str:
        """As the product names it."""
        return self.locale.lower()

    def __call__(self, text: str, *, context: str = "", **facts: Any) -> str:
        with translation.override(self.language):
            return (pgettext(context, text) if context else gettext(text)) % facts

    def count(self, one: str, many: str, number: int, **facts: Any) -> str:
        with translation.override(self.language):
            return ngettext(one, many, number) % facts
