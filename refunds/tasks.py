"""Celery tasks of refunds: one action each, safe to run twice; the rows show what is due."""

from celery import shared_task

from refunds.ledger import claims
from refunds.ledger.audit.checkpoint import LEDGER
from refunds.payees.actions import forget_payees as forget_old_payees
from refunds.payouts import worker
from refunds.settlement import actions as settlement
from refunds.settlement import finish
from refunds.shop_refunds import actions as shop_refunds
from returns.logbook.checkpoints.write import checkpoint


@shared_task
def follow_verdicts() -> int:
    return settlement.follow_verdicts()


@shared_task
def compare_reports() -> int:
    return shop_refunds.compare_reports()


@shared_task
def pay_due() -> int:
    return worker.pay_due()


@shared_task
def finish_settled() -> int:
    return finish.finish_settled()


@shared_task
def book_claims() -> int:
    return claims.book_claims()


@shared_task
def forget_payees() -> int:
    return forget_old_payees()


@shared_task
def write_checkpoint() -> None:
    """Pin the ledger outside the database."""
    checkpoint(LEDGER)
