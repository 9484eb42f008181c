"""Agreeing to a plan: who may, how many must, and what happens then."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_fsm import TransitionNotAllowed

from refunds.approvals.actions import ApprovalRefused, approve, approvers_needed, reject_plan, send_back
from refunds.ledger.caps import ExceedsRefundable
from refunds.models import Approval
from refunds.plans.suggestion import draft_plan
from refunds.pricing.queries import plan_in_force
from returns.models import Case
from returns.models.reasons import Remedy
from signoff.models import Payment
from tests.factories import UserFactory, make_case
from tests.steps.plans import draft_items, inspect_case, make_tier, propose_offer, propose_plan

pytestmark = pytest.mark.django_db


def manager() -> object:
    return UserFactory(role="manager")


def test_one_approval_authorises_when_goods_come_back() -> None:
    boss, case = manager(), propose_plan(make_case(quantity=2), by=UserFactory(role="agent"))
    case = approve(case, by=boss, note="Fine.", seen=case.seq)
    assert case.status == Case.Status.AUTHORISED
    assert case.lines.get().authorised == 2
    assert plan_in_force(case).approved_at is not None
    assert [(yes.by, yes.answer, yes.note) for yes in plan_in_force(case).approvals.all()] == [
        (boss, "approved", "Fine.")
    ]
    entry = case.log.get(verb="approve")
    assert (entry.by, entry.facts) == (boss, {"resolution": plan_in_force(case).pk, "given": 1, "needed": 1})


def test_one_approval_settles_when_goods_stay() -> None:
    case = approve(propose_plan(make_case(), goods_come_back=False), by=manager())
    assert (case.status, case.refunds.get().amount) == (Case.Status.SETTLING, 20)
    assert case.lines.get().authorised == 0


def test_only_units_that_are_needed_are_authorised() -> None:
    case = make_case(quantity=3)
    line = case.lines.get()
    items = draft_items(case, quantity=1) + draft_items(case, quantity=2, remedy=Remedy.COMPENSATION, amount=Decimal(4))
    case = approve(propose_plan(case, items=items), by=manager())
    line.refresh_from_db()
    assert (case.status, line.authorised) == (Case.Status.AUTHORISED, 1)


def test_two_different_people_are_needed_above_a_tier() -> None:
    case = make_case(quantity=3)
    make_tier(case, "50", 2)
    case = propose_plan(case)
    first, second = manager(), manager()
    case = approve(case, by=first)
    assert (case.status, plan_in_force(case).approved_at) == (Case.Status.AWAITING_APPROVAL, None)
    with pytest.raises(ApprovalRefused, match="You have already approved this plan"):
        approve(case, by=first)
    case = approve(case, by=second, seen=case.seq)
    assert case.status == Case.Status.AUTHORISED
    assert [entry.facts["given"] for entry in case.log.filter(verb="approve")] == [1, 2]


@pytest.mark.parametrize(("total", "needed"), [("0", 0), ("99.99", 0), ("100", 1), ("499", 1), ("500.01", 2)])
def test_the_highest_tier_reached_decides(total: str, needed: int) -> None:
    case = make_case()
    for above, approvers in (("0", 0), ("100", 1), ("500", 2)):
        make_tier(case, above, approvers)
    plan = plan_in_force(propose_offer(case))
    plan.total = Decimal(total)
    assert approvers_needed(plan) == needed


def test_a_shop_without_tiers_wants_one_approver() -> None:
    assert approvers_needed(plan_in_force(propose_plan(make_case()))) == 1


def test_without_approvers_the_system_agrees_at_once() -> None:
    case = make_case()
    make_tier(case, "0", 0)
    case = propose_plan(case, by=UserFactory(role="agent"))
    assert case.status == Case.Status.AUTHORISED
    assert [(yes.by, yes.answer) for yes in plan_in_force(case).approvals.all()] == [(None, "approved")]
    assert case.log.last().by is None


def test_nobody_approves_their_own_plan() -> None:
    boss = manager()
    case = propose_plan(make_case(), by=boss)
    with pytest.raises(ApprovalRefused, match="approve your own plan"):
        approve(case, by=boss)
    assert Approval.objects.count() == 0
    with pytest.raises(IntegrityError, match="answered by the person who proposed it"), transaction.atomic():
        Approval.objects.create(
            resolution=plan_in_force(case), answer="approved", by=boss, proposed_by=boss, at=timezone.now()
        )


def test_the_database_refuses_a_second_answer_of_the_same_person() -> None:
    boss = manager()
    plan = plan_in_force(propose_plan(make_case()))
    Approval.objects.create(resolution=plan, answer="approved", by=boss, at=timezone.now())
    with pytest.raises(IntegrityError, match="one_answer_per_approver"), transaction.atomic():
        Approval.objects.create(resolution=plan, answer="approved", by=boss, at=timezone.now())


@pytest.mark.parametrize("action", [approve, send_back, reject_plan])
@pytest.mark.parametrize("role", ["agent", "inspector", "finance", None])
def test_only_approvers_answer(action: object, role: str | None) -> None:
    case = propose_plan(make_case())
    words = {approve: "note", send_back: "note", reject_plan: "words"}[action]
    with pytest.raises(PermissionDenied, match=r"You don't have permission for this step\. Ask a colleague who has"):
        action(case, by=UserFactory(role=role), **{words: "No."})
    assert Approval.objects.count() == 0


def test_an_answer_to_an_older_version_is_refused() -> None:
    case = propose_plan(make_case())
    with pytest.raises(TransitionNotAllowed, match="has changed in the meantime"):
        approve(case, by=manager(), seen=case.seq - 1)
    approve(case, by=manager())
    with pytest.raises(TransitionNotAllowed, match="Its status is now “awaiting return”"):
        approve(case, by=manager())


def test_a_plan_sent_back_is_suggested_again() -> None:
    case = make_case(quantity=2)
    case = propose_plan(
        case, items=draft_items(case, amount=Decimal("11")), goods_come_back=False, gateway="store_credit"
    )
    boss = manager()
    case = send_back(case, by=boss, note="Too little.", seen=case.seq)
    assert (case.status, plan_in_force(case)) == (Case.Status.SUBMITTED, None)
    assert (case.statements.get().words, case.statements.get().topic) == ("Too little.", "note")
    found = draft_plan(case)
    assert [(item.quantity, item.amount) for item in found.items] == [(2, Decimal("11"))]
    assert (found.goods_come_back, found.gateway) == (False, "store_credit")


def test_a_plan_sent_back_when_the_goods_are_here_goes_to_the_bench() -> None:
    case = inspect_case(approve(propose_plan(make_case()), by=manager()))
    case = send_back(propose_plan(case), by=manager(), note="Look again.")
    assert case.status == Case.Status.INSPECTED


def test_a_rejected_plan_rejects_the_wish_with_words() -> None:
    case = reject_plan(propose_plan(make_case()), by=manager(), words="Worn for a year.")
    assert (case.status, plan_in_force(case)) == (Case.Status.REJECTED, None)
    assert (case.statements.get().topic, case.statements.get().words) == ("refusal", "Worn for a year.")
    assert Approval.objects.get().answer == "rejected"


def test_a_plan_made_after_the_inspection_needs_approval_anew_and_then_settles() -> None:
    boss = manager()
    case = inspect_case(approve(propose_plan(make_case(quantity=2)), by=boss), verdict="other_fault")
    case = propose_plan(case, items=draft_items(case, amount=Decimal("30")))
    assert case.status == Case.Status.AWAITING_APPROVAL
    case = approve(case, by=boss)
    assert (case.status, case.refunds.get().amount) == (Case.Status.SETTLING, 30)


def test_what_is_no_longer_left_cannot_be_approved() -> None:
    case = propose_plan(make_case(), goods_come_back=False)
    Payment.objects.filter(order=case.order).update(refunded=Decimal("59"))
    with pytest.raises(ExceedsRefundable, match="more than is left to refund"):
        approve(case, by=manager())
    assert (Case.objects.get(pk=case.pk).status, Approval.objects.count()) == ("awaiting_approval", 0)
