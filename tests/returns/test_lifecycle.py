"""Every step from every state: the law of the case, written a second time and compared."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils.translation import override
from django_fsm import TransitionNotAllowed

from returns.lifecycle.actions import move, steps_for
from returns.logbook.writer import entry_hash
from returns.models import Case, LogEntry
from tests.factories import CustomerFactory, UserFactory, make_case
from tests.steps.logbook import note

pytestmark = pytest.mark.django_db

#: design.md §4, once more by hand: state → {step: target}
LAW = {
    "submitted": {
        "request_information": "waiting_on_shopper",
        "send_to_appraisal": "in_appraisal",
        "propose": "awaiting_approval",
        "reject": "rejected",
        "cancel": "cancelled",
    },
    "waiting_on_shopper": {"supply_information": "submitted", "cancel": "cancelled", "expire": "expired"},
    "in_appraisal": {"record_appraisal": "submitted", "cancel": "cancelled"},
    "offered": {
        "accept_offer": "authorised",
        "accept_offer_and_settle": "settling",
        "decline_offer": "submitted",
        "offer_lapsed": "submitted",
        "cancel": "cancelled",
        "stop_plan": "submitted",
        "stop_plan_at_bench": "inspected",
    },
    "awaiting_approval": {
        "authorise": "authorised",
        "settle": "settling",
        "make_offer": "offered",
        "send_back": "submitted",
        "send_back_to_bench": "inspected",
        "take_back": "submitted",
        "take_back_to_bench": "inspected",
        "reject": "rejected",
        "cancel": "cancelled",
        "stop_plan": "submitted",
        "stop_plan_at_bench": "inspected",
    },
    "authorised": {"ship": "in_transit", "receive": "received", "cancel": "cancelled", "expire": "expired"},
    "in_transit": {"receive": "received", "report_lost": "submitted"},
    "received": {"inspect": "inspected"},
    "inspected": {"settle": "settling", "propose": "awaiting_approval", "reject": "rejected"},
    "settling": {"resolve": "resolved", "stop_plan": "submitted", "stop_plan_at_bench": "inspected"},
    "resolved": {"close": "closed", "reopen": "submitted"},
    "rejected": {"appeal": "submitted", "close": "closed"},
    "cancelled": {"close": "closed"},
    "expired": {"close": "closed"},
    "closed": {},
}
STEPS = sorted({step for steps in LAW.values() for step in steps})
#: a lawful way from submitted into each state
WAY = {
    "submitted": [],
    "waiting_on_shopper": ["request_information"],
    "in_appraisal": ["send_to_appraisal"],
    "offered": ["propose", "make_offer"],
    "awaiting_approval": ["propose"],
    "authorised": ["propose", "authorise"],
    "in_transit": ["propose", "authorise", "ship"],
    "received": ["propose", "authorise", "receive"],
    "inspected": ["propose", "authorise", "receive", "inspect"],
    "settling": ["propose", "settle"],
    "resolved": ["propose", "settle", "resolve"],
    "rejected": ["reject"],
    "cancelled": ["cancel"],
    "expired": ["request_information", "expire"],
    "closed": ["cancel", "close"],
}


def case_in(state: str) -> Case:
    """A case that came into ``state`` by the system's own steps."""
    case = make_case()
    for step in WAY[state]:
        case = move(case, getattr(Case, step), by=None)
    return case


def immediately() -> None:
    """Let the database check now what it would check at commit."""
    connection.check_constraints()


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_a_state_is_called_what_the_field_calls_it(language: str) -> None:
    with override(language):
        called = {state: Case(status=state).get_status_display() for state in Case.Status.values}
        assert called == {state: str(label) for state, label in Case._meta.get_field("status").flatchoices}


def test_the_states_are_those_of_the_law() -> None:
    assert set(Case.Status.values) == set(LAW)


@pytest.mark.parametrize("state", LAW)
@pytest.mark.parametrize("step", STEPS)
def test_a_step_leads_where_the_law_says_or_nowhere(state: str, step: str) -> None:
    case = case_in(state)
    entries = case.log.count()

    if step in LAW[state]:
        moved = move(case, getattr(Case, step), by=None, reason="because")
        immediately()
        assert (moved.status, moved.log.count()) == (LAW[state][step], entries + 1)
        assert moved.history.first().history_change_reason == "because"
    else:
        with pytest.raises(TransitionNotAllowed, match="has moved on"):
            move(case, getattr(Case, step), by=None)
        assert Case.objects.get(pk=case.pk).status == state
        assert case.log.count() == entries


@pytest.mark.parametrize(
    ("role", "state", "steps"),
    [
        ("agent", "submitted", {"request_information", "send_to_appraisal", "propose", "reject", "cancel"}),
        ("agent", "awaiting_approval", {"cancel", "take_back", "take_back_to_bench"}),
        ("agent", "inspected", {"propose", "reject"}),
        ("agent", "settling", set()),
        ("agent", "resolved", {"reopen"}),
        ("inspector", "submitted", set()),
        ("inspector", "in_appraisal", {"record_appraisal"}),
        ("inspector", "in_transit", {"receive"}),
        ("inspector", "received", {"inspect"}),
        (
            "manager",
            "awaiting_approval",
            {"authorise", "settle", "make_offer", "send_back", "send_back_to_bench", "take_back", "take_back_to_bench"}
            | {"reject", "cancel"},
        ),
        ("manager", "inspected", {"propose", "reject"}),
        ("finance", "awaiting_approval", set()),
        ("finance", "settling", set()),
        ("administrator", "settling", set()),
    ],
)
def test_a_role_is_offered_its_own_steps(role: str, state: str, steps: set[str]) -> None:
    offered = {step.name for step in steps_for(case_in(state), UserFactory(role=role))}
    assert offered == steps


