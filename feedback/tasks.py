"""Celery tasks of messages, mails in, and surveys."""

from celery import shared_task

from feedback.mail_in import actions as mail_in
from feedback.mail_in import imap
from feedback.messages import actions as messages
from feedback.messages import outbox
from feedback.notifications import actions as notifications
from feedback.notifications import digest
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
def notify_staff() -> int:
    """Make notifications for new logbook entries and for deadlines that have passed, and send the daily mails."""
    notifications.read_logbook()
    return notifications.notify_overdue() + digest.send_digests()


@shared_task
def forget_notifications() -> int:
    """Delete notifications that were read long ago."""
    return notifications.forget_old()


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
