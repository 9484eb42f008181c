"""Checks of plans, approvals, refunds and replacements against their history and the logbook.

These tables are not hash chains. Each row must equal the last row of its history, and each plan and answer in the
chained logbook must be in its table, by the same person, at the same time, with the same amount.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import batched
from typing import Any

from django.db.models import Exists, Model, OuterRef, QuerySet, Subquery

from refunds.ledger.trail import broken_trails
from refunds.models import Approval, Item, Refund, Replacement, Resolution
from returns.models import Case, LogEntry
from signoff.db.history import history_model

CHUNK = 1000
#: columns of a refund that only control its worker and are not evidence
STEERING = {"due_at", "lease_until", "lease_token", "ask_first"}
PLANS = ("propose",)
ANSWERS = {"approve": "approved", "send_back": "sent_back", "send_back_to_bench": "sent_back", "reject": "rejected"}
type Finding = tuple[str, str]


@dataclass(frozen=True)
class Book:
    """A model whose rows are checked; ``case`` is the path from a row to its case's key."""

    model: type[Model]
    case: str

    def rows(self) -> QuerySet[Any]:
        """Every row with ``number`` of its case (None if the case is missing)."""
        if self.case == "case_id":
            case = Case.objects.filter(pk=OuterRef("case_id"))
        else:
            case = Case.objects.filter(resolutions=OuterRef("resolution_id"))
        return self.model._default_manager.annotate(number=Subquery(case.values("number")[:1])).order_by("pk")


BOOKS = (
    Book(Resolution, "case_id"),
    Book(Item, "resolution_id"),
    Book(Approval, "resolution_id"),
    Book(Refund, "case_id"),
    Book(Replacement, "case_id"),
)


def evidence() -> Iterator[Finding]:
    """All faults, as (location, problem)."""
    for book in BOOKS:
        yield from _against_history(book)
    yield from _trails()
    yield from _check_logged(PLANS, _plans)
    yield from _check_logged(tuple(ANSWERS), _answers)
    yield from _unlogged_approvals()


def _against_history(book: Book) -> Iterator[Finding]:
    history: Any = history_model(book.model)
    name = book.model._meta.model_name
    for batch in batched(book.rows().iterator(CHUNK), CHUNK):
        past = history.objects.filter(id__in=[row.pk for row in batch]).order_by("id", "-history_id").distinct("id")
        last = {row.id: row for row in past}
        for row in batch:
            yield from (
                (f"case {row.number}, {name} {row.pk}", problem) for problem in _differences(row, last.get(row.pk))
            )
    deleted = history.objects.filter(~Exists(book.model._default_manager.filter(pk=OuterRef("id"))))
    for key in deleted.order_by("id").values_list("id", flat=True).distinct().iterator(CHUNK):
        yield f"{name} {key}", "its history knows it, but it is missing"


def _trails() -> Iterator[Finding]:
    """The history of a refund is counted and chained, so that no row of it can be missing."""
    for batch in batched(Book(Refund, "case_id").rows().iterator(CHUNK), CHUNK):
        numbers = {row.pk: row.number for row in batch}
        yield from (
            (f"case {numbers[refund.pk]}, refund {refund.pk}", problem) for refund, problem in broken_trails(batch)
        )


def _differences(row: Any, past: Any) -> Iterator[str]:
    if past is None:
        yield "its history is missing"
        return
    for field in past.tracked_fields:
        name = field.attname
        if name not in STEERING and getattr(row, name) != getattr(past, name):
            yield f"its “{name}” is not what the last row of its history says"


def _check_logged(verbs: Sequence[str], books: Callable[[Sequence[LogEntry]], set[tuple]]) -> Iterator[Finding]:
    """Every plan that the logbook mentions must be in its table."""
    entries = LogEntry.objects.filter(verb__in=verbs, facts__has_key="resolution").order_by("pk")
    for batch in batched(entries.select_related("case").iterator(CHUNK), CHUNK):
        numbers = books(batch)
        for entry in batch:
            if _key(entry) not in numbers:
                location = f"case {entry.case.number}, logbook entry {entry.seq}"
                yield location, f"no {entry.verb} of plan {entry.facts['resolution']} by the same person in the books"


def _key(entry: LogEntry) -> tuple:
    plan, by = entry.facts["resolution"], entry.by_id
    if entry.verb in PLANS:
        return entry.case_id, plan, by, entry.at, Decimal(entry.facts["amount"])
    return entry.case_id, plan, by, entry.at, ANSWERS[entry.verb]


def _plans(entries: Sequence[LogEntry]) -> set[tuple]:
    plans = Resolution.objects.filter(pk__in=[entry.facts["resolution"] for entry in entries])
    return set(plans.values_list("case_id", "pk", "proposed_by", "proposed_at", "total"))


def _answers(entries: Sequence[LogEntry]) -> set[tuple]:
    approvals = Approval.objects.filter(resolution__in=[entry.facts["resolution"] for entry in entries])
    return set(approvals.values_list("resolution__case_id", "resolution_id", "by", "at", "answer"))


def _unlogged_approvals() -> Iterator[Finding]:
    """Every saved answer must be noted in the logbook."""
    answers = Book(Approval, "resolution_id").rows().select_related("resolution")
    for batch in batched(answers.iterator(CHUNK), CHUNK):
        cases = [answer.resolution.case_id for answer in batch]
        entries = LogEntry.objects.filter(case__in=cases, verb__in=ANSWERS, facts__has_key="resolution")
        keys = {_key(entry) for entry in entries}
        for answer in batch:
            plan = answer.resolution
            if (plan.case_id, plan.pk, answer.by_id, answer.at, answer.answer) not in keys:
                yield f"case {answer.number}, approval {answer.pk}", "the logbook does not tell of it"
