"""What this app adds to the registries of the apps below it and to its own. Run once, when the app is ready."""

from django.utils.translation import gettext_lazy as _

from refunds.approvals.bulk import APPROVE_MANY, SEND_MANY_BACK
from refunds.approvals.listing import APPROVALS
from refunds.approvals.queries import next_approval_url
from refunds.finance.bulk import CONFIRM_PAID
from refunds.finance.listing import REFUNDS
from refunds.finance.queries import next_refund_url
from refunds.ledger.listing import CLAIMS, LEDGER
from refunds.ledger.trail import REFUND, check_refunds
from refunds.models import Approval, Claim, Item, Refund, Replacement, Resolution
from refunds.plans.promise import slip_rows
from refunds.pricing.versions import supersede
from refunds.settlement.bulk import MARK_SENT
from refunds.settlement.listing import SHIPMENTS
from returns.intake.freight import register_slip_rows
from returns.logbook.digests import register_digests
from returns.logbook.verbs import register_verb
from returns.permissions import APPROVE
from returns.queue.start_page import register_start_page
from returns.review.expiry import register_after_expiry
from signoff.bulk.registry import register_bulk_action
from signoff.db.roles import register_kept_rows
from signoff.web.access import register_amount_permission
from signoff.web.desk_lists import register_list
from signoff.web.next_item import register_queue
from signoff.web.tones import register_tone

PLAN_FACTS = ("resolution", "amount", "currency")
REFUND_FACTS = ("refund", "amount", "currency", "gateway")


Status = Refund.Status


def register() -> None:
    register_slip_rows(slip_rows)
    for desk_list in (APPROVALS, REFUNDS, SHIPMENTS, LEDGER, CLAIMS):
        register_list(desk_list)
    for action in (APPROVE_MANY, SEND_MANY_BACK, CONFIRM_PAID, MARK_SENT):
        register_bulk_action(action)
    register_kept_rows(Resolution, Item, Approval, Refund, Replacement, Claim)
    register_queue("approvals", list_url="refunds:approval-list", find=next_approval_url)
    register_queue("refunds", list_url="refunds:refund-list", find=next_refund_url)
    register_start_page("refunds:approval-list", right=APPROVE, rank=20)
    register_start_page("refunds:refund-list", right="refunds.pay_refund", rank=50)
    register_amount_permission("refunds.view_refund")
    register_tone(Status.DUE, "warn")
    register_tone(Status.SENDING, "info")
    register_tone(Status.PENDING, "info")
    register_tone(Status.PAID, "ok")
    register_tone(Status.FAILED, "danger")
    register_tone(Status.UNKNOWN, "warn")
    register_tone(Status.REVERSED, "danger")
    register_digests(REFUND, check_refunds)
    _register_plans()
    _register_stops()
    _register_payees()
    _register_refunds()


def _register_plans() -> None:
    register_verb(
        "propose",
        facts=PLAN_FACTS,
        desk=_("Plan proposed: refund %(money)s"),
        shopper=_("We're checking a proposed solution"),
        icon="file-check",
    )
    register_verb(
        "make_offer",
        facts=PLAN_FACTS,
        desk=_("Counter-offer made: refund %(money)s"),
        shopper=_("We made you an offer"),
        topic="offered",
        icon="handshake",
        tone="warn",
    )
    register_after_expiry("offer_lapsed", lambda case, now: supersede(case, by=None, now=now))
    register_verb(
        "approve",
        facts=("resolution", "given", "needed"),
        desk=_("Plan approved, %(given)s of %(needed)s"),
        icon="circle-check",
        tone="ok",
    )
    register_verb(
        "verdict_differs",
        facts=("resolution",),
        desk=_("The verdict doesn't match the plan; a new plan is needed"),
        icon="triangle-alert",
        tone="warn",
    )
    register_verb(
        "plan_exceeds",
        facts=("resolution",),
        desk=_("The plan refunds more than is left to refund; a new plan is needed"),
        icon="triangle-alert",
        tone="warn",
    )


def _register_stops() -> None:
    for name in ("stop_plan", "stop_plan_at_bench"):
        register_verb(
            name,
            facts=("resolution",),
            desk=_("Plan stopped; a new plan is needed"),
            shopper=_("We're reviewing your request again"),
            icon="octagon-pause",
            tone="warn",
        )
    register_verb(
        "shop_refunded",
        facts=("amount", "currency", "report"),
        desk=_("The shop has refunded %(money)s itself"),
        icon="store",
        tone="warn",
    )
    register_verb(
        "refund_stopped",
        facts=REFUND_FACTS,
        desk=_("Refund of %(money)s stopped before it was paid"),
        icon="octagon-pause",
        tone="warn",
    )


def _register_payees() -> None:
    register_verb(
        "payee_wanted",
        desk=_("The shopper is asked for a bank account"),
        shopper=_("Please tell us where to send your refund"),
        topic="payee_wanted",
        icon="landmark",
        tone="warn",
    )
    register_verb(
        "payee_named",
        facts=("kind",),
        desk=_("Bank account for the refund given"),
        shopper=_("You told us where to send your refund"),
        icon="landmark",
    )
    register_verb("payee_shown", desk=_("Bank account looked at to make the transfer"), icon="eye")


def _register_refunds() -> None:
    register_verb(
        "refund_paid",
        facts=REFUND_FACTS,
        desk=_("%(money)s refunded"),
        shopper=True,
        topic="refunded",
        icon="banknote",
        tone="ok",
    )
    register_verb(
        "refund_failed",
        facts=REFUND_FACTS,
        desk=_("Refund of %(money)s failed"),
        icon="octagon-alert",
        tone="danger",
    )
    register_verb(
        "refund_reversed", facts=REFUND_FACTS, desk=_("Refund of %(money)s was returned"), icon="undo-2", tone="danger"
    )
    register_verb("refund_retried", facts=REFUND_FACTS, desk=_("Refund of %(money)s sent again"), icon="rotate-cw")
    register_verb(
        "replacement_sent",
        facts=("parcel", "kind", "quantity"),
        desk=_("Goods sent to the shopper"),
        shopper=True,
        topic="replacement_sent",
        icon="truck",
        tone="info",
    )
