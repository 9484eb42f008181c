"""What the workers do here: one action each, safe to run twice; the rows say what is due."""

from celery import shared_task

from refunds.actions import claims, finishing, payout, settling
from refunds.checkpoint import LEDGER
from returns.checkpoints.writing import checkpoint


@shared_task
def follow_verdicts() -> int:
    return settling.follow_verdicts()


@shared_task
def pay_due() -> int:
    return payout.pay_due()


@shared_task
def finish_settled() -> int:
    return finishing.finish_settled()


@shared_task
def book_claims() -> int:
    return claims.book_claims()


@shared_task
def write_checkpoint() -> None:
    """Pin the ledger outside the database."""
    checkpoint(LEDGER)
