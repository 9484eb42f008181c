"""The verbs of the logbook: which facts an entry carries, how staff and shopper are told, what is written to them.

Each app registers its own in ``extensions.py``; an entry with a verb or a fact that nobody registered is not written.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise

type Words = str | Promise


class UnknownVerb(LookupError):
    """The verb is in nobody's ``extensions.py``."""


class UnknownFacts(ValueError):
    """The verb is registered without these facts."""


@dataclass(frozen=True)
class Verb:
    """One thing that can happen in a case.

    ``facts`` are the names of the ids and figures that an entry may carry, never personal data.
    ``desk`` and ``shopper`` are lazy sentences that may use the facts as ``%(name)s``, and ``%(money)s``;
    ``shopper`` is empty where the shopper is not told. ``icon`` is Lucide's name.
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
    """Add a verb, once. ``shopper=True`` tells the shopper the same sentence as the desk.

    With ``channel`` only words and topic of entries whose facts name this channel are added; the verb itself, with
    its facts, is registered without.
    """
    if (name, channel) in _VERBS:
        raise ValueError(f"The verb {name!r} is registered already{channel and f' for {channel!r}'}.")
    if isinstance(shopper, bool):
        shopper = desk if shopper else ""
    _VERBS[name, channel] = Verb(name, frozenset(facts), desk, shopper, icon, tone, topic)


def find_verb(name: str, *, channel: str = "") -> Verb | None:
    """The verb in the words of the channel where it has its own; None where an old entry has one that is gone."""
    return _VERBS.get((name, channel)) or _VERBS.get((name, ""))


def registered_verbs() -> list[Verb]:
    """All of them, those of a channel included."""
    return list(_VERBS.values())


def check_entry(name: str, facts: Iterable[str]) -> None:
    """Raise ``UnknownVerb`` or ``UnknownFacts`` where an entry would say what nobody has registered."""
    verb = _VERBS.get((name, ""))
    if verb is None:
        raise UnknownVerb(f"No app has registered the verb {name!r}: add it to an extensions.py.")
    if unknown := sorted(set(facts) - verb.facts):
        known = ", ".join(sorted(verb.facts)) or "none"
        raise UnknownFacts(f"The verb {name!r} carries no fact {', '.join(unknown)}; its facts are: {known}.")