def test_a_step_without_the_right_is_refused_and_nothing_changes() -> None:
    case = make_case()
    with pytest.raises(PermissionDenied, match=r"You don't have permission for this step\. Ask a colleague who has"):
        move(case, Case.propose, by=UserFactory(role="inspector"))
    assert (Case.objects.get(pk=case.pk).status, case.log.count()) == ("submitted", 1)


def test_a_deactivated_agent_may_do_nothing() -> None:
    agent = UserFactory(role="agent", is_active=False)
    with pytest.raises(PermissionDenied, match=r"You don't have permission for this step\. Ask a colleague who has"):
        move(make_case(), Case.propose, by=agent)


def test_a_superuser_cannot_take_the_systems_steps() -> None:
    case = case_in("settling")
    with pytest.raises(PermissionDenied, match=r"You don't have permission for this step\. Ask a colleague who has"):
        move(case, Case.resolve, by=UserFactory(is_superuser=True))


def test_a_shopper_takes_only_a_shoppers_steps_of_their_own_case() -> None:
    case = make_case()
    with pytest.raises(PermissionDenied, match=r"You don't have permission for this step\. Ask a colleague who has"):
        move(case, Case.propose, by=case.customer)
    with pytest.raises(PermissionDenied, match=r"You don't have permission for this step\. Ask a colleague who has"):
        move(case, Case.cancel, by=CustomerFactory())
    assert move(case, Case.cancel, by=case.customer).status == "cancelled"


def test_a_form_drawn_from_an_older_version_is_refused() -> None:
    case = make_case()
    with pytest.raises(TransitionNotAllowed, match="has moved on"):
        move(case, Case.propose, by=None, seen=case.seq + 1)


def test_a_step_wakes_the_workers_once_it_is_committed(
    nudges: list[str], django_capture_on_commit_callbacks: Any
) -> None:
    case = make_case()
    nudges.clear()
    with django_capture_on_commit_callbacks(execute=True):
        move(case, Case.propose, by=None)
        assert nudges == []
    assert nudges == ["config.tasks.wake"]


def test_entries_are_numbered_and_chained() -> None:
    case = case_in("resolved")
    entries = list(case.log.order_by("seq"))
    assert [entry.seq for entry in entries] == [1, 2, 3, 4]
    assert [entry.previous for entry in entries[1:]] == [entry.hash for entry in entries[:-1]]
    assert [entry.hash for entry in entries] == [entry_hash(entry) for entry in entries]
    case = Case.objects.get(pk=case.pk)
    assert (case.seq, case.head) == (4, entries[-1].hash)


def refused_by_the_database(refusal: str, change: str, *values: object) -> None:
    with pytest.raises(DatabaseError, match=refusal):  # noqa: SIM117
        with transaction.atomic(), connection.cursor() as cursor:
            *before, last = change.split("; ")  # one command at a time may have values
            for command in before:
                cursor.execute(command)
            cursor.execute(last, values)
            immediately()


def test_raw_sql_cannot_take_an_illegal_step() -> None:
    change = "UPDATE returns_case SET status = 'closed' WHERE id = %s"
    refused_by_the_database("no step leads from submitted to closed", change, make_case().pk)


def test_raw_sql_cannot_take_a_legal_step_without_its_entry() -> None:
    change = "UPDATE returns_case SET status = 'rejected' WHERE id = %s"
    refused_by_the_database("went from submitted to rejected without a logbook entry", change, make_case().pk)


@pytest.mark.parametrize(
    "change", ["value = 0", "seq = seq + 2", "seq = seq - 1", "head = 'x'", "seq = seq + 1, value = 0"]
)
def test_a_closed_case_is_immutable(change: str) -> None:
    sql = f"UPDATE returns_case SET {change} WHERE id = %s"  # noqa: S608
    refused_by_the_database("is closed and cannot be changed", sql, case_in("closed").pk)


def test_the_logbook_of_a_closed_case_goes_on() -> None:
    case = case_in("closed")
    note(case, "refund_reversed", by=None)
    after = Case.objects.get(pk=case.pk)
    assert (after.status, after.seq, after.log.last().verb) == ("closed", case.seq, "refund_reversed")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE returns_logentry SET reason = 'x' WHERE case_id = %s",
        "DELETE FROM returns_logentry WHERE case_id = %s",
        "SET session_replication_role = replica; DELETE FROM returns_logentry WHERE case_id = %s",
    ],
)
def test_the_logbook_cannot_be_changed(change: str) -> None:
    refused_by_the_database("Cannot update or delete rows from returns_logentry", change, make_case().pk)


def test_the_logbook_cannot_be_emptied() -> None:
    make_case()
    immediately()  # nothing pending, so that the refusal is the trigger's
    refused_by_the_database("logbook is append-only and cannot be emptied", "TRUNCATE returns_logentry CASCADE")


def test_the_database_knows_no_other_status() -> None:
    case = make_case()
    with pytest.raises(IntegrityError, match="no step leads from submitted to bogus"), transaction.atomic():
        note(case, "take", by=None)
        Case.objects.filter(pk=case.pk).update(status="bogus")
    assert LogEntry.objects.filter(case=case).count() == 1
