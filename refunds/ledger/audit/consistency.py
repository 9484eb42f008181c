"""Consistency checks of the ledger, the books beside it and the counters. Reads everything, changes nothing."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import batched, groupby

from django.db.models import DecimalField, Exists, F, Model, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from refunds.ledger.audit.checkpoint import LedgerCheckpoints
from refunds.ledger.audit.evidence import evidence
from refunds.ledger.booking import Occasion, entry_hash
from refunds.models import Entry, Refund, Resolution
from refunds.pricing.shares import fill, order_of
from returns.logbook.checkpoints.pins import Pins
from returns.models import Case
from signoff.db.required import required
from signoff.models import OrderLine, Payment, ShippingCharge, ShopRefund

NOTHING = Decimal(0)
CHUNK = 1000
COUNTED = (OrderLine, ShippingCharge)
#: a counter of a payment, what it must equal, and both in words
COUNTERS_OF_PAYMENTS = (
    ("refunded", "refunds_total", "refunded, its refunds"),
    ("reported", "reports_total", "reported by the shop, the reports"),
    ("elsewhere", "elsewhere_total", "refunded by the shop, those reports"),
    ("ours", "ours_total", "reported and made here, those reports"),
)


@dataclass(frozen=True)
class Fault:
    """An inconsistency: ``location`` names the row, ``problem`` is a phrase about it."""

    location: str
    problem: str

    def __str__(self) -> str:
        return f"{self.location}: {self.problem}"


def faults(pins: Pins | None = None) -> Iterator[Fault]:
    """All faults of the ledger, the books beside it and the counters of refunded money.

    With ``pins`` the chains are also compared with the signed checkpoints outside the database.
    """
    yield from _chains(pins)
    yield from _vouchers()
    yield from _debts()
    yield from _payouts()
    yield from _payments()
    yield from _lines()
    yield from (Fault(location, problem) for location, problem in evidence())


def _chains(pins: Pins | None) -> Iterator[Fault]:
    """Faults of the entries, case by case, and their differences from the checkpoints."""
    signed = LedgerCheckpoints(pins) if pins else None
    for location, problem in signed.of_files(Entry.objects.count()) if signed else ():
        yield Fault(location, problem)
    entries = Entry.objects.select_related("case", "refund").order_by("case_id", "seq").iterator(CHUNK)
    for (case, number), chain in groupby(entries, key=lambda entry: (entry.case_id, entry.case.number)):
        hashes: dict[int, str] = {}
        for entry in chain:
            yield from _entry(entry, f"case {number}, entry {entry.seq}", hashes)
            hashes[entry.seq] = entry.hash
        for location, problem in signed.of_case(case, number, hashes) if signed else ():
            yield Fault(location, problem)
    for location, problem in signed.of_missing(None) if signed else ():
        yield Fault(location, problem)
    for orphan in Entry.objects.filter(~Exists(Case.objects.filter(pk=OuterRef("case_id")))).iterator(CHUNK):
        yield Fault(f"case ({orphan.case_id}), entry {orphan.seq}", "the case of this entry is missing")


def _entry(entry: Entry, location: str, before: dict[int, str]) -> Iterator[Fault]:
    """Numbers without gaps, every entry linked to the one before, every hash right; ``before`` is seq → hash."""
    seq = max(before, default=0)
    if entry.seq != seq + 1:
        yield Fault(location, f"entry {seq + 1} is missing")
    if entry.previous != before.get(seq, ""):
        yield Fault(location, "it is not linked to the entry before it")
    if entry.hash != entry_hash(entry):
        yield Fault(location, "its content does not match its hash")


def _vouchers() -> Iterator[Fault]:
    """Debit and credit of every voucher, and of each currency as a whole, add up to zero."""
    sums = Entry.objects.values("case__number", "voucher").annotate(sum=Sum("amount")).exclude(sum=0)
    for row in sums.order_by("case__number", "voucher"):
        yield Fault(f"case {row['case__number']}, voucher {row['voucher']}", f"it is out of balance by {row['sum']}")
    for currency, out in Entry.objects.order_by().values_list("currency").annotate(sum=Sum("amount")).exclude(sum=0):
        yield Fault(f"all entries in {currency}", f"they are out of balance by {out}")


def _debts() -> Iterator[Fault]:
    """The amount that a case booked as owed equals the sum of its refunds, without those that were stopped."""
    owed_entries = Entry.objects.filter(
        case=OuterRef("pk"), text__in=[Occasion.SETTLED, Occasion.STOPPED], account=Entry.Account.PAYABLE
    ).annotate(owed=-F("amount"))
    stopped = Q(status=Refund.Status.FAILED, resolution__superseded_at__isnull=False)
    refunds = Refund.objects.filter(case=OuterRef("pk")).exclude(stopped)
    cases = Case.objects.annotate(booked=_sum(owed_entries, "case", "owed"), due=_sum(refunds, "case", "amount"))
    for case in cases.exclude(booked=F("due")).order_by("number").iterator(CHUNK):
        yield Fault(f"case {case.number}", f"{case.booked} is booked as owed, its refunds come to {case.due}")


def _payouts() -> Iterator[Fault]:
    """A paid refund is booked once and in full, another not at all."""
    payable = Entry.objects.filter(refund=OuterRef("pk"), account=Entry.Account.PAYABLE)
    refunds = Refund.objects.annotate(booked=_sum(payable, "refund", "amount")).select_related("case")
    for refund in refunds.exclude(status=Refund.Status.PAID, booked=F("amount")).iterator(CHUNK):
        if refund.status == Refund.Status.PAID or refund.booked:
            problem = f"{refund.booked} is booked as paid, it is {refund.amount} and {refund.status}"
            yield Fault(f"case {refund.case.number}, refund {refund.token}", problem)


def _payments() -> Iterator[Fault]:
    """A payment counts the refunds made from it that have not failed, and those that the shop made by itself."""
    active_refunds = Refund.objects.filter(payment=OuterRef("pk")).exclude(status=Refund.Status.FAILED)
    reports = ShopRefund.objects.filter(payment=OuterRef("pk"))
    payments = Payment.objects.annotate(
        refunds_total=_sum(active_refunds, "payment", "amount") + F("elsewhere"),
        reports_total=_sum(reports, "payment", "amount"),
        elsewhere_total=_sum(reports.filter(status=ShopRefund.Status.ELSEWHERE), "payment", "amount"),
        ours_total=_sum(reports.filter(status=ShopRefund.Status.OURS), "payment", "amount"),
    )
    for name, total, what in COUNTERS_OF_PAYMENTS:
        for payment in payments.exclude(**{name: F(total)}).select_related("order").iterator(CHUNK):
            location = f"order {payment.order.number}, payment {payment.position}"
            yield Fault(location, f"it counts {getattr(payment, name)} as {what} come to {getattr(payment, total)}")


def _lines() -> Iterator[Fault]:
    """An order line and a shipping charge count their shares in refunds that have not failed."""
    refunds = Refund.objects.filter(payment__order=OuterRef("order_id"))
    for model in COUNTED:
        for row in model.objects.filter(~Exists(refunds)).exclude(refunded=0).select_related("order").iterator(CHUNK):
            yield _miscounted(row, NOTHING)
    orders = Payment.objects.filter(refunds__isnull=False).order_by("order_id").values_list("order_id", flat=True)
    for batch in batched(orders.distinct().iterator(CHUNK), CHUNK):
        refunded = _refunded_by_row(batch)
        for model in COUNTED:
            for row in model.objects.filter(order__in=batch).select_related("order").order_by("pk"):
                if row.refunded != refunded[model].get(row.pk, NOTHING):
                    yield _miscounted(row, refunded[model].get(row.pk, NOTHING))


def _miscounted(row: OrderLine | ShippingCharge, refunded: Decimal) -> Fault:
    problem = f"it counts {row.refunded} as refunded, its refunds come to {refunded}"
    return Fault(f"order {row.order.number}, “{row}”", problem)


def _refunded_by_row(orders: Sequence[int]) -> dict[type[Model], dict[int, Decimal]]:
    """What refunds that have not failed give back for each order line and each shipping charge of ``orders``."""
    refunded: dict[type[Model], dict[int, Decimal]] = {model: defaultdict(Decimal) for model in COUNTED}
    plans = Resolution.objects.filter(refunds__payment__order__in=orders).distinct().order_by("pk")
    for plan in plans.prefetch_related("refunds__payment", "items__line__order_line", "items__shipping"):
        all_refunds = [
            refund for refund in plan.refunds.all() if hasattr(refund, "payment")
        ]  # missing payments are reported elsewhere
        failed = {refund.pk for refund in all_refunds if refund.status == Refund.Status.FAILED}
        for order in {refund.payment.order_id for refund in all_refunds}.intersection(orders):
            refunds = [refund for refund in all_refunds if refund.payment.order_id == order]
            priced_items = [item for item in plan.items.all() if item.gross and (item.line or item.shipping)]
            items = [item for item in priced_items if order_of(item) == order]
            refunds.sort(key=lambda refund: (refund.payment.position, refund.pk))
            for pk, shares in fill(refunds, sorted(items, key=lambda item: item.pk)):
                for share in shares if pk not in failed else ():
                    row = share.item.line.order_line if share.item.line else required(share.item.shipping)
                    refunded[type(row)][row.pk] += share.amount
    return refunded


def _sum(rows: QuerySet, by: str, column: str) -> Coalesce:
    total = rows.order_by().values(by).annotate(sum=Sum(column)).values("sum")
    return Coalesce(Subquery(total), Value(NOTHING), output_field=DecimalField())
