"""Celery tasks of messages and surveys."""

from celery import shared_task

from feedback.messages import actions as messages
from feedback.messages import outbox
from feedback.parcel_notices import actions as parcel_notices


@shared_task
def read_logbook() -> int:
    """Make messages of what happened."""
    return messages.read_logbook()


@shared_task
def notify_deliveries() -> int:
    """Make messages about parcels."""
    return parcel_notices.notify_deliveries()


@shared_task
def send_messages() -> int:
    """Send the messages of the outbox."""
    return outbox.send_due()
