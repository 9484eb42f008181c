"""Everything this floor keeps about one case, read by one question and laid out on the case itself."""

from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.http import Http404

from returns.models import Case, Evidence, Line, LogEntry, Statement
from returns.permissions import may_see_cases
from signoff.db.prepared.batch import QueryBatch, attach_prefetched, is_prefetched
from signoff.db.prepared.compiled import CompiledQuery
from signoff.models import Parcel, SignOff

EARLIER = 5  # cases of the same customer that the desk's page lists


def open_dossier(case: Case) -> dict[str, Any]:
    """For the desk: lays out lines, evidence, statements and log; returns ``parcels``, ``sign_off`` and ``earlier``.

    ``case`` comes with its order joined. ``earlier`` holds the newest other ``cases`` of the customer and whether
    there are ``more``.
    """
    parcels, sign_offs, found, *own = _DESK.all(case.pk, case.order_id, case.customer_id)
    _lay_out(case, own)
    earlier = {"cases": found[:EARLIER], "more": len(found) > EARLIER}
    return {"parcels": parcels, "sign_off": next(iter(sign_offs), None), "earlier": earlier}


def read_own(case: Case) -> None:
    """Lay out lines, evidence, statements and log of ``case``."""
    _lay_out(case, _OWN.all(case.pk))


def log_of(case: Case) -> list[LogEntry]:
    """The logbook in its order, each entry with its author; asks only where it is not laid out."""
    return list(case.log.all() if is_prefetched(case, "log") else case.log.select_related("by").order_by("seq"))


def _own(case: Any) -> tuple[Any, ...]:
    return (
        Line.objects.filter(case=case).select_related("order_line", "reason"),
        Evidence.objects.filter(case=case).select_related("line__order_line").order_by("pk"),
        Statement.objects.filter(case=case).select_related("by").order_by("seq", "id"),
        LogEntry.objects.filter(case=case).select_related("by").order_by("seq"),
    )


_OWN = QueryBatch(_own)
_DESK = QueryBatch(
    lambda case, order, customer: (
        Parcel.objects.filter(order=order).order_by("pk"),
        SignOff.objects.filter(order=order, corrected_by=None).order_by("-signed_at")[:1],
        Case.objects.filter(customer=customer)
        .exclude(pk=case)
        .select_related("order")
        .order_by("-opened_at", "-id")[: EARLIER + 1],
        *_own(case),
    )
)


def _lay_out(case: Case, rows: list[list[Any]]) -> None:
    for name, found in zip(("lines", "evidence", "statements", "log"), rows, strict=True):
        attach_prefetched([case], name, found, by="case_id")
    for line in rows[0]:
        line.case, line.order_line.order = case, case.order


_CASE = CompiledQuery(lambda number: Case.objects.with_people().filter(number=number))


def find_case(user: User | AnonymousUser, number: str) -> Case:
    """The case with its customer, order, owner and shop; 404 for who may not see it, as where there is none."""
    found = _CASE.first(number) if may_see_cases(user) else None
    if found is None:
        raise Http404
    return found
