"""The product's own settings, with the provider for tests, and a timetable for people in a hurry."""

from datetime import timedelta

from config.settings import *  # noqa: F403
from config.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.proof.provider.apps.ProviderConfig"]
REFUND_LEASE = timedelta(seconds=5)
REFUND_ASKED_AGAIN_AFTER = timedelta(seconds=1)
WAKING_TASK = "refunds.tasks.pay_due"
CELERY_BEAT_SCHEDULE = {
    name: {"task": name, "schedule": seconds, "options": {"expires": 25}}
    for name, seconds in (("refunds.tasks.pay_due", 1.0), ("refunds.tasks.finish_settled", 5.0))
}
