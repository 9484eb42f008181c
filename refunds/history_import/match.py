"""Match rows of past returns with order lines.

A line of the sale named in the row, that cost something, of the same article (case of letters aside), one
of the same unit price first, and of these the first that has enough units left.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from refunds.history_import.file import Layout, PastReturn, Slip
from signoff.imports.files.rejected import RejectedRow
from signoff.models import Order, OrderLine


@dataclass
class Matched:
    """The rows of a slip with their order lines, and the rejected rows."""

    accepted: list[tuple[PastReturn, OrderLine]] = field(default_factory=list)
    refused: list[RejectedRow] = field(default_factory=list)

    @property
    def quantities(self) -> dict[OrderLine, int]:
        """Units per order line; two rows may have the same line."""
        sums: dict[OrderLine, int] = {}
        for past, line in self.accepted:
            sums[line] = sums.get(line, 0) + past.quantity
        return sums


def match(slip: Slip, orders: Mapping[str, Order], room: Callable[[OrderLine], int], *, layout: Layout) -> Matched:
    """Match each row of ``slip`` with a line; ``room`` returns the units of a line that are available."""
    matched = Matched()
    available: dict[OrderLine, int] = {}
    for past in slip.rows:
        order = orders.get(past.order)
        lines = _candidates(past, order)
        available |= {line: room(line) for line in lines if line not in available}
        line = next((line for line in lines if available[line] >= past.quantity), None)
        if line is None:
            matched.refused.append(layout.refuse(past.row, *_why(past, order, [available[line] for line in lines])))
        else:
            available[line] -= past.quantity
            matched.accepted.append((past, line))
    return matched


def _candidates(past: PastReturn, order: Order | None) -> list[OrderLine]:
    if order is None:
        return []
    lines = [line for line in order.lines.all() if line.sku.upper() == past.sku.upper() and line.unit_price > 0]
    return sorted(lines, key=lambda line: (line.unit_price != past.price, line.position))


def _why(past: PastReturn, order: Order | None, available: Sequence[int]) -> tuple[str, str]:
    """The column at fault and the sentence with the reason."""
    room = max(available, default=0)
    facts = {"order": past.order, "sku": past.sku, "asked": past.quantity, "left": room}
    if order is None:
        return "order", _("Order %(order)s doesn't exist in this shop. Import the orders first.") % facts
    if not available:
        return "sku", _("Order %(order)s has no paid item %(sku)s.") % facts
    sentence = ngettext(
        "Order %(order)s has %(left)d unit of %(sku)s left to return, not %(asked)d.",
        "Order %(order)s has %(left)d units of %(sku)s left to return, not %(asked)d.",
        room,
    )
    return "quantity", sentence % facts
