"""Holding units of an order line for a case, so that none is in two live cases or put right twice."""

from collections.abc import Iterator

from django.db import connection
from django.utils.translation import ngettext

from returns.logbook.locks import LockedCase, LockedWithLines
from returns.models import Line
from returns.models.units import Units, count
from signoff.db.prepared.compiled import CompiledQuery
from signoff.db.prepared.statements import allow_prepare
from signoff.models import OrderLine

_LOCKED = CompiledQuery(lambda key: OrderLine.objects.select_for_update().filter(pk=key))
_TAKEN = CompiledQuery(lambda line: Line.objects.filter(order_line_id=line, holds=True).values_list("units", flat=True))
_HELD = CompiledQuery(lambda case: Line.objects.filter(case_id=case, holds=True).order_by("order_line_id"))
COUNT = allow_prepare("""
    UPDATE signoff_orderline SET "returning" = "returning" + %s, "returned" = "returned" + %s WHERE id = %s
""")


class ExceedsOrdered(Exception):
    """More units were asked for than are left of the order line; a sentence for the asker."""


def reserve_units(order_line: OrderLine, quantity: int) -> Units:
    """Reserve the first ``quantity`` free units of a line and return their numbers. Raises ``ExceedsOrdered``.

    Locks the order line for the transaction; the counter's CHECK and the exclusion constraint on units
    repeat the promise in the database.
    """
    locked = _LOCKED.get(order_line.pk)
    if not 0 < quantity <= locked.available:
        raise ExceedsOrdered(too_many(locked, quantity))
    _count(locked.pk, returning=quantity)
    return first_free(locked.quantity, [part for units in _TAKEN.all(locked.pk) for part in units], quantity)


def release_units(case: LockedCase) -> None:
    """Free the units of a case that ended without effect."""
    for line in _HELD.all(case.pk, case=case):
        _count(line.order_line_id, returning=-count(line.units))
        line.holds = False
        line.save()


def complete_units(case: LockedCase) -> None:
    """Count the units of a case as dealt with for good; its lines keep holding them."""
    for line in _HELD.all(case.pk, case=case):
        units = count(line.units)
        _count(line.order_line_id, returning=-units, returned=units)


def reopen_units(case: LockedWithLines) -> None:
    """Undo ``complete_units`` for a case that is opened again; no unit becomes free by it."""
    for line in _HELD.all(case.pk, case=case):
        units = count(line.units)
        _count(line.order_line_id, returning=units, returned=-units)


def _count(order_line: int, *, returning: int, returned: int = 0) -> None:
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [returning, returned, order_line])


def first_free(total: int, taken: Units, wanted: int) -> list[tuple[int, int]]:
    """The lowest ``wanted`` of the units 1..total that no range of ``taken`` covers, as half-open ranges."""
    found: list[tuple[int, int]] = []
    for first, end in _gaps(total, taken):
        if wanted <= 0:
            break
        found.append((first, min(end, first + wanted)))
        wanted -= found[-1][1] - first
    return found


def _gaps(total: int, taken: Units) -> Iterator[tuple[int, int]]:
    at = 1
    for first, end in sorted(taken):
        if first > at:
            yield at, first
        at = max(at, end)
    if at <= total:
        yield at, total + 1


def too_many(line: OrderLine, quantity: int) -> str:
    """The sentence for somebody who asks for more than is left of a line."""
    return ngettext(
        "You can still request %(left)d unit of “%(title)s”, not %(quantity)d. Lower the quantity.",
        "You can still request %(left)d units of “%(title)s”, not %(quantity)d. Lower the quantity.",
        line.available,
    ) % {"title": line.title or line.sku, "left": line.available, "quantity": quantity}
