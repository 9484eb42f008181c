"""Queries for the versions of a plan and for shipping charges."""

from collections.abc import Sequence

from django.db.models import F

from refunds.models import Resolution
from returns.lifecycle.queries import lines_with_orders
from returns.models import Case, Line
from signoff.db.lookups import any_of
from signoff.db.prepared.batch import is_prefetched
from signoff.db.prepared.compiled import CompiledQuery
from signoff.models import ShippingCharge

_NEWEST = CompiledQuery(lambda case: Resolution.objects.filter(case=case).order_by("-proposed_at", "-pk")[:1])
_NEWEST_SUPERSEDED = CompiledQuery(
    lambda case: Resolution.objects.filter(case=case).exclude(superseded_at=None).order_by("-proposed_at", "-pk")[:1]
)
_CHARGES = CompiledQuery(
    lambda orders: ShippingCharge.objects.filter(any_of("order_id", orders), refunded__lt=F("gross")).order_by(
        "order_id", "pk"
    )
)


def lines_of(case: Case) -> list[Line]:
    """The lines of ``case`` with articles, orders and reasons; no query where a page has prefetched them."""
    return list(case.lines.all()) if is_prefetched(case, "lines") else lines_with_orders(case)


def newest_version(case: Case) -> Resolution | None:
    """The last version, in force or not."""
    return _NEWEST.first(case.pk)


def newest_superseded(case: Case) -> Resolution | None:
    """The last superseded version."""
    return _NEWEST_SUPERSEDED.first(case.pk)


def offer_sent_back(case: Case) -> str:
    """The words of the last counter-offer if an approver has sent it back, for the next one; else ""."""
    last = newest_superseded(case)
    if last is None or last.kind != Resolution.Kind.OFFER or last.approved_at:
        return ""
    return last.words


def refundable_charges(case: Case, lines: Sequence[Line]) -> list[ShippingCharge]:
    """Shipping charges of the case's orders that are not refunded in full."""
    return _CHARGES.all(sorted({case.order_id} | {line.order_line.order_id for line in lines}))
