"""Hourly jobs that are overdue run when the scheduler starts, as the file in the data folder says."""

from datetime import timedelta
from pathlib import Path

from celery import current_app
from django.conf import settings
from django.utils import timezone

from config.runtime.celery import Scheduler

HOURLY = {name for name, entry in settings.CELERY_BEAT_SCHEDULE.items() if entry["schedule"] == 3600.0}


def overdue(scheduler: Scheduler) -> set[str]:
    """The hourly jobs that it would start at once."""
    return {name for name, entry in scheduler.schedule.items() if name in HOURLY and entry.is_due().is_due}


def start(folder: Path) -> Scheduler:
    return Scheduler(app=current_app, schedule_filename=str(folder / "schedule"))


def test_what_never_ran_runs_at_the_first_start(tmp_path: Path) -> None:
    scheduler = start(tmp_path)
    assert (len(HOURLY) >= 10, overdue(scheduler)) == (True, HOURLY)
    scheduler.close()


def test_what_ran_within_the_hour_waits_and_what_is_overdue_runs(tmp_path: Path) -> None:
    late = min(HOURLY)
    first = start(tmp_path)
    for name in HOURLY:
        first.schedule[name] = first.reserve(first.schedule[name])  # as if it had just run
    first.schedule[late].last_run_at = timezone.now() - timedelta(minutes=61)
    first.close()
    second = start(tmp_path)
    assert overdue(second) == {late}
    second.close()
