"""Where each role starts, and what the sidebar counts for it: the house composes what the floors offer."""

from functools import partial

from config.web.navigation import COUNTERS
from refunds.finance.queries import waiting_for_people
from returns.homes import start_at
from returns.models import Case
from returns.permissions import APPROVE, INSPECT, REVIEW
from signoff.models import OrderAnomaly, ParcelException, Violation
from signoff.web.access import NEED_TO_KNOW

start_at("returns:case-list", right="auth.change_user", rank=10)  # who may do everything looks over everything
start_at("refunds:approval-list", right=APPROVE, rank=20)
start_at("inspection:bench", right=INSPECT, rank=40)
start_at("refunds:refund-list", right="refunds.pay_refund", rank=50)

NEED_TO_KNOW.update((REVIEW, APPROVE, "refunds.view_refund"))

QUEUES = {
    "returns:case-list": REVIEW,
    "refunds:approval-list": APPROVE,
    "inspection:bench": INSPECT,
}


for url_name, right in QUEUES.items():
    COUNTERS[url_name] = partial(Case.objects.waiting_for, right)
COUNTERS["refunds:refund-list"] = waiting_for_people
COUNTERS["signoff:anomaly-list"] = OrderAnomaly.objects.open
COUNTERS["signoff:parcel-list"] = ParcelException.objects.open
COUNTERS["signoff:scorecards"] = Violation.objects.open
