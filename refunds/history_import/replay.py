"""Replay past returns as cases, one for each return invoice. Safe to run again, also after an interruption.

A case that an earlier run left half-way is continued from its state; one that is closed is left alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from refunds.history_import.file import Layout, Slip
from refunds.history_import.match import Matched, match
from refunds.history_import.replay_case import replay_case
from refunds.history_import.service_users import ServiceUsers
from returns.intake.actions import Wish, open_case
from returns.lifecycle.unit_reservation import ExceedsOrdered
from returns.models import Case, LogEntry
from returns.models.reasons import Remedy
from signoff.imports.files.rejected import RejectedRow
from signoff.models import Order, OrderLine, Shop

INVOICE = "return_invoice"  # the fact in a case's first logbook entry by which it is found again


@dataclass
class Replayed:
    """Result of a replay: cases opened, cases that existed already, their lines, rejected rows."""

    cases: int = 0
    known: int = 0
    lines: int = 0
    refused: list[RejectedRow] = field(default_factory=list)

    def add(self, other: "Replayed") -> None:
        self.cases += other.cases
        self.known += other.known
        self.lines += other.lines
        self.refused += other.refused


class Replay:
    """Replays slips of one file in ``shop``."""

    def __init__(self, shop: Shop, layout: Layout) -> None:
        self.shop, self.layout, self.staff = shop, layout, ServiceUsers(shop)
        opened = LogEntry.objects.filter(seq=1, case__shop=shop, case__channel=Case.Channel.IMPORT)
        self._known = dict(opened.values_list(f"facts__{INVOICE}", "case_id"))

    def play(self, slips: Iterable[Slip]) -> Replayed:
        """Replay ``slips`` one after the other."""
        replayed = Replayed()
        for slip in slips:
            self._play(slip, replayed)
        return replayed

    def _play(self, slip: Slip, replayed: Replayed) -> None:
        numbers = {past.order for past in slip.rows}
        orders = Order.objects.filter(shop=self.shop, number__in=numbers).prefetch_related("lines__order")
        by_number = {order.number: order for order in orders}
        existing = self._known.get(slip.invoice)
        case = Case.objects.filter(pk=existing).first() if existing else None
        own_units = {line.order_line_id: line.requested for line in case.lines.all()} if case else {}

        def room(line: OrderLine) -> int:
            """Units available to this slip, with those of its own case, so that a second run matches the same lines."""
            return own_units.get(line.pk, 0) + line.available

        matched = match(slip, by_number, room, layout=self.layout)
        if case:
            replayed.known += 1
        elif case := self._open(slip, matched):
            replayed.cases += 1
        replayed.refused += matched.refused
        replayed.lines += len(matched.accepted)
        if case:
            replay_case(case, slip, staff=self.staff)

    def _open(self, slip: Slip, matched: Matched) -> Case | None:
        """Open the case of a slip; None if no row of it is accepted."""
        if not matched.accepted:
            return None
        wishes = [Wish(line, units, self.staff.reason, Remedy.REFUND) for line, units in matched.quantities.items()]
        order = matched.accepted[0][1].order
        facts: dict[str, Any] = {INVOICE: slip.invoice}
        try:
            return open_case(order, wishes, by=self.staff.agent, channel=Case.Channel.IMPORT, now=slip.at, **facts)
        except ExceedsOrdered as refusal:  # another case has claimed units meanwhile
            matched.accepted = []
            matched.refused = [self.layout.refuse(past.row, "quantity", str(refusal)) for past in slip.rows]
            return None
