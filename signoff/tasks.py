"""Celery tasks of this app: each calls one action and may run twice."""

from celery import shared_task

from signoff.api import stored_answers
from signoff.bulk import actions as bulk
from signoff.imports.jobs import actions as jobs
from signoff.imports.jobs import runner
from signoff.lookup import codes
from signoff.scorecards import snapshots, violations
from signoff.signoffs import photos, timer
from signoff.staff import actions as staff
from signoff.tracking import overdue, polling, webhooks


@shared_task
def send_entry_codes() -> None:
    """Send the sign-in codes that shoppers asked for."""
    codes.send_codes()


@shared_task
def forget_sessions() -> int:
    """Forget sessions of staff that have ended by themselves."""
    return staff.forget_sessions()


@shared_task
def forget_entries() -> None:
    """Delete old codes and look-up attempts."""
    codes.forget_entries()


@shared_task
def forget_answers() -> int:
    """Delete the API's stored answers that are older than a month."""
    return stored_answers.forget_answers()


@shared_task
def read_tracking() -> int:
    """Process messages of tracking services."""
    return webhooks.process_messages()


@shared_task
def poll_tracking() -> int:
    """Poll tracking services about parcels that send no events."""
    return polling.poll_due()


@shared_task
def find_exceptions() -> int:
    """Open exceptions for late and silent parcels."""
    return overdue.open_exceptions()


@shared_task
def forget_tracking() -> int:
    """Delete messages of tracking services that are older than a month."""
    return webhooks.delete_old_messages()


@shared_task
def raise_violations() -> int:
    """Check the rules about delivery quality."""
    return violations.raise_due()


@shared_task
def count_scorecards() -> int:
    """Count the parcels of shops that have very many, once a day."""
    return snapshots.make_snapshots()


@shared_task
def start_imports() -> None:
    """Start a worker for waiting imports; a task of its own, because it may run for hours."""
    if runner.is_any_waiting():
        run_imports.apply_async(expires=25)


@shared_task(time_limit=12 * 3600, soft_time_limit=12 * 3600 - 60)
def run_imports() -> int:
    """Run waiting imports; if a worker dies, the next call of ``start_imports`` starts another."""
    return runner.run_waiting()


@shared_task
def forget_imports() -> int:
    """Delete the files of imports that ended over a month ago."""
    return jobs.delete_old_files()


@shared_task
def run_bulk() -> int:
    """Run bulk steps that wait for a worker."""
    return bulk.run_waiting()


@shared_task
def forget_bulk() -> int:
    """Delete bulk steps that are older than a month."""
    return bulk.forget_old()


@shared_task
def sign_due() -> int:
    """Sign for parcels whose timer is due; pause and resume the other timers."""
    return timer.sign_due()


@shared_task
def forget_photos() -> None:
    """Delete delivery photos that became part of no sign-off."""
    photos.forget_photos()
