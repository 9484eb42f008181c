"""From trouble with a parcel on its way to its case, by the shop's terms, once, and after the shopper was told."""

from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from returns.intake.automatic.line_faults import Fault, open_case_for_faults, shops_with_reasons, tell_cases
from returns.lifecycle.sweep import each
from returns.lifecycle.unit_reservation import ExceedsOrdered
from returns.models import Case, CaseOrigin
from signoff.models import DeliveryTerms, ExceptionKind, Parcel, ParcelException
from signoff.parcels.contents import contents_of
from signoff.parcels.exceptions import settle_exception

SHOP = "parcel__order__shop"
#: what is no trouble of its own any more once the goods have a case
ONLY_LATE = (ExceptionKind.LATE, ExceptionKind.SILENT)


def open_from_exceptions(now: datetime | None = None) -> int:
    """Open the case of every exception that asks for one, each in its own transaction; returns how many.

    The exception is settled by that. What goes wrong with a return parcel stays a to-do: its goods have a case.
    """
    return each(
        "exception", _waiting(), partial(_process_exception, now=now or timezone.now()), refusals=(ExceedsOrdered,)
    )


def _waiting() -> list[int]:
    """Keys of the exceptions that ask for a case; first the few that may, then whose shop they are of."""
    unseen = list(_unseen().values_list("pk", flat=True))
    wanted = ParcelException.objects.filter(_by_terms(), pk__in=unseen, **{f"{SHOP}__in": shops_with_reasons()})
    ours = wanted.exclude(parcel__direction=Parcel.Direction.RETURN).order_by("pk")
    return list(ours.values_list("pk", flat=True)) if unseen else []


def _unseen() -> QuerySet[ParcelException]:
    """Open, known to the shopper, and without a case."""
    return ParcelException.objects.open().filter(told_at__isnull=False, case_origin=None)


def _by_terms() -> Q:
    """The kinds for which each shop opens cases; a shop that has said nothing goes by the defaults."""
    said = dict(DeliveryTerms.objects.values_list("shop", "case_for"))
    wanted = Q(kind__in=DeliveryTerms().case_for) & ~Q(**{f"{SHOP}__in": list(said)})
    for shop, kinds in said.items():
        wanted |= Q(**{SHOP: shop}, kind__in=kinds)
    return wanted


def _process_exception(key: int, *, now: datetime) -> bool:
    """False where another sweep has it, or had it."""
    found = ParcelException.objects.select_related("parcel__order__customer", "parcel__order__shop")
    exception = found.select_for_update(skip_locked=True, of=["self"]).filter(pk=key).first()
    if exception is None or not _unseen().filter(pk=key).exists():
        return False
    parcel, faults = exception.parcel, _faults(exception)
    facts: dict[str, Any] = {"parcel": parcel.token, "kind": exception.kind}
    case = open_case_for_faults(parcel.order, faults, by=None, channel=Case.Channel.CARRIER, now=now, **facts)
    CaseOrigin.objects.create(exception=exception, case=case)
    if case or tell_cases(parcel, faults, "parcel_troubled", now=now, **facts):
        for one in [exception, *parcel.exceptions.open().filter(kind__in=ONLY_LATE).exclude(pk=exception.pk)]:
            settle_exception(one, by=None, as_=ParcelException.Settled.CASE, now=now)
    return case is not None


def _faults(exception: ParcelException) -> list[Fault]:
    """Everything in the parcel."""
    return [Fault(what.line.pk, {exception.kind: what.quantity}) for what in contents_of(exception.parcel)]
