"""Celery application. Database rows are the queue and jobs only read them, so a lost or repeated job does no harm.

The timetable and all other settings are in ``config/settings.py`` under ``CELERY_``.
"""

import os
from typing import Any

from celery import Celery
from celery.beat import PersistentScheduler
from celery.signals import beat_init, celeryd_init, worker_init

from config.runtime import broker, data_folder, postgres
from signoff.db.roles import refuse_excess_power

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
broker.register()

app = Celery("homeward")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


class Scheduler(PersistentScheduler):
    """Celery's own, which keeps in the data folder what ran when; it makes the folder where there is none yet."""

    def setup_schedule(self) -> None:
        data_folder.keep_private()
        postgres.make_data_dir()
        super().setup_schedule()


@celeryd_init.connect
@beat_init.connect
def _ensure_database(**_: Any) -> None:
    data_folder.keep_private()
    postgres.ensure()


@worker_init.connect
def _check_database_role(**_: Any) -> None:
    refuse_excess_power()
