"""Compares the provider's ledger with refunds, counters, ledger and logbook."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Count, Q, QuerySet

from refunds.ledger.audit.consistency import faults
from refunds.ledger.booking import Occasion
from refunds.models import Refund
from returns.logbook.verify import Verification
from returns.models import Case, LogEntry


@dataclass
class Comparison:
    """Tokens of refunds paid (or booked, or told) more than once, and of those not settled as they should be."""

    twice: set[str] = field(default_factory=set)
    lost: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        return not (self.twice or self.lost or self.wrong)


def compare_ledgers(times_paid: Mapping[str, int], *, only: Iterable[Refund] = (), thorough: bool = True) -> Comparison:
    """Compare refunds with how often the provider has paid each; a thorough look reads the audits of all too."""
    refunds = Refund.objects.filter(pk__in=[refund.pk for refund in only]) if only else Refund.objects.all()
    told = _times_told(refunds)
    paid = Count("ledger", Q(ledger__text=Occasion.PAID, ledger__amount__gt=0))
    back = Count("ledger", Q(ledger__text=Occasion.REVERSED, ledger__amount__gt=0))
    found = Comparison()
    for token, status, booked in refunds.annotate(times=paid - back).values_list("token", "status", "times"):
        counts = (times_paid.get(token, 0), booked, told[token])
        if max(counts) > 1:
            found.twice.add(token)
        if status not in ("paid", "failed") or (status == "paid" and min(counts) == 0):
            found.lost.add(token)
        if status == "failed" and max(counts):
            found.wrong.append(f"refund {token} is failed, and paid")
    if thorough:
        found.wrong += [str(fault) for fault in (*faults(), *Verification().faults())]
        paid = Refund.objects.filter(status="paid")
        settling = Case.objects.filter(status="settling", refunds__in=paid)
        found.wrong += [f"case {number} is still settling" for number in settling.values_list("number", flat=True)]
    return found


def _times_told(refunds: QuerySet[Refund]) -> Counter[str]:
    """How often the logbook says that each is paid, less how often that it came back."""
    told: Counter[str] = Counter()
    entries = LogEntry.objects.filter(case__in=refunds.values("case"), verb__in=["refund_paid", "refund_reversed"])
    for token, verb in entries.values_list("facts__refund", "verb"):
        told[token] += 1 if verb == "refund_paid" else -1
    return told
