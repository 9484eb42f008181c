"""Refunds, plans and approvals obey their law by raw SQL, too: states, terms, the ledger, four eyes."""

from collections.abc import Callable
from itertools import permutations
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from refunds.models import Approval, Refund, Resolution
from refunds.models.refunds import TERMS
from refunds.payouts.gateways import Failed, Outcome, Paid, Pending, Reversed, Unknown
from refunds.payouts.worker import claim, settle
from signoff.db.required import required
from tests.factories import ApprovalFactory, ApprovalTierFactory, RefundFactory, ResolutionFactory, UserFactory
from tests.factories.settlements import make_refund
from tests.proof.superuser import change_of, sql, undone
from tests.proof.test_state_sql import _triggers, as_clerk, as_owner, as_replica, refusal_of

pytestmark = pytest.mark.django_db

#: safety.md §2, once more by hand: state → the states that follow
LAW = {
    "due": {"sending", "pending", "paid", "failed"},
    "sending": {"due", "pending", "paid", "failed", "unknown"},
    "unknown": {"sending", "pending", "paid", "failed"},
    "pending": {"sending", "paid", "failed"},
    "failed": {"due", "paid"},
    "paid": {"reversed"},
    "reversed": {"due"},
}
INSERT = """
    INSERT INTO refunds_refund (case_id, resolution_id, payment_id, token, amount, currency, gateway, status, attempt,
        idempotency_key, provider_reference, failure, requested_by_id, approved_by_id, due_at, ask_first, lease_token)
    SELECT case_id, resolution_id, payment_id, 'forged', amount, currency, gateway, %s, 1, 'forged-1', '', '', %s, %s,
        due_at, false, '' FROM refunds_refund WHERE id = %s
"""
ANSWER = """
    INSERT INTO refunds_approval (resolution_id, answer, by_id, proposed_by_id, note, at)
    VALUES (%s, 'approved', %s, %s, '', now())
"""


def refund_in(state: str) -> Refund:
    """A refund that came into ``state`` by the product's own steps."""
    refund = make_refund(proposed_by=UserFactory(role="agent"))
    outcomes: dict[str, Outcome] = {
        "paid": Paid(f"REF-{refund.pk}"),
        "pending": Pending(f"REF-{refund.pk}"),
        "reversed": Reversed(f"REF-{refund.pk}"),
        "failed": Failed("no such account"),
        "unknown": Unknown("no answer"),
    }
    if state != "due":
        claimed = required(claim(timezone.now(), only=refund))
        if state in outcomes:
            settle(claimed, outcomes[state])
    connection.check_constraints()
    refund = Refund.objects.get(pk=refund.pk)
    assert refund.status == state
    return refund


@pytest.fixture(params=[as_owner, as_clerk, as_replica], ids=lambda role: role.__name__)
def role(request: pytest.FixtureRequest) -> Callable[[], None]:
    return request.param


def test_no_illegal_pair_and_none_to_or_from_paid_without_the_ledger(
    role: Callable[[], None], figure: Callable[..., None]
) -> None:
    refunds = {state: refund_in(state) for state in LAW}
    role()
    wrong = []
    for state, target in permutations(LAW, 2):
        said = refusal_of("UPDATE refunds_refund SET status = %s WHERE id = %s", target, refunds[state].pk)
        if target not in LAW[state]:
            expected = "no step leads"
        else:
            expected = "is booked for it" if "paid" in (state, target) else ""
        if (expected not in said) if expected else said:
            wrong.append((state, target, said))
    pairs = len(LAW) * (len(LAW) - 1)
    figure(
        "State",
        f"refunds: raw SQL judged otherwise than the law, {role.__name__}",
        len(wrong),
        f"of {pairs} pairs",
        "= 0",
    )
    assert wrong == []


@pytest.mark.parametrize("term", TERMS)
def test_what_was_approved_of_a_refund_never_changes(term: str, role: Callable[[], None]) -> None:
    refund = refund_in("due")
    field = Refund._meta.get_field(term)
    change = change_of(field).format(field.column)
    role()
    said = refusal_of(f"UPDATE refunds_refund SET {field.column} = {change} WHERE id = %s", refund.pk)  # noqa: S608
    assert "the terms of refund" in said


@pytest.mark.parametrize("term", ["case", "total", "proposed_by", "proposed_at"])
def test_what_was_proposed_in_a_plan_never_changes(term: str, role: Callable[[], None]) -> None:
    plan = refund_in("due").resolution
    field = Resolution._meta.get_field(term)
    change = change_of(field).format(field.column)
    role()
    said = refusal_of(f"UPDATE refunds_resolution SET {field.column} = {change} WHERE id = %s", plan.pk)  # noqa: S608
    assert "the terms of plan" in said


@pytest.mark.parametrize("term", ["resolution", "answer", "by", "proposed_by", "at"])
def test_an_answer_never_changes(term: str, role: Callable[[], None]) -> None:
    answer = refund_in("due").resolution.approvals.get()
    field = Approval._meta.get_field(term)
    change = "'rejected'" if term == "answer" else change_of(field).format(field.column)
    role()
    said = refusal_of(f"UPDATE refunds_approval SET {field.column} = {change} WHERE id = %s", answer.pk)  # noqa: S608
    assert "the answer" in said


def test_no_refund_is_deleted(role: Callable[[], None]) -> None:
    refund = refund_in("due")
    role()
    assert "Cannot delete" in refusal_of("DELETE FROM refunds_refund WHERE id = %s", refund.pk)


