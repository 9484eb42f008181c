"""The expected rules, written by hand: who may take which step, and what follows from a plan."""

from decimal import Decimal

from tests.returns.test_lifecycle import LAW

REVIEW, APPROVE, INSPECT, PAY, SEND = "review", "approve", "inspect", "pay", "send"

ROLES = {
    "agent": {REVIEW, SEND},
    "inspector": {INSPECT},
    "manager": {REVIEW, APPROVE, SEND},
    "finance": {PAY},
    "gone": set(),  # an agent who was deactivated
}
#: name of the actor → role
STAFF = {
    "agent": "agent",
    "colleague": "agent",
    "inspector": "inspector",
    "manager": "manager",
    "director": "manager",
    "finance": "finance",
    "gone": "gone",
}
ACTORS = (*STAFF, "shopper", "stranger", "system")
OF_REVIEW = {
    *("request_information", "supply_information", "send_to_appraisal", "propose", "accept_offer"),
    *(
        "accept_offer_and_settle",
        "decline_offer",
        "ship",
        "report_lost",
        "cancel",
        "reopen",
        "appeal",
        "take_back",
        "take_back_to_bench",
    ),
}
RIGHT_FOR = dict.fromkeys(OF_REVIEW, REVIEW) | {"record_appraisal": INSPECT, "receive": INSPECT, "inspect": INSPECT}
RIGHT_FOR |= dict.fromkeys(("stop_plan", "stop_plan_at_bench"), REVIEW)
RIGHT_FOR |= dict.fromkeys(("authorise", "make_offer", "send_back", "send_back_to_bench"), APPROVE)
OF_SYSTEM = {"resolve", "expire", "offer_lapsed", "close"}
OF_SHOPPER = {"supply_information", "accept_offer", "accept_offer_and_settle", "decline_offer"}
OF_SHOPPER |= {"ship", "cancel", "appeal", "reopen", "close"}
FINISHED = {"resolved", "rejected", "cancelled", "expired", "closed"}
#: states in which other people than reviewers may take the case
BENCH = ("in_appraisal", "authorised", "in_transit", "received")
ALSO = {"awaiting_approval": APPROVE, "settling": PAY} | dict.fromkeys(BENCH, INSPECT)
#: hours after which the clock takes its step
CLOCK = {"waiting_on_shopper": (168, "expire"), "offered": (168, "offer_lapsed"), "authorised": (336, "expire")}
CLOCK |= dict.fromkeys(("resolved", "rejected", "cancelled", "expired"), (336, "close"))
#: from this amount on, so many people must agree
TIERS = {Decimal(0): 0, Decimal(15): 1, Decimal(50): 2}
#: what is told of refunds, even when the case is closed
OF_MONEY = {"refund_paid", "refund_failed", "refund_retried", "refund_reversed"}
#: what is told without a step
NOTES = {*("take", "hand_back", "approve", "replacement_sent", "verdict_differs", "plan_exceeds"), *OF_MONEY}
NOTES |= {"shop_refunded", "refund_stopped", "payee_wanted", "payee_named", "payee_shown"}


def people_needed(total: Decimal) -> int:
    return TIERS[max(above for above in TIERS if above <= total)]


def may(actor: str, step: str, status: str, *, own: bool) -> bool:
    """Whether ``actor`` may take ``step`` of a case in ``status``; ``own``: it is this shopper's case."""
    if actor == "system":
        return True
    if actor == "shopper":
        return own and step in OF_SHOPPER
    if actor == "stranger" or step in OF_SYSTEM or (step, status) == ("settle", "inspected"):
        return False
    return _right(step, status) in ROLES[STAFF[actor]]


def _right(step: str, status: str) -> str:
    if step in ("settle", "reject"):
        return APPROVE if status == "awaiting_approval" else REVIEW
    return RIGHT_FOR[step]


def is_reviewers(step: str, status: str) -> bool:
    """Whether the step makes the case the person's own."""
    return step in OF_REVIEW or (step == "reject" and status != "awaiting_approval")


def lawful(actor: str, step: str, status: str, *, own: bool) -> bool:
    """Whether the law has the step here and the actor may take it."""
    return step in LAW[status] and may(actor, step, status, own=own)


def may_take(actor: str, status: str) -> bool:
    """Whether ``actor`` may own a case in ``status``."""
    rights = ROLES[STAFF[actor]]
    return status not in FINISHED and (REVIEW in rights or ALSO.get(status) in rights)
