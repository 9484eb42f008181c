"""Queries for findings, cases to settle, and replacements."""

from django.db.models import Exists, OuterRef, QuerySet

from refunds.models import Refund, Replacement
from returns.models import Case
from signoff.db.prepared.compiled import CompiledQuery

BATCH = 200  # cases that one sweep takes on; the next sweep takes the rest

#: what a case still owes: a refund that is not paid, or goods that are not sent; not what a stopped plan promised
_OWED = Exists(
    Refund.objects.filter(case=OuterRef("pk"))
    .exclude(status=Refund.Status.PAID)
    .exclude(status=Refund.Status.FAILED, resolution__superseded_at__isnull=False)
) | Exists(Replacement.objects.owed().filter(case=OuterRef("pk")))
_OWES = CompiledQuery(lambda case: Case.objects.filter(_OWED, pk=case).values_list("pk", flat=True))
_OWES_NOTHING = CompiledQuery(
    lambda: (
        Case.objects.filter(~_OWED, status=Case.Status.SETTLING)
        .order_by("due_at", "pk")
        .values_list("pk", flat=True)[:BATCH]
    ),
    by_key=False,
)
_INSPECTED_WITH_PLAN = CompiledQuery(
    lambda: (
        Case.objects.filter(
            status=Case.Status.INSPECTED, resolutions__superseded_at=None, resolutions__approved_at__isnull=False
        )
        .order_by("due_at", "pk")
        .values_list("pk", flat=True)[:BATCH]
    ),
    by_key=False,
)


def inspected_with_plan() -> list[int]:
    """Primary keys of inspected cases whose plan is approved, the most urgent first, at most ``BATCH``."""
    return _INSPECTED_WITH_PLAN.all()


def owes(case: Case) -> bool:
    """Whether a refund of ``case`` is not paid or a replacement not sent."""
    return bool(_OWES.all(case.pk))


def settling_without_debts() -> list[int]:
    """Primary keys of settling cases that owe nothing any more, the most urgent first, at most ``BATCH``."""
    return _OWES_NOTHING.all()


def replacements_with_cases() -> QuerySet[Replacement]:
    """Replacements with the joins for a row of the list."""
    return Replacement.objects.select_related(
        "case__customer",
        "case__order__destination",
        "case__order__customer",
        "case__shop",
        "item__line__order_line",
        "parcel",
    )
