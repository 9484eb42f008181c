"""What the top app adds: checks, the numbers in the sidebar, the start page of superusers.

Run once, when the app is ready.
"""

from functools import partial

from django.core.checks import Tags
from django.core.checks import register as register_check

from config.checks import every_view_declares_its_access, the_demo_is_not_deployed, the_key_is_given
from config.web.navigation import register_counter
from refunds.finance.queries import waiting_for_people
from returns.models import Case
from returns.permissions import APPROVE, INSPECT, REVIEW
from returns.queue.start_page import register_start_page
from signoff.models import OrderAnomaly, ParcelException, Violation


def register() -> None:
    register_check(every_view_declares_its_access, Tags.urls)
    register_check(the_key_is_given, Tags.security, deploy=True)
    register_check(the_demo_is_not_deployed, Tags.security, deploy=True)

    register_counter("returns:case-list", partial(Case.objects.waiting_for, REVIEW))
    register_counter("refunds:approval-list", partial(Case.objects.waiting_for, APPROVE))
    register_counter("inspection:bench", partial(Case.objects.waiting_for, INSPECT))
    register_counter("refunds:refund-list", waiting_for_people)
    register_counter("signoff:anomaly-list", OrderAnomaly.objects.open)
    register_counter("signoff:parcel-list", ParcelException.objects.open)
    register_counter("signoff:scorecards", Violation.objects.open)

    register_start_page("returns:case-list", right="auth.change_user", rank=10)