@pytest.mark.parametrize("state", sorted(LAW.keys() - {"due"}))
def test_a_refund_begins_as_due(state: str, role: Callable[[], None]) -> None:
    refund = refund_in("due")
    role()
    said = refusal_of(INSERT, state, refund.requested_by_id, refund.approved_by_id, refund.pk)
    assert "begins as due" in said


def forgeries(refund: Refund) -> dict[str, tuple[int | None, int | None]]:
    """Who is said to have requested and approved a forged refund of the same plan."""
    agent, manager, other = refund.requested_by_id, refund.approved_by_id, UserFactory(role="manager").pk
    return {
        "approved by the proposer": (other, agent),
        "approved by the proposer, requested by nobody": (None, agent),
        "requested by another": (other, manager),
        "requested by nobody": (None, manager),
        "approved by nobody": (agent, None),
        "approved by somebody who has not answered": (agent, other),
        "both": (agent, agent),
    }


def test_four_eyes_are_those_of_the_plan_and_its_approvals(role: Callable[[], None]) -> None:
    refund = refund_in("due")
    forged = forgeries(refund)
    role()
    passed = [name for name, people in forged.items() if not refusal_of(INSERT, "due", *people, refund.pk)]
    assert passed == []
    assert refusal_of(INSERT, "due", refund.requested_by_id, refund.approved_by_id, refund.pk) == ""


def test_a_plan_that_nobody_has_approved_owes_nothing(role: Callable[[], None]) -> None:
    refund = refund_in("due")
    role()
    with undone():
        sql("UPDATE refunds_resolution SET approved_at = NULL WHERE id = %s", refund.resolution_id)
        assert "was not approved by another person" in refusal_of(
            INSERT, "due", refund.requested_by_id, refund.approved_by_id, refund.pk
        )


def test_nobody_answers_their_own_plan_whatever_the_copy_says(role: Callable[[], None]) -> None:
    plan = ResolutionFactory()
    agent, other = plan.proposed_by_id, UserFactory(role="agent").pk
    role()
    answers = {"plain": agent, "as nobody's plan": None, "as another's plan": other}
    said = {name: refusal_of(ANSWER, plan.pk, agent, copy) for name, copy in answers.items()}
    assert [name for name, words in said.items() if "by the person who proposed it" not in words] == []
    assert "by the person who proposed it" in refusal_of(ANSWER, plan.pk, other, other)  # a copy that is wrong
    assert refusal_of(ANSWER, plan.pk, other, agent) == ""


@pytest.mark.parametrize(
    ("above", "approvers", "refused"), [(None, 0, True), (0, 0, False), (20, 1, True), (21, 1, True)]
)
def test_the_system_approves_only_what_needs_nobody(
    role: Callable[[], None], above: int | None, approvers: int, refused: bool
) -> None:
    plan = ResolutionFactory(total=20)
    if above is not None:
        ApprovalTierFactory(shop=plan.case.shop, above=above, approvers=approvers)
    role()
    said = refusal_of(ANSWER, plan.pk, None, plan.proposed_by_id)
    assert ("needs a person" in said) == refused


def without(trigger: str, table: str, statement: str, *values: Any) -> str:
    """What the database says to ``statement`` when one trigger is gone."""
    with undone():
        name = next(name for name, _ in _triggers(table) if name.startswith(f"pgtrigger_{trigger}_"))
        sql(f"DROP TRIGGER {name} ON {table}")
        return refusal_of(statement, *values)


def test_negative_controls_each_trigger_is_needed() -> None:
    refund = refund_in("due")
    plan = refund.resolution
    answer = plan.approvals.get()
    connection.check_constraints()
    agent, manager, table = refund.requested_by_id, refund.approved_by_id, "refunds_refund"
    first = "UPDATE refunds_refund SET {} WHERE id = %s"
    passes = {
        "refund_legal_status": (table, first.format("status = 'unknown'"), refund.pk),
        "refund_paid_is_booked": (table, first.format("status = 'paid'"), refund.pk),
        "refund_terms": (table, first.format("amount = 999"), refund.pk),
        "refund_begins_due": (table, INSERT, "failed", agent, manager, refund.pk),
        "refund_four_eyes": (table, INSERT, "due", None, agent, refund.pk),
        "refund_never_deleted": (table, "DELETE FROM refunds_refund WHERE id = %s", make_bare_refund().pk),
        "plan_terms": ("refunds_resolution", "UPDATE refunds_resolution SET total = 999 WHERE id = %s", plan.pk),
        "approval_four_eyes": ("refunds_approval", ANSWER, plan.pk, agent, None),
        "approval_terms": ("refunds_approval", "UPDATE refunds_approval SET at = now() WHERE id = %s", answer.pk),
    }
    connection.check_constraints()
    ours = {
        name for found in ("refunds_refund", "refunds_resolution", "refunds_approval") for name, _ in _triggers(found)
    }
    assert {name.removeprefix("pgtrigger_").rpartition("_")[0] for name in ours} == set(passes)
    for trigger, (of, statement, *values) in passes.items():
        assert refusal_of(statement, *values), trigger
        assert without(trigger, of, statement, *values) == "", trigger


def make_bare_refund() -> Refund:
    """A refund that no other row refers to."""
    plan = ApprovalFactory(resolution__approved_at=timezone.now()).resolution
    return RefundFactory(resolution=plan, approved_by=plan.approvals.get().by)


@pytest.mark.parametrize("table", ["refunds_refund", "refunds_resolution", "refunds_approval"])
def test_every_trigger_of_money_is_always_on(table: str) -> None:
    assert {enabled for _name, enabled in _triggers(table)} == {"A"}
