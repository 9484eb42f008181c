"""From a step to the mail, by the jobs alone."""

import pytest
from celery import current_app
from django.core import mail

from config.tasks import JOBS, wake
from tests.factories import make_case

OURS = {"feedback.tasks.read_logbook", "feedback.tasks.notify_deliveries", "feedback.tasks.send_messages"}


def test_what_a_lost_nudge_leaves_the_timetable_finds() -> None:
    timetable = {entry["task"] for entry in current_app.conf.beat_schedule.values()}
    assert timetable >= OURS | {"returns.tasks.run_clocks"}
    assert set(JOBS) >= OURS


@pytest.mark.django_db(transaction=True)
def test_a_nudge_after_a_step_brings_its_mail() -> None:
    current_app.loader.import_default_modules()  # as a worker does when it starts
    case = make_case()
    wake()
    assert [letter.to for letter in mail.outbox] == [[case.customer.email]]
    wake()
    assert len(mail.outbox) == 1
