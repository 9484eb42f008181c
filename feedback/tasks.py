"""Celery tasks of messages and surveys."""

from celery import shared_task

from feedback.messages import actions as messages
from feedback.messages import outbox
from feedback.parcel_notices import actions as parcel_notices


@shared_task
def read_logbook() -> int:
    """Write messages for new logbook entries."""
    return messages.read_logbook()


@shared_task
def notify_deliveries() -> int:
    """Write messages about parcels."""
    return parcel_notices.notify_deliveries()


@shared_task
def send_messages() -> int:
    """Send the messages of the outbox."""
    return outbox.send_due()
