"""What the queue reads: the cases of one page with their lines, and the choices of its filters."""

from collections.abc import Collection

from returns.models import Case, Line, Reason
from signoff.db.lookups import any_of
from signoff.db.prepared.batch import QueryBatch, attach_prefetched
from signoff.db.prepared.compiled import CompiledQuery
from signoff.models import Shop

_CASES = CompiledQuery(lambda keys: Case.objects.with_people().filter(any_of("pk", keys)).order_by())
_LINES = CompiledQuery(lambda keys: Line.objects.filter(any_of("case_id", keys)).select_related("order_line", "reason"))
_CHOICES = QueryBatch(lambda: (Shop.objects.order_by("name"), Reason.objects.order_by("pk")))


def cases_with_lines(keys: Collection[int]) -> list[Case]:
    """The cases with these primary keys, in any order, with people, lines, articles and reasons; two queries."""
    cases = _CASES.all(keys)
    attach_prefetched(cases, "lines", _LINES.all(keys), by="case_id")
    return cases


def shops_and_reasons() -> tuple[list[Shop], list[Reason]]:
    """All shops by name, and all reasons; one query."""
    shops, reasons = _CHOICES.all()
    return shops, reasons
