"""What the workers do on the lowest floor."""

from celery import shared_task

from signoff.api import stored_answers
from signoff.imports.jobs import actions as jobs
from signoff.imports.jobs import runner
from signoff.lookup import mail
from signoff.scorecards import violations
from signoff.signoffs import photos, timer
from signoff.tracking import overdue, polling, webhooks


@shared_task
def send_entry_codes() -> None:
    """Mail the codes that shoppers wait for."""
    mail.send_codes()


@shared_task
def forget_entries() -> None:
    """Delete old codes and tries."""
    mail.forget_entries()


@shared_task
def forget_answers() -> int:
    """Delete the API's answers that are older than a month."""
    return stored_answers.forget_answers()


@shared_task
def read_tracking() -> int:
    """Read what tracking services have sent."""
    return webhooks.process_messages()


@shared_task
def poll_tracking() -> int:
    """Ask a tracking service about parcels of which nobody sends news."""
    return polling.poll_due()


@shared_task
def find_exceptions() -> int:
    """Find parcels that are late or silent."""
    return overdue.open_exceptions()


@shared_task
def forget_tracking() -> int:
    """Delete messages of tracking services that are older than a month."""
    return webhooks.delete_old_messages()


@shared_task
def raise_violations() -> int:
    """Hold the rules about quality of delivery against the figures."""
    return violations.raise_due()


@shared_task
def start_imports() -> None:
    """Send one worker after the imports that wait; it may be long at it, and others have work to do."""
    if runner.is_any_waiting():
        run_imports.apply_async(expires=25)


@shared_task(time_limit=12 * 3600, soft_time_limit=12 * 3600 - 60)
def run_imports() -> int:
    """Run the imports that wait, however long that takes; who has died over one is followed by another."""
    return runner.run_waiting()


@shared_task
def forget_imports() -> int:
    """Empty the files of imports that were over a month ago."""
    return jobs.delete_old_files()


@shared_task
def sign_due() -> int:
    """Sign for parcels whose time is up; stop and restart the clocks of the others."""
    return timer.sign_due()


@shared_task
def forget_photos() -> None:
    """Throw away photos of deliveries that nobody signed with."""
    photos.forget_photos()
