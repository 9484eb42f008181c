"""Jobs of this floor."""

from celery import shared_task

from feedback import actions


@shared_task
def read_logbook() -> int:
    """Make messages of what happened."""
    return actions.read_logbook()


@shared_task
def tell_deliveries() -> int:
    """Make messages about parcels."""
    return actions.tell_deliveries()


@shared_task
def send_messages() -> int:
    """Send what is in the outbox."""
    return actions.send_due()
