"""Registers the top app's extensions: system checks, counters of the sidebar, the start page of superusers.

``AppConfig.ready`` calls ``register`` once.
"""

from functools import partial

from django.core.checks import Tags
from django.core.checks import register as register_check

from config.checks import (
    check_database_role,
    check_demo_is_off,
    check_proxy_is_named,
    check_secret_key,
    check_views_declare_access,
)
from config.web.navigation import register_counter
from feedback.models import InboundMail, Thread
from refunds.finance.queries import waiting_for_people
from returns.models import Case
from returns.permissions import APPROVE, INSPECT, REVIEW
from returns.queue.start_page import register_start_page
from signoff.models import OrderAnomaly, ParcelException, Violation


def register() -> None:
    register_check(check_views_declare_access, Tags.urls)
    register_check(check_secret_key, Tags.security, deploy=True)
    register_check(check_demo_is_off, Tags.security, deploy=True)
    register_check(check_proxy_is_named, Tags.security, deploy=True)
    register_check(check_database_role, Tags.security, deploy=True)

    register_counter("returns:case-list", partial(Case.objects.waiting_for, REVIEW))
    register_counter("feedback:conversation-list", Thread.objects.unanswered)
    register_counter("feedback:mail-list", InboundMail.objects.for_a_person)
    register_counter("refunds:approval-list", partial(Case.objects.waiting_for, APPROVE))
    register_counter("inspection:bench", partial(Case.objects.waiting_for, INSPECT))
    register_counter("refunds:refund-list", waiting_for_people)
    register_counter("signoff:anomaly-list", OrderAnomaly.objects.open)
    register_counter("signoff:parcel-list", lambda: ParcelException.objects.open().first_of_each_parcel())
    register_counter("signoff:scorecards", Violation.objects.open)

    register_start_page("returns:case-list", right="auth.change_user", rank=10)
