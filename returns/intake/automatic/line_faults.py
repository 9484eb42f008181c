"""Opens a case for faulty units that no other case has yet, or notes the fault in the cases that have them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import translation

from returns.intake.actions import Wish, add_evidence, open_case
from returns.intake.queries import reasons_of
from returns.intake.reason_mapping import main_kind, reason_for, remedy_for
from returns.intake.reasons import leaves
from returns.logbook.locks import lock_case
from returns.logbook.writer import Actor, note
from returns.models import Case, Evidence, Reason
from returns.review.actions import reopen
from signoff.models import Discrepancy, Order, OrderLine, Parcel


@dataclass(frozen=True)
class Fault:
    """Units of one order line (its primary key) that are not as ordered, by kind; ``words`` are the shopper's."""

    line: int
    units: Mapping[str, int]
    words: str = ""

    @property
    def quantity(self) -> int:
        return sum(self.units.values())


def shops_with_reasons() -> Any:
    """Primary keys of shops with an active reason: a case needs one, so other shops' cases wait."""
    return Reason.objects.filter(active=True).order_by().values("shop")


def open_case_for_faults(
    order: Order,
    faults: Sequence[Fault],
    *,
    by: Actor,
    channel: str,
    now: datetime,
    pictures: Iterable[Evidence] = (),
    digests: Mapping[str, str] | None = None,
    **facts: Any,
) -> Case | None:
    """Open a case for the units of ``faults`` that can still be requested; None where none is left.

    ``order`` comes with its customer and shop, and its shop has reasons. ``facts`` and ``digests`` go into the
    logbook. ``pictures`` are consumed only when a case is opened.
    """
    language = order.customer.language if order.customer else order.shop.language
    lines, reasons = _lock_lines(faults), leaves(reasons_of(order.shop_id))
    with translation.override(language):
        wishes = [_wish(lines[fault.line], fault, reasons) for fault in faults if lines[fault.line].available]
    if not wishes:
        return None
    return open_case(
        order, wishes, by=by, channel=channel, language=language, pictures=pictures, digests=digests, now=now, **facts
    )


def note_in_cases(
    parcel: Parcel | None,
    faults: Iterable[Fault],
    verb: str,
    /,
    *,
    now: datetime,
    pictures: Callable[[], Iterable[Evidence]] = tuple,
    digests: Mapping[str, str] | None = None,
    **facts: Any,
) -> list[Case]:
    """Note ``verb`` in the cases that have these goods already; returns those.

    ``pictures`` makes the pictures that each case gets as evidence, stored and not saved yet.
    A resolved case whose replacement was in this parcel is reopened.
    """
    noted: list[Case] = []
    for case in _cases_with(parcel, [fault.line for fault in faults]):
        if case.status == Case.Status.RESOLVED:
            reopen(case, by=None, now=now)
        locked = lock_case(case)
        shown = add_evidence(locked, pictures())
        note(locked, verb, by=None, now=now, digests=shown | dict(digests or {}), **facts)
        noted.append(locked)
    return noted


def _cases_with(parcel: Parcel | None, lines: Sequence[int]) -> list[Case]:
    """Open cases that hold units of these order lines, and the case that sent ``parcel`` unless it is closed."""
    held = Case.objects.open().filter(lines__order_line__in=lines, lines__holds=True)
    sent = Case.objects.filter(parcels=parcel).exclude(status=Case.Status.CLOSED) if parcel else Case.objects.none()
    return sorted({*held, *sent}, key=lambda case: case.pk)


def _lock_lines(faults: Iterable[Fault]) -> dict[int, OrderLine]:
    """The order lines as they are now, locked in the order of their keys (``returns.logbook.locks``)."""
    keys = [fault.line for fault in faults]
    return {line.pk: line for line in OrderLine.objects.select_for_update().filter(pk__in=keys).order_by("pk")}


def _wish(line: OrderLine, fault: Fault, reasons: Sequence[Reason]) -> Wish:
    kind = main_kind(fault.units)
    reason = reason_for(kind, reasons)
    quantity = min(fault.quantity, line.available)
    return Wish(line, quantity, reason, remedy_for(kind, reason), words="\n\n".join(filter(None, _words(fault))))


def _words(fault: Fault) -> Iterable[str]:
    """The kinds, where there are several (a reason names only one), and the shopper's words."""
    if len(fault.units) > 1:
        yield ", ".join(f"{units} × {Discrepancy.Kind(kind).label}" for kind, units in fault.units.items())
    yield fault.words
