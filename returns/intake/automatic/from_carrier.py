"""Opens cases from parcel exceptions, by the shop's delivery terms, once each, after the shopper was notified."""

from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from returns.intake.automatic.line_faults import Fault, note_in_cases, open_case_for_faults, shops_with_reasons
from returns.lifecycle.sweep import sweep_rows
from returns.lifecycle.unit_reservation import ExceedsOrdered
from returns.models import Case, CaseOrigin
from signoff.models import DeliveryTerms, ExceptionKind, Parcel, ParcelException
from signoff.parcels.contents import contents_of
from signoff.parcels.exceptions import settle_exception

SHOP = "parcel__order__shop"
#: exceptions that are settled together with another one once the goods have a case
ONLY_LATE = (ExceptionKind.LATE, ExceptionKind.SILENT)


def open_from_exceptions(now: datetime | None = None) -> int:
    """Open the case of every exception that asks for one, each in its own transaction; returns how many.

    The exception is settled by that. One of a return parcel stays open for the desk: its goods have a case already.
    """
    return sweep_rows(
        "exception", _waiting(), partial(_process_exception, now=now or timezone.now()), refusals=(ExceedsOrdered,)
    )


def _waiting() -> list[int]:
    """Primary keys of the exceptions that need a case. Two steps: joining the shops first would read every row."""
    unseen = list(_unseen().values_list("pk", flat=True))
    wanted = ParcelException.objects.filter(_by_terms(), pk__in=unseen, **{f"{SHOP}__in": shops_with_reasons()})
    ours = wanted.exclude(parcel__direction=Parcel.Direction.RETURN).order_by("pk")
    return list(ours.values_list("pk", flat=True)) if unseen else []


def _unseen() -> QuerySet[ParcelException]:
    """Open exceptions without a case of which the shopper was notified."""
    return ParcelException.objects.open().filter(told_at__isnull=False, case_origin=None)


def _by_terms() -> Q:
    """Kinds for which each shop opens cases; a shop without terms of its own has the defaults."""
    kinds_by_shop = dict(DeliveryTerms.objects.values_list("shop", "case_for"))
    wanted = Q(kind__in=DeliveryTerms().case_for) & ~Q(**{f"{SHOP}__in": list(kinds_by_shop)})
    for shop, kinds in kinds_by_shop.items():
        wanted |= Q(**{SHOP: shop}, kind__in=kinds)
    return wanted


def _process_exception(key: int, *, now: datetime) -> bool:
    """Open the case of one exception; False where another sweep has it or was faster."""
    rows = ParcelException.objects.select_related("parcel__order__customer", "parcel__order__shop")
    exception = rows.select_for_update(skip_locked=True, of=["self"]).filter(pk=key).first()
    if exception is None or not _unseen().filter(pk=key).exists():
        return False
    parcel, faults = exception.parcel, _faults(exception)
    facts: dict[str, Any] = {"parcel": parcel.token, "kind": exception.kind}
    case = open_case_for_faults(parcel.order, faults, by=None, channel=Case.Channel.CARRIER, now=now, **facts)
    CaseOrigin.objects.create(exception=exception, case=case)
    if case or note_in_cases(parcel, faults, "parcel_troubled", now=now, **facts):
        for row in [exception, *parcel.exceptions.open().filter(kind__in=ONLY_LATE).exclude(pk=exception.pk)]:
            settle_exception(row, by=None, as_=ParcelException.Settled.CASE, now=now)
    return case is not None


def _faults(exception: ParcelException) -> list[Fault]:
    """All contents of the parcel are faulty."""
    return [Fault(content.line.pk, {exception.kind: content.quantity}) for content in contents_of(exception.parcel)]
