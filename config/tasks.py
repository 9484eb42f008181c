"""Celery tasks of the top layer: the one that a nudge starts, for jobs that people wait for, and the alarm."""

from celery import current_app, shared_task

from config.web import alarm

JOBS = (
    "signoff.tasks.send_entry_codes",
    "signoff.tasks.read_tracking",
    "signoff.tasks.start_imports",
    "signoff.tasks.run_bulk",
    "refunds.tasks.follow_verdicts",
    "refunds.tasks.compare_reports",
    "refunds.tasks.pay_due",
    "refunds.tasks.finish_settled",
    "refunds.tasks.book_claims",
    "returns.tasks.open_cases",
    "feedback.tasks.process_mails",
    "feedback.tasks.read_logbook",
    "feedback.tasks.notify_deliveries",
    "feedback.tasks.send_messages",
    "feedback.tasks.notify_staff",
)


@shared_task
def wake() -> None:
    """Run every job once. A job that fails is logged, does not stop the next, and runs again by the timetable."""
    for name in JOBS:
        if name in current_app.tasks:
            current_app.tasks[name].apply()


@shared_task
def warn_managers() -> int:
    """Mail the managers when limits refuse often."""
    return alarm.warn_managers()
