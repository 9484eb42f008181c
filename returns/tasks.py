"""Jobs of this floor."""

from celery import shared_task

from returns.actions import drafts
from returns.actions.clocks import run_due
from returns.actions.opening import open_from_exceptions, open_from_sign_offs
from returns.checkpoints.writing import LOGBOOK, checkpoint


@shared_task
def run_clocks() -> int:
    """Expire and close what is due."""
    return run_due()


@shared_task
def open_cases() -> int:
    """Open what opens by itself: from sign-offs, and from trouble with parcels."""
    return open_from_sign_offs() + open_from_exceptions()


@shared_task
def forget_drafts() -> None:
    """Throw away what was begun and never sent."""
    drafts.forget_old()


@shared_task
def write_checkpoint() -> None:
    """Pin the logbook outside the database."""
    checkpoint(LOGBOOK)
