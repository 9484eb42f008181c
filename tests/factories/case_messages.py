"""For each message topic, a function that makes a case send it."""

from collections.abc import Callable

from django.utils import timezone

from feedback.surveys.actions import answer, send_survey
from refunds.models import Refund, Resolution
from refunds.payouts import outcomes
from refunds.settlement.replacements import send_replacement
from returns.lifecycle.actions import move
from returns.logbook.statements import save_statement
from returns.models import Case, LogEntry, Statement
from returns.review import actions as review
from tests.factories import UserFactory, make_case
from tests.factories.conversation import write_message
from tests.factories.settlements import make_plan, make_settled_case, settle_case

QUESTION = "Which lamp is broken? A photo would help.\nThank you."


def walk(case: Case, *steps: Callable[..., None]) -> Case:
    """The case after ``steps``, taken by the system."""
    for step in steps:
        case = move(case, step, by=None)
    return case


def authorise_case(case: Case) -> Case:
    return walk(case, Case.propose, Case.authorise)


def make_resolved_case(case: Case | None = None) -> Case:
    """A case whose plan owed nothing."""
    return make_settled_case(case, gross="0")


def _offered(case: Case) -> None:
    save_statement(
        walk(case, Case.propose, Case.make_offer),
        topic=Statement.Topic.OFFER,
        words="Keep it for half the price.",
        by=UserFactory(),
    )


def _paid(case: Case, gateway: str) -> None:
    refund = make_settled_case(case, gross="20.00", gateway=gateway).refunds.get()
    Refund.objects.filter(pk=refund.pk).update(provider_reference=f"BANK-77-{case.number}")
    outcomes.note_refund(refund, "refund_paid", by=None, now=refund.due_at)


def _parcel_sent(case: Case) -> None:
    replacement = make_settled_case(case, gross="0", remedy="exchange").replacements.get()
    send_replacement(replacement, by=None, carrier="DHL", tracking_number="JJD0001")


def _done_again(case: Case) -> None:
    case = make_resolved_case(case)
    answer(send_survey(case), satisfaction=2, ease=3)
    review.reopen(case, by=UserFactory(role="agent"))
    Resolution.objects.filter(case=case).update(superseded_at=timezone.now())
    make_plan(walk(case, Case.propose), gross="0")
    settle_case(case, by=None)


CASE_TOPICS: dict[str, Callable[[Case], object]] = {
    "message": lambda case: write_message(case, "It is on its way."),
    "received": lambda case: case,
    "information_wanted": lambda case: review.request_information(
        case, by=UserFactory(role="agent"), question=QUESTION
    ),
    "offered": _offered,
    "offer_lapsed": lambda case: walk(case, Case.propose, Case.make_offer, Case.offer_lapsed),
    "authorised": authorise_case,
    "rejected": lambda case: review.reject(case, by=UserFactory(role="agent"), words="The seal was broken."),
    "appealed": lambda case: walk(case, Case.reject, Case.appeal),
    "goods_received": lambda case: walk(authorise_case(case), Case.receive),
    "parcel_lost": lambda case: review.report_lost(
        walk(authorise_case(case), Case.ship), by=UserFactory(role="agent"), note="Between us: the driver was drunk."
    ),
    "settling": lambda case: make_settled_case(case, gross="20.00", gateway=Refund.Gateway.PROVIDER),
    "payee_wanted": lambda case: make_settled_case(case, gross="20.00"),
    "refunded": lambda case: _paid(case, Refund.Gateway.MANUAL),
    "credited": lambda case: _paid(case, Refund.Gateway.STORE_CREDIT),
    "replacement_sent": _parcel_sent,
    "survey": make_resolved_case,
    "settled": _done_again,
    "reopened": lambda case: review.reopen(
        make_resolved_case(case), by=UserFactory(role="agent"), note="Between us: again him."
    ),
    "cancelled": lambda case: walk(case, Case.cancel),
    "expired": lambda case: walk(authorise_case(case), Case.expire),
}


def make_topic_entry(topic: str, *, language: str = "en", case: Case | None = None) -> LogEntry:
    """The last logbook entry that leads to a message of ``topic``."""
    verbs = {"replacement_sent": "replacement_sent"}
    case = case or make_case(language=language)
    CASE_TOPICS[topic](case)
    entries = LogEntry.objects.filter(case=case).select_related("case__customer", "case__order", "case__shop")
    return (entries.filter(verb=verbs[topic]) if topic in verbs else entries).order_by("seq").last()
