"""Celery tasks of cases: one action each, safe to run twice."""

from celery import shared_task

from returns.intake import drafts
from returns.intake.automatic.from_carrier import open_from_exceptions
from returns.intake.automatic.from_signoff import open_from_sign_offs
from returns.logbook.checkpoints.write import LOGBOOK, SIGN_OFFS, checkpoint
from returns.review.expiry import run_due
from returns.teamwork.actions import forget_presence


@shared_task
def run_clocks() -> int:
    """Expire and close what is due; erase who has left a case's page."""
    forget_presence()
    return run_due()


@shared_task
def open_cases() -> int:
    """Open cases automatically: from sign-offs and from parcel exceptions."""
    return open_from_sign_offs() + open_from_exceptions()


@shared_task
def forget_drafts() -> None:
    """Delete old drafts that were never submitted."""
    drafts.forget_old()


@shared_task
def write_checkpoint() -> None:
    """Write signed checkpoints of logbook and sign-offs outside the database."""
    for book in (LOGBOOK, SIGN_OFFS):
        checkpoint(book)
