"""Queries for payees: who is known, and whose account is still asked for."""

from django.db.models import Q

from refunds.models import Payee, Refund, Resolution
from refunds.pricing.queries import payments_of, plan_in_force
from refunds.ways.rules import way_for
from returns.lifecycle.states import STATES
from returns.models import Case

Gateway, Status = Refund.Gateway, Refund.Status


def payee_of(case: Case) -> Payee | None:
    """The payee of ``case``, if the shopper has named one."""
    return Payee.objects.filter(case=case).first()


def needs_payee(case: Case) -> bool:
    """Whether money goes to the shopper of ``case`` by bank transfer: an unpaid refund, or an approved plan."""
    if STATES[case.status].is_finished:
        return False
    unpaid = ~Q(status=Status.PAID) & ~Q(status=Status.FAILED, resolution__superseded_at__isnull=False)
    if case.refunds.filter(unpaid, gateway=Gateway.MANUAL).exists():
        return True
    plan = plan_in_force(case)
    return plan is not None and plan.approved_at is not None and not plan.refunds.exists() and _transfers(plan, case)


def _transfers(plan: Resolution, case: Case) -> bool:
    return bool(plan.total) and any(
        payment.refundable and way_for(plan, payment) == Gateway.MANUAL for payment in payments_of(case.order)
    )
