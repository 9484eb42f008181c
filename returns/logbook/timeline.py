"""What happened in a case, told in words: the logbook with what was said, for the desk and for the shopper.

Each floor tells its own verbs with ``tell``, in its ``timeline`` module, imported when its app is ready.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext

from returns.logbook.queries import log_of
from returns.models import Case, LogEntry, Statement
from signoff.web import formatting

type Words = str | Promise
type Audience = Literal["desk", "bench", "shopper"]  # the bench is not told amounts

HIDDEN = "•••"
INSIDE = (Statement.Topic.NOTE, Statement.Topic.APPRAISAL)  # never shown to the shopper


@dataclass(frozen=True)
class Telling:
    """How one verb is told; ``to_shopper`` is empty where the shopper is not told."""

    sentence: Words
    icon: str
    tone: str
    to_shopper: Words


@dataclass(frozen=True)
class Told:
    """One line of the timeline, as ``components/timeline.html`` shows it."""

    icon: str
    title: str
    who: str
    at: datetime
    note: str
    tone: str


class Facts(dict):
    """An entry's facts as a sentence may ask for them; what is not known is a dash."""

    def __missing__(self, key: str) -> str:
        return formatting.NONE


TELLINGS: dict[str, Telling] = {}


def tell(verb: str, sentence: Words, icon: str, *, shopper: bool | Words = False, tone: str = "") -> None:
    """Say how ``verb`` is told: a lazy sentence that may use the entry's facts as ``%(name)s`` and ``%(money)s``.

    ``icon`` is Lucide's name. ``shopper``: False keeps it from the shopper, True tells the same sentence,
    words are a sentence of the shopper's own. ``verb.channel`` tells it in a way of its own for cases that came so.
    """
    if isinstance(shopper, bool):
        shopper = sentence if shopper else ""
    TELLINGS[verb] = Telling(sentence, icon, tone, shopper)


def told(case: Case, *, audience: Audience, after: int = 0) -> list[Told]:
    """The entries of ``case`` with a number over ``after``, the newest first.

    Two queries, however many there are; none where log and statements are laid out (``returns.case_page.queries``).
    """
    entries = [entry for entry in reversed(log_of(case)) if entry.seq > after]
    said = _said(case, audience)
    lines = [_line(case, entry, said.get(entry.seq, []), audience) for entry in entries]
    return [line for line in lines if line]


def _said(case: Case, audience: Audience) -> dict[int, list[str]]:
    words: dict[int, list[str]] = {}
    for statement in case.statements.all():
        if audience == "shopper" and statement.topic in INSIDE:
            continue
        words.setdefault(statement.seq, []).append(statement.words)
    return words


def _line(case: Case, entry: LogEntry, said: list[str], audience: Audience) -> Told | None:
    telling = _telling(entry)
    sentence = telling.to_shopper if audience == "shopper" else telling.sentence
    if not sentence:
        return None
    why = [entry.reason] if entry.reason and (audience != "shopper" or entry.by_shopper) else []
    who = _who_for_shopper(case, entry) if audience == "shopper" else _who_for_desk(case, entry)
    return Told(
        telling.icon, str(sentence) % _facts(entry, audience), who, entry.at, "\n".join(why + said), telling.tone
    )


def _telling(entry: LogEntry) -> Telling:
    """The words of the verb, of the channel's own where there are any; of a verb that nobody tells its name."""
    own = TELLINGS.get(f"{entry.verb}.{entry.facts.get('channel')}") or TELLINGS.get(entry.verb)
    return own or Telling(entry.verb.replace("_", " ").capitalize(), "circle", "", "")


def _facts(entry: LogEntry, audience: Audience) -> Facts:
    facts = Facts(entry.facts)
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
    """Staff by first name only, else the shop: no more is the shopper's business."""
    if entry.by_shopper:
        return gettext("You")
    return (entry.by.first_name if entry.by else "") or case.shop.name
