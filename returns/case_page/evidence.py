"""The evidence of a case as those who decide see it: every picture under the words that it came with, oldest first."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from returns.logbook.digests import EVIDENCE
from returns.logbook.queries import log_of
from returns.logbook.timeline import INSIDE
from returns.logbook.verbs import find_verb
from returns.models import Case, Evidence, Line, LogEntry, Statement


@dataclass(frozen=True)
class EvidenceGroup:
    """The pictures of one logbook entry with its words; each item of the first request (``line``) has its own group."""

    title: str
    at: datetime
    words: list[str]
    pictures: list[dict[str, Any]]
    line: Line | None = None
    seq: int = 1  # of the logbook entry


def evidence_groups(case: Case) -> list[EvidenceGroup]:
    """The groups with pictures, oldest first. No query where lines, evidence, statements and log are prefetched."""
    pictures = [picture for picture in case.evidence.all() if picture.file]
    first, *later = log_of(case)
    came_later = {token: entry.seq for entry in later for token in _tokens(entry)}
    by_entry: dict[int, list[Evidence]] = {}
    for picture in pictures:
        by_entry.setdefault(came_later.get(str(picture.token), first.seq), []).append(picture)
    groups = list(_first_request(case, first, by_entry.get(first.seq, [])))
    statements = list(case.statements.all())
    return groups + [_later(entry, by_entry[entry.seq], statements) for entry in later if entry.seq in by_entry]


def _tokens(entry: LogEntry) -> Iterator[str]:
    """The tokens of the evidence that an entry pins."""
    kinds = (key.partition(":") for key in entry.digests)
    return (token for kind, _colon, token in kinds if kind == EVIDENCE)


def _first_request(case: Case, entry: LogEntry, pictures: Sequence[Evidence]) -> Iterator[EvidenceGroup]:
    at_delivery = case.channel == Case.Channel.SIGN_OFF
    title = _("At delivery: %(item)s") if at_delivery else _("First request: %(item)s")
    for line in case.lines.all():
        if shown := [picture for picture in pictures if picture.line_id == line.pk]:
            item, words = line.order_line.title or line.order_line.sku, list(filter(None, [line.words]))
            yield EvidenceGroup(title % {"item": item}, entry.at, words, links_to(shown), line)
    if others := [picture for picture in pictures if picture.line_id is None]:
        yield EvidenceGroup(_("At delivery") if at_delivery else _("First request"), entry.at, [], links_to(others))


def _later(entry: LogEntry, pictures: Iterable[Evidence], statements: Sequence[Statement]) -> EvidenceGroup:
    said = [row for row in statements if row.seq == entry.seq and row.topic not in INSIDE]
    verb = find_verb(entry.verb)
    title = said[0].get_topic_display() if said else str(verb.desk if verb else entry.verb)
    words = [row.words for row in said]
    return EvidenceGroup(title[:1].upper() + title[1:], entry.at, words, links_to(pictures), seq=entry.seq)


def links_to(pictures: Iterable[Evidence]) -> list[dict[str, Any]]:
    """For ``components/pictures.html``."""
    return [_link_to(picture) for picture in pictures]


def _link_to(picture: Evidence) -> dict[str, Any]:
    article = picture.line.order_line if picture.line else None
    return {
        "token": str(picture.token),
        "url": reverse("returns:evidence", args=[picture.token, "full"]),
        "thumb": reverse("returns:evidence", args=[picture.token, "thumbnail"]),
        "alt": _("Picture of %(article)s") % {"article": article.title or article.sku} if article else "",
    }
