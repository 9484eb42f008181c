"""Registry of logbook verbs: the facts an entry may carry, its texts for staff and shopper, the message it sends.

Each app registers its own in ``extensions.py``; an entry with an unregistered verb or fact is refused.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

type Words = str | Promise


class UnknownVerb(LookupError):
    """No ``extensions.py`` registers the verb."""


class UnknownFacts(ValueError):
    """The verb is registered without these facts."""


@dataclass(frozen=True)
class Verb:
    """One thing that can happen in a case.

    ``facts`` are the names of the ids and figures that an entry may carry, never personal data.
    ``desk`` and ``shopper`` are lazy sentences that may use the facts as ``%(name)s``, and ``%(money)s``;
    ``shopper`` is empty where the shopper does not see it. ``icon`` is Lucide's name.
    ``topic`` is the message that the shopper gets about it; empty for none.
    """

    name: str
    facts: frozenset[str]
    desk: Words
    shopper: Words
    icon: str
    tone: str
    topic: str


_VERBS: dict[tuple[str, str], Verb] = {}
_FACT_TEXTS: dict[str, Callable[[Any], str]] = {}


def register_verb(
    name: str,
    *,
    desk: Words,
    icon: str,
    facts: Iterable[str] = (),
    shopper: bool | Words = False,
    tone: str = "",
    topic: str = "",
    channel: str = "",
) -> None:
    """Add a verb, once. ``shopper=True`` shows the shopper the same sentence as the desk.

    With ``channel`` only words and topic of entries whose facts name this channel are added; the verb itself, with
    its facts, is registered without.
    """
    if (name, channel) in _VERBS:
        raise ValueError(f"The verb {name!r} is registered already{channel and f' for {channel!r}'}.")
    if isinstance(shopper, bool):
        shopper = desk if shopper else ""
    _VERBS[name, channel] = Verb(name, frozenset(facts), desk, shopper, icon, tone, topic)


def register_fact_text(fact: str, words: Callable[[Any], str]) -> None:
    """Show what ``words`` makes of the value of ``fact`` under entries that have it, to the desk and the shopper."""
    _FACT_TEXTS[fact] = words


def texts_of_facts(facts: Mapping[str, Any]) -> list[str]:
    """The texts under an entry with these facts."""
    return [words(facts[name]) for name, words in _FACT_TEXTS.items() if name in facts]


def find_verb(name: str, *, channel: str = "") -> Verb | None:
    """The verb, with the channel's own texts where it has some; None for a verb that is no longer registered."""
    return _VERBS.get((name, channel)) or _VERBS.get((name, ""))


def registered_verbs() -> list[Verb]:
    """All of them, those of a channel included."""
    return list(_VERBS.values())


def check_entry(name: str, facts: Iterable[str]) -> None:
    """Raise ``UnknownVerb`` or ``UnknownFacts`` for an unregistered verb or fact."""
    verb = _VERBS.get((name, ""))
    if verb is None:
        raise UnknownVerb(f"No app has registered the verb {name!r}: add it to an extensions.py.")
    if unknown := sorted(set(facts) - verb.facts):
        known = ", ".join(sorted(verb.facts)) or "none"
        raise UnknownFacts(f"The verb {name!r} carries no fact {', '.join(unknown)}; its facts are: {known}.")
