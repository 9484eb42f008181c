"""Task that a nudge starts: runs now those scheduled jobs that somebody may be waiting for."""

from celery import current_app, shared_task

READERS = (
    "signoff.tasks.send_entry_codes",
    "signoff.tasks.read_tracking",
    "signoff.tasks.start_imports",
    "refunds.tasks.follow_verdicts",
    "refunds.tasks.pay_due",
    "refunds.tasks.finish_settled",
    "refunds.tasks.book_claims",
    "returns.tasks.open_cases",
    "feedback.tasks.read_logbook",
    "feedback.tasks.tell_deliveries",
    "feedback.tasks.send_messages",
)


@shared_task
def wake() -> None:
    """Do what is due. A reader that fails is logged, does not stop the next, and is tried again by the timetable."""
    for name in READERS:
        if name in current_app.tasks:
            current_app.tasks[name].apply()
