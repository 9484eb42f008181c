"""Replay past returns as cases, one for each return invoice. Safe to run again, also after an interruption.

A case that an earlier run left half-way is continued from its state; one that is closed is left alone.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DataError, IntegrityError, InternalError
from django.utils.translation import gettext as _
from django_fsm import TransitionNotAllowed

from inspection.actions import CountRefused
from refunds.approvals.actions import ApprovalRefused
from refunds.history_import.file import Layout, Slip
from refunds.history_import.match import Matched, match
from refunds.history_import.replay_case import Stuck, replay_case
from refunds.history_import.service_users import ServiceUsers
from refunds.ledger.booking import DoesNotBalance
from refunds.ledger.caps import ExceedsRefundable
from refunds.money.inputs import QuoteRefused
from refunds.payouts.manual import ReferenceTaken
from refunds.pricing.rules import PlanRefused
from returns.intake.actions import Wish, open_case
from returns.lifecycle.unit_reservation import ExceedsOrdered
from returns.models import Case, LogEntry
from returns.models.reasons import Remedy
from signoff.imports.files.rejected import RejectedRow
from signoff.models import Order, OrderLine, Shop
from signoff.money import CannotFreeze

INVOICE = "return_invoice"  # the fact in a case's first logbook entry by which it is found again


logger = logging.getLogger(__name__)
#: what the actions of a replay raise about one return; it is listed, and the others go on
FAILURES = (
    Stuck, ApprovalRefused, CountRefused, DataError, DoesNotBalance, ExceedsOrdered, ExceedsRefundable, CannotFreeze,
    IntegrityError, InternalError, PermissionDenied, PlanRefused, QuoteRefused, ReferenceTaken, TransitionNotAllowed,
    ValidationError,
)  # fmt: skip


@dataclass
class Replayed:
    """Result of a replay: cases opened, cases that existed already, their lines, rejected rows.

    ``failed`` counts the rejected rows that were right in themselves but could not be played to their end.
    """

    cases: int = 0
    known: int = 0
    lines: int = 0
    failed: int = 0
    refused: list[RejectedRow] = field(default_factory=list)

    def add(self, other: "Replayed") -> None:
        self.cases += other.cases
        self.known += other.known
        self.lines += other.lines
        self.failed += other.failed
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
            played = Replayed()
            try:
                self._play(slip, played)
            except FAILURES as why:
                logger.warning("The past return on line %s failed", slip.rows[0].row.line, exc_info=True)
                played = self._failed(slip, why)
            replayed.add(played)
        return replayed

    def _failed(self, slip: Slip, why: Exception) -> Replayed:
        """All rows of a slip rejected, because it could not be played to its end."""
        sentence = _("This return could not be completed: %(why)s Correct it and import the file again.")
        reason = f"{why}".strip().splitlines()[0].rstrip(".") if f"{why}".strip() else type(why).__name__
        rows = [self.layout.refuse(past.row, "invoice", sentence % {"why": f"{reason}."}) for past in slip.rows]
        return Replayed(failed=len(rows), refused=rows)

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
