"""Saved replies: which variables they know, the check before one is saved, and filling one in for a thread."""

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.template import Context, TemplateSyntaxError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback.messages.template_language import parse
from feedback.models import SavedReply, Thread

#: what a saved reply may say, and what that is
VARIABLES: dict[str, Promise] = {
    "name": gettext_lazy("the shopper's name"),
    "shop": gettext_lazy("the shop's name"),
    "number": gettext_lazy("number of the case; of the order where there is no case"),
    "order": gettext_lazy("number of the order"),
    "agent": gettext_lazy("first name of the person who writes"),
}


def check_words(words: str) -> str:
    """``words`` as they are. Raises ``ValidationError`` with a sentence for a variable that does not exist."""
    try:
        parse(words, VARIABLES)
    except TemplateSyntaxError as error:
        known = ", ".join(f"{{{{ {name} }}}}" for name in VARIABLES)
        facts = {"why": error, "known": known}
        raise ValidationError(_("%(why)s Variables you can use: %(known)s") % facts) from error
    return words


def fill_reply(reply: SavedReply, thread: Thread, *, by: User) -> str:
    """The text for the shopper of ``thread``, in their language where the reply has it.

    Raises ``TemplateSyntaxError`` for a reply that was saved past the check.
    """
    facts = {
        "name": thread.customer.name if thread.customer else "",
        "shop": thread.shop.name,
        "number": thread.number,
        "order": thread.order.number,
        "agent": by.first_name or by.get_username(),
    }
    return parse(reply.text_in(language_of(thread)), VARIABLES).render(Context(facts, autoescape=False))


def language_of(thread: Thread) -> str:
    """The language in which the shopper is written to."""
    if thread.case:
        return thread.case.language
    return thread.customer.language if thread.customer else "en"
