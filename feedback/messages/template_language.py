"""The language of message templates: words with ``{{ variables }}``, nothing else.

Templates are written by users, so there are no tags and no filters: they can load, include, call and loop over
nothing, and cannot read settings.
"""

import re
from collections.abc import Collection, Mapping
from typing import ClassVar

from django.template import Context, Engine, Template, TemplateSyntaxError
from django.template.base import TextNode, VariableNode
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

#: what a template may say, and what that is; empty where the step has none
VARIABLES: dict[str, Promise] = {
    "name": gettext_lazy("the shopper's name"),
    "shop": gettext_lazy("the shop's name"),
    "number": gettext_lazy("number of the case"),
    "order": gettext_lazy("number of the order"),
    "link": gettext_lazy("link to the page; on a line of its own it becomes a button"),
    "due": gettext_lazy("deadline of the next step, or the day a parcel is signed for automatically"),
    "day": gettext_lazy("day of delivery, promised delivery, last tracking update or sign-off"),
    "words": gettext_lazy("what the agent wrote: the question, the offer or the reason for rejection"),
    "amount": gettext_lazy("amount refunded or to be refunded, with currency"),
    "method": gettext_lazy("how a refund goes back, for example: bank transfer"),
    "freight": gettext_lazy("who pays for return shipping"),
    "reference": gettext_lazy("the bank's reference of a refund, or carrier and tracking number of a parcel"),
    "goods": gettext_lazy("contents of a parcel to the shopper"),
    "receipt": gettext_lazy("how a parcel was signed for, line by line"),
}


#: a line that needs one of these is left out where the step has none, such as the amount of an exchange
LEAVES_OUT_ITS_LINE = ("amount", "method", "freight")


class _NothingBuiltIn(Engine):
    """Django's templates without any of its tags and filters."""

    default_builtins: ClassVar[list[str]] = []


_NAMES = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_ENGINE = _NothingBuiltIn(autoescape=False, loaders=[])


def _lacks(line: str, facts: Mapping[str, str]) -> bool:
    """Whether ``line`` names money or freight for which there is no value."""
    return any(name in _NAMES.findall(line) and not facts.get(name) for name in LEAVES_OUT_ITS_LINE)


class UnknownVariable(TemplateSyntaxError):
    """A template uses a variable that does not exist; a sentence for its author."""


def parse(source: str, known: Collection[str] = VARIABLES) -> Template:
    """The template, ready to be filled; it may name the ``known`` variables.

    Raises ``TemplateSyntaxError``, ``UnknownVariable``.
    """
    template = _ENGINE.from_string(source)
    for node in template.nodelist:
        if isinstance(node, VariableNode) and node.filter_expression.token not in known:
            raise UnknownVariable(_("There is no variable {{ %(name)s }}.") % {"name": node.filter_expression.token})
        if not isinstance(node, VariableNode | TextNode):
            raise UnknownVariable(_("Only {{ variables }} can be used here."))
    return template


def fill(source: str, facts: Mapping[str, str]) -> str:
    """``source`` with ``facts`` in place of its variables. Raises as ``parse``.

    Lines about money that this step does not have are left out, in a text of several lines.
    """
    if "\n" in source:
        kept = "\n".join(line for line in source.split("\n") if not _lacks(line, facts))
        source = re.sub(r"\n{3,}", "\n\n", kept)
    return parse(source).render(Context({**dict.fromkeys(VARIABLES, ""), **facts}, autoescape=False))
