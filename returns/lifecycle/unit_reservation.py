"""Reserving units of an order line for a case, so that no unit is in two open cases or refunded twice."""

from collections.abc import Iterator

from django.utils.translation import ngettext

from returns.lifecycle.queries import count_units, held_units, lines_that_hold, lock_order_line
from returns.logbook.locks import LockedCase, LockedWithLines
from returns.models.units import Units, count
from signoff.models import OrderLine


class ExceedsOrdered(Exception):
    """More units were asked for than are left of the order line; a sentence for the person who asked."""


def reserve_units(order_line: OrderLine, quantity: int) -> Units:
    """Reserve the first ``quantity`` free units of a line and return their numbers. Raises ``ExceedsOrdered``.

    Locks the order line for the transaction; the counter's CHECK and the exclusion constraint on units
    guarantee the same in the database.
    """
    locked = lock_order_line(order_line.pk)
    if not 0 < quantity <= locked.available:
        raise ExceedsOrdered(too_many(locked, quantity))
    count_units(locked.pk, returning=quantity)
    return first_free(locked.quantity, held_units(locked), quantity)


def release_units(case: LockedCase) -> None:
    """Free the units of a case that ended without effect."""
    for line in lines_that_hold(case):
        count_units(line.order_line_id, returning=-count(line.units))
        line.holds = False
        line.save()


def complete_units(case: LockedCase) -> None:
    """Count the units of a resolved case as returned; its lines keep holding them."""
    for line in lines_that_hold(case):
        units = count(line.units)
        count_units(line.order_line_id, returning=-units, returned=units)


def reopen_units(case: LockedWithLines) -> None:
    """Undo ``complete_units`` for a case that is reopened; its lines go on holding the units."""
    for line in lines_that_hold(case):
        units = count(line.units)
        count_units(line.order_line_id, returning=units, returned=-units)


def first_free(total: int, taken: Units, wanted: int) -> list[tuple[int, int]]:
    """The lowest ``wanted`` of the units 1..total that no range of ``taken`` covers, as half-open ranges."""
    free: list[tuple[int, int]] = []
    for first, end in _gaps(total, taken):
        if wanted <= 0:
            break
        free.append((first, min(end, first + wanted)))
        wanted -= free[-1][1] - first
    return free


def _gaps(total: int, taken: Units) -> Iterator[tuple[int, int]]:
    at = 1
    for first, end in sorted(taken):
        if first > at:
            yield at, first
        at = max(at, end)
    if at <= total:
        yield at, total + 1


def too_many(line: OrderLine, quantity: int) -> str:
    """The error text for a quantity above what is left of a line."""
    return ngettext(
        "You can still request %(left)d unit of “%(title)s”, not %(quantity)d. Lower the quantity.",
        "You can still request %(left)d units of “%(title)s”, not %(quantity)d. Lower the quantity.",
        line.available,
    ) % {"title": line.title or line.sku, "left": line.available, "quantity": quantity}
