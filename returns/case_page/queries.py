"""The case that a page of the desk opens, and the sign-off or parcel exception that it was opened from."""

from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Q
from django.http import Http404

from returns.models import Case, CaseOrigin
from returns.permissions import may_see_cases
from signoff.db.prepared.batch import QueryBatch, attach_prefetched
from signoff.db.prepared.compiled import CompiledQuery
from signoff.models import Discrepancy, SignOff, SignOffLine, SignOffNote

_CASE = CompiledQuery(lambda number: Case.objects.with_people().select_related("team").filter(number=number))


def find_case(user: User | AnonymousUser, number: str) -> Case:
    """The case with its customer, order, owner and shop; 404 also for people who may not see it."""
    case = _CASE.first(number) if may_see_cases(user) else None
    if case is None:
        raise Http404
    return case


def _origin(case: Any) -> tuple[Any, ...]:
    """The origin; then, where it is a sign-off, the current version with everything in it."""
    opened = SignOff.objects.filter(case_origin__case=case)
    same = Q(pk__in=opened.values("pk")) | Q(parcel__in=opened.exclude(parcel=None).values("parcel"))
    current = SignOff.objects.filter(same, corrected_by=None)
    keys = current.values("pk")
    return (
        CaseOrigin.objects.filter(case=case).select_related("exception__parcel"),
        current.select_related("parcel", "recorded_by"),
        SignOffLine.objects.filter(sign_off__in=keys).select_related("order_line").order_by("order_line__position"),
        Discrepancy.objects.filter(line__sign_off__in=keys).order_by("pk"),
        SignOffNote.objects.filter(sign_off__in=keys).order_by("pk"),
    )


_ORIGIN = QueryBatch(_origin)


def read_origin(case: Case) -> tuple[list[CaseOrigin], list[SignOff], list[SignOffLine], list[SignOffNote]]:
    """The origin of ``case``, and the current sign-off where it came from one, with lines, discrepancies and notes.

    One query for all.
    """
    origins, sign_offs, lines, discrepancies, notes = _ORIGIN.all(case.pk)
    attach_prefetched(lines, "discrepancies", discrepancies, by="line_id")
    return origins, sign_offs, lines, notes
