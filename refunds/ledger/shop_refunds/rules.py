"""Compare what the shop reports as refunded with the refunds made here. Pure: works on amounts and references."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from refunds.models import Refund
from signoff.models import ShopRefund

Status = Refund.Status
Gateway = Refund.Gateway

#: what the shop's own system never shows
NEVER_REPORTED = (Gateway.STORE_CREDIT,)
#: finance makes these at the provider or the marketplace, where the shop's export may show them before we are told
MADE_THERE = (Gateway.PLATFORM, Gateway.PROVIDER)
#: states in which money may have left
MAY_BE_PAID = (Status.SENDING, Status.UNKNOWN, Status.PENDING, Status.PAID)


@dataclass(frozen=True)
class Verdict:
    """Part of a report with its status, ``ELSEWHERE`` for what is in addition to ours."""

    status: str
    amount: Decimal


def may_be_reported(refund: Refund) -> bool:
    """Whether the shop may report ``refund`` as its own: it may be paid, and not by a way that only we know."""
    if refund.gateway in NEVER_REPORTED or refund.status not in MAY_BE_PAID:
        return False
    return not waits_for_people(refund) or refund.gateway in MADE_THERE


def waits_for_people(refund: Refund) -> bool:
    """Whether finance pays it by hand and has not said so yet."""
    return refund.status == Status.SENDING and refund.lease_until is None


def compare(
    reports: Sequence[ShopRefund], refunds: Collection[Refund], *, compared: Decimal
) -> list[tuple[ShopRefund, list[Verdict]]]:
    """Each report divided into verdicts: the same reference is the same money, else a person decides about as much
    as we may have paid ourselves; the rest is in addition. ``compared`` of ours belongs to earlier reports.
    """
    ours = {refund.provider_reference: refund.amount for refund in refunds if refund.provider_reference}
    unreported = sum((refund.amount for refund in refunds if may_be_reported(refund)), Decimal(0)) - compared
    found = []
    for report in reports:
        same = min(report.amount, ours.pop(report.reference, Decimal(0))) if report.reference else Decimal(0)
        unreported = max(unreported - same, Decimal(0))
        perhaps = min(report.amount - same, unreported)
        unreported -= perhaps
        found.append((report, list(_verdicts(report.amount, same, perhaps))))
    return found


def _verdicts(amount: Decimal, same: Decimal, perhaps: Decimal) -> Iterator[Verdict]:
    parts = (
        (ShopRefund.Status.OURS, same),
        (ShopRefund.Status.UNCLEAR, perhaps),
        (ShopRefund.Status.ELSEWHERE, amount - same - perhaps),
    )
    return (Verdict(status, part) for status, part in parts if part)


def divide(amount: Decimal, room: Decimal) -> list[Verdict]:
    """``amount`` in addition to ours: what fits into ``room`` is counted, more than was paid is an excess."""
    counted = max(min(amount, room), Decimal(0))
    parts = ((ShopRefund.Status.ELSEWHERE, counted), (ShopRefund.Status.EXCESS, amount - counted))
    return [Verdict(status, part) for status, part in parts if part]
