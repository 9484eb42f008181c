"""Queries for payees: who is known, and whose account is still asked for."""

from collections.abc import Iterable

from refunds.models import Payee, Refund
from returns.models import Case

Gateway, Status = Refund.Gateway, Refund.Status


def payee_of(case: Case) -> Payee | None:
    """The payee of ``case``, if the shopper has named one."""
    return Payee.objects.filter(case=case).first()


def needs_payee(case: Case) -> bool:
    """Whether money still goes to the shopper of ``case`` by bank transfer."""
    return waits_for_payee(case.refunds.filter(gateway=Gateway.MANUAL).select_related("resolution"))


def waits_for_payee(refunds: Iterable[Refund]) -> bool:
    """Whether one of these refunds is a bank transfer that is still to be made."""
    return any(
        refund.gateway == Gateway.MANUAL
        and refund.status != Status.PAID
        and (refund.status != Status.FAILED or refund.resolution.superseded_at is None)
        for refund in refunds
    )
