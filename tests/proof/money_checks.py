"""Checks money, units and responses after many concurrent requests, from the rows alone; it trusts no counter."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from html import unescape

from django.db.models import Sum

from refunds.ledger.audit.consistency import faults
from refunds.models import Item, Refund
from returns.logbook.verify import Verification
from returns.models import Line
from returns.models.units import count
from signoff.models import OrderLine, Payment
from tests.proof.concurrent_clients import CROWD, Answer

GIVEN_BACK_NO_MORE = (Refund.Status.FAILED, Refund.Status.REVERSED)


@dataclass
class MoneyCheck:
    """What was found, sentence by sentence; a storm that went well leaves all of them empty."""

    over: list[str] = field(default_factory=list)
    doubles: list[str] = field(default_factory=list)
    impolite: list[str] = field(default_factory=list)
    books: list[str] = field(default_factory=list)
    rounds: int = 0
    asked: int = 0
    broken: int = 0  # answers of 5xx

    @property
    def all(self) -> list[str]:
        return [*self.over, *self.doubles, *self.impolite, *self.books]

    def judge(self, answers: Iterable[Answer]) -> None:
        """After a round: every answer, every row."""
        self.rounds += 1
        for answer in answers:
            self.asked += 1
            self.broken += answer.status >= 500
            self.impolite += _manners(answer)
        self.over += [*_payments(), *_units()]
        self.doubles += _refunded_twice()
        self.books += [*map(str, faults()), *map(str, Verification().faults())]

    def tell(self, figure: Callable[..., None], storm: str, rounds: int) -> None:
        """Write down what every storm counts."""
        figure("Concurrency", f"{storm}: rounds of {CROWD} at once", self.rounds, "", f"≥ {rounds}")
        figure("Concurrency", f"{storm}: answers of 5xx", self.broken, f"of {self.asked:,}", "= 0")

    def one_winner(self, answers: Iterable[Answer], what: str) -> Answer | None:
        """The answer that says it was done; there must be exactly one."""
        winners = [answer for answer in answers if answer.won]
        if len(winners) != 1:
            self.doubles.append(f"{what}: {len(winners)} winners")
        return winners[0] if winners else None

    def expect(self, fact: bool, what: str) -> None:
        if not fact:
            self.doubles.append(what)


def _manners(answer: Answer) -> Iterator[str]:
    """Led on, the form again, or a polite page; never an error of ours, nor anybody's words lost."""
    if answer.won:
        return
    where = f"{answer.status} at {answer.path}"
    if answer.status not in (200, 409):
        yield where
        return
    if f'<html lang="{answer.language}"' not in answer.text or 'id="main"' not in answer.text:
        yield f"{where}: not a whole page in {answer.language}"
    if answer.typed and answer.typed not in unescape(answer.text):
        yield f"{where}: “{answer.typed}” is lost"


def _payments() -> Iterator[str]:
    """More given back of a payment than came in, whatever its counter says."""
    for payment in Payment.objects.all():
        standing = payment.refunds.exclude(status__in=GIVEN_BACK_NO_MORE)
        given = standing.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
        if given > payment.captured:
            yield f"payment {payment.pk}: {given} of {payment.captured}"
        if payment.refunded != given:
            yield f"payment {payment.pk}: counts {payment.refunded}, its refunds are {given}"


def _units() -> Iterator[str]:
    """More units in cases than were bought, one unit in two cases, or a counter that is not their sum."""
    held: dict[int, list[int]] = defaultdict(list)
    for line in Line.objects.filter(holds=True):
        assert count(line.units) == line.requested
        held[line.order_line_id] += [unit for first, end in line.units for unit in range(first, end)]
    for line in OrderLine.objects.filter(pk__in=held):
        units = held[line.pk]
        if len(units) > line.quantity or len(units) != len(set(units)) or max(units) > line.quantity:
            yield f"order line {line.pk}: units {sorted(units)} of {line.quantity}"
        if line.returning + line.returned != len(units):
            yield f"order line {line.pk}: counts {line.returning} + {line.returned}, {len(units)} are held"


def _refunded_twice() -> Iterator[str]:
    """A unit that two standing refunds pay back."""
    paid: set[tuple[int, int]] = set()
    standing = Refund.objects.exclude(status__in=GIVEN_BACK_NO_MORE).values("resolution")
    items = Item.objects.filter(resolution__in=standing, gross__gt=0, line__isnull=False).select_related("line")
    for item in items:
        for unit in (unit for first, end in item.units or () for unit in range(first, end)):
            key = (item.line.order_line_id, unit)
            if key in paid:
                yield f"order line {key[0]}: unit {unit} is refunded twice"
            paid.add(key)
