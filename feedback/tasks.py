"""Celery tasks of messages, mails in, and surveys."""

from celery import shared_task

from feedback.mail_in import actions as mail_in
from feedback.mail_in import imap
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


@shared_task
def poll_mailbox() -> int:
    """Store new mails of the IMAP mailbox."""
    return imap.poll()


@shared_task
def process_mails() -> int:
    """Process mails that arrived."""
    return mail_in.process_mails()


@shared_task
def forget_mails() -> int:
    """Erase old mails that belong to no conversation."""
    return mail_in.forget_mails()
