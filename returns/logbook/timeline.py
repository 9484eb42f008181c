"""Timeline of a case: logbook entries as sentences, with statements, for the desk, the bench or the shopper.

The words of each verb are registered in ``returns.logbook.verbs``.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.contrib.auth.models import User
from django.utils.translation import gettext

from returns.logbook.queries import log_of
from returns.logbook.verbs import Verb, find_verb, texts_of_facts
from returns.models import Case, LogEntry, Statement
from signoff.models import Team
from signoff.web import formatting

type Audience = Literal["desk", "bench", "shopper"]  # the bench sees no amounts

HIDDEN = "•••"
PEOPLE = ("colleague", "away")  # facts that are keys of staff
INSIDE = (Statement.Topic.NOTE, Statement.Topic.APPRAISAL)  # never shown to the shopper


@dataclass(frozen=True)
class TimelineEntry:
    """One line of the timeline, as ``components/timeline.html`` shows it."""

    icon: str
    title: str
    who: str
    at: datetime
    note: str
    tone: str
    seq: int = 0  # of the logbook entry


class Facts(dict):
    """Facts of an entry for %-formatting; an unknown fact becomes a dash."""

    def __missing__(self, key: str) -> str:
        return formatting.NONE


def timeline_of(case: Case, *, audience: Audience, after: int = 0) -> list[TimelineEntry]:
    """The entries of ``case`` with a number over ``after``, the newest first.

    Two queries, however many there are; none where log and statements are prefetched (``returns.lifecycle.queries``).
    One more each where colleagues or teams are named.
    """
    entries = [entry for entry in reversed(log_of(case)) if entry.seq > after]
    names = _names(entries) if audience != "shopper" else {}
    statements = _statements(case, audience)
    lines = [_line(case, entry, statements.get(entry.seq, []), audience, names) for entry in entries]
    return [line for line in lines if line]


def _names(entries: list[LogEntry]) -> dict[tuple[str, int], str]:
    """Name of each colleague and team that the facts of ``entries`` have the key of, by fact and key."""
    keys = {(fact, entry.facts[fact]) for entry in entries for fact in (*PEOPLE, "team") if fact in entry.facts}
    people, teams = {key for fact, key in keys if fact in PEOPLE}, {key for fact, key in keys if fact == "team"}
    found = {user.pk: user.get_full_name() or user.get_username() for user in _users(people)}
    named = dict(Team.objects.filter(pk__in=teams).values_list("pk", "name")) if teams else {}
    return {(fact, key): (found if fact in PEOPLE else named).get(key, formatting.NONE) for fact, key in keys}


def _users(keys: set[int]) -> list[User]:
    return list(User.objects.filter(pk__in=keys)) if keys else []


def events_of(case: Case, *, audience: Audience) -> list[TimelineEntry]:
    """The entries without the statements, the oldest first: for a page that shows what was said by itself."""
    entries = log_of(case)
    names = _names(entries) if audience != "shopper" else {}
    lines = [_line(case, entry, [], audience, names) for entry in entries]
    return [line for line in lines if line]


def _statements(case: Case, audience: Audience) -> dict[int, list[str]]:
    words: dict[int, list[str]] = {}
    for statement in case.statements.all():
        if audience == "shopper" and statement.topic in INSIDE:
            continue
        words.setdefault(statement.seq, []).append(statement.words)
    return words


def _line(
    case: Case, entry: LogEntry, statements: list[str], audience: Audience, names: dict[tuple[str, int], str]
) -> TimelineEntry | None:
    verb = _verb(entry)
    sentence = verb.shopper if audience == "shopper" else verb.desk
    if not sentence:
        return None
    why = texts_of_facts(entry.facts)
    why += [entry.reason] if entry.reason and (audience != "shopper" or entry.by_shopper) else []
    who = _who_for_shopper(case, entry) if audience == "shopper" else _who_for_desk(case, entry)
    return TimelineEntry(
        verb.icon,
        str(sentence) % _facts(entry, audience, names),
        who,
        entry.at,
        "\n".join(why + statements),
        verb.tone,
        entry.seq,
    )


def _verb(entry: LogEntry) -> Verb:
    """The verb, with the texts of the case's channel; for an old entry whose verb is gone, its name."""
    verb = find_verb(entry.verb, channel=entry.facts.get("channel", ""))
    return verb or Verb(entry.verb, frozenset(), entry.verb.replace("_", " ").capitalize(), "", "circle", "", "")


def _facts(entry: LogEntry, audience: Audience, names: dict[tuple[str, int], str]) -> Facts:
    facts = Facts(entry.facts)
    for fact in facts.keys() & {*PEOPLE, "team"}:
        facts[fact] = names.get((fact, facts[fact]), formatting.NONE)
    if "amount" in facts and "currency" in facts:
        known = audience != "bench"
        facts["money"] = formatting.money(facts["amount"], facts["currency"]) if known else HIDDEN
    return facts


def _who_for_desk(case: Case, entry: LogEntry) -> str:
    if entry.by:
        return entry.by.get_full_name() or entry.by.get_username()
    if entry.by_shopper:
        return str(case.customer or gettext("Shopper"))
    return gettext("System")


def _who_for_shopper(case: Case, entry: LogEntry) -> str:
    """Staff by first name only, else the shop: shoppers need not know more."""
    if entry.by_shopper:
        return gettext("You")
    return (entry.by.first_name if entry.by else "") or case.shop.name
