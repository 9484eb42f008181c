"""A case with its lines, evidence, statements and logbook, as actions and pages read it; units of order lines."""

from typing import Any

from django.contrib.auth.models import User
from django.db import connection

from returns.models import Case, CaseWatcher, Contact, Evidence, Line, LogEntry, Statement
from signoff.db.prepared.batch import QueryBatch, attach_prefetched, is_prefetched
from signoff.db.prepared.compiled import CompiledQuery
from signoff.db.prepared.statements import allow_prepare
from signoff.models import OrderLine, Parcel, SignOff

_LINES = CompiledQuery(lambda case: Line.objects.filter(case_id=case).order_by("pk"))
_WITH_ARTICLES = CompiledQuery(lambda case: Line.objects.filter(case_id=case).select_related("order_line", "reason"))
_WITH_ORDERS = CompiledQuery(
    lambda case: Line.objects.filter(case_id=case).select_related("order_line__order", "reason")
)
_ORDER_LINE = CompiledQuery(lambda key: OrderLine.objects.select_for_update().filter(pk=key))
_HELD_UNITS = CompiledQuery(
    lambda line: Line.objects.filter(order_line_id=line, holds=True).values_list("units", flat=True)
)
_HOLDING = CompiledQuery(lambda case: Line.objects.filter(case_id=case, holds=True).order_by("order_line_id"))
_COUNT = allow_prepare("""
    UPDATE signoff_orderline SET "returning" = "returning" + %s, "returned" = "returned" + %s WHERE id = %s
""")


def bare_lines(case: Case) -> list[Line]:
    """The lines as they are now, oldest first."""
    return _LINES.all(case.pk, case=case)


def lines_with_articles(case: Case) -> list[Line]:
    """The lines with their articles and reasons, in the order's order."""
    return _WITH_ARTICLES.all(case.pk, case=case)


def lines_with_orders(case: Case) -> list[Line]:
    """The same, with the order of each: a case may be about several."""
    return _WITH_ORDERS.all(case.pk, case=case)


def prefetched_lines(case: Case) -> list[Line]:
    """``lines_with_articles``; no query where the lines are prefetched."""
    return list(case.lines.all()) if is_prefetched(case, "lines") else lines_with_articles(case)


def lock_order_line(key: int) -> OrderLine:
    """The order line with this primary key as it is now, its row locked."""
    return _ORDER_LINE.get(key)


def held_units(line: OrderLine) -> list[tuple[int, int]]:
    """The ranges of units (half-open) of an order line that cases hold."""
    return [part for units in _HELD_UNITS.all(line.pk) for part in units]


def lines_that_hold(case: Case) -> list[Line]:
    """The lines of ``case`` that hold units, in the order in which their order lines are locked."""
    return _HOLDING.all(case.pk, case=case)


def count_units(order_line: int, *, returning: int, returned: int = 0) -> None:
    """Add to the counters of the order line with this primary key; numbers may be negative."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [returning, returned, order_line])


EARLIER = 5  # cases of the same customer that the desk's page lists


def prefetch_for_desk(case: Case, *, user: User) -> dict[str, Any]:
    """Prefetch lines, evidence, statements and log of ``case``; return what else its page shows. One query.

    ``case`` comes with its order joined. ``earlier`` has the newest other ``cases`` of the customer and whether there
    are ``more``; ``contact`` is the one in which an agent opened the case, ``linked`` are the others opened in it;
    ``watching`` is whether ``user`` watches the case.
    """
    parcels, sign_offs, watchers, contacts, linked, others, *own = _DESK.all(
        case.pk, case.order_id, case.customer_id, user.pk
    )
    _attach(case, own)
    return {
        "parcels": parcels,
        "sign_off": next(iter(sign_offs), None),
        "watching": bool(watchers),
        "contact": next(iter(contacts), None),
        "linked": linked,
        "earlier": {"cases": others[:EARLIER], "more": len(others) > EARLIER},
    }


def prefetch_case(case: Case) -> None:
    """Prefetch lines, evidence, statements and log of ``case`` in one query."""
    _attach(case, _OWN.all(case.pk))


def _own(case: Any) -> tuple[Any, ...]:
    return (
        Line.objects.filter(case=case).select_related("order_line", "reason"),
        Evidence.objects.filter(case=case).select_related("line__order_line").order_by("pk"),
        Statement.objects.filter(case=case).select_related("by").order_by("seq", "id"),
        LogEntry.objects.filter(case=case).select_related("by").order_by("seq"),
    )


_OWN = QueryBatch(_own)


_DESK = QueryBatch(
    lambda case, order, customer, user: (
        Parcel.objects.filter(order=order).order_by("pk"),
        SignOff.objects.filter(order=order, corrected_by=None).order_by("-signed_at")[:1],
        CaseWatcher.objects.filter(case=case, user=user),
        Contact.objects.filter(drafts__case=case).select_related("started_by"),
        Case.objects.filter(draft__contact__drafts__case=case).exclude(pk=case).select_related("order").order_by("pk"),
        Case.objects.filter(customer=customer)
        .exclude(pk=case)
        .select_related("order")
        .order_by("-opened_at", "-id")[: EARLIER + 1],
        *_own(case),
    )
)


def _attach(case: Case, rows: list[list[Any]]) -> None:
    for name, children in zip(("lines", "evidence", "statements", "log"), rows, strict=True):
        attach_prefetched([case], name, children, by="case_id")
    for line in rows[0]:
        line.case, line.order_line.order = case, case.order
