"""What is true of a state stands once, in ``returns.lifecycle.states``."""

import ast
from pathlib import Path

import pytest
from django.conf import settings

from returns.lifecycle.states import FINISHED, OPEN, STATES, on_tab, rights_to, waiting_for
from returns.models import Case
from returns.queue.tabs import LABELS, LEAVES, TABS
from returns.review.expiry import ON_EXPIRY
from tests.factories import make_case

BASE = Path(settings.BASE_DIR)
APPS = ("config", "feedback", "refunds", "inspection", "returns", "signoff")
ALLOWED = {"returns/lifecycle/states.py", "returns/models/cases.py"}
NAMES = set(Case.Status.names)


def is_state(node: ast.expr | None) -> bool:
    """``"submitted"``, ``Status.SUBMITTED``, ``S.SUBMITTED`` or ``Case.Status.SUBMITTED``."""
    if isinstance(node, ast.Constant):
        return node.value in Case.Status.values
    if isinstance(node, ast.Attribute) and node.attr in NAMES:
        return ast.unparse(node.value) in ("S", "Status", "Case.Status")
    return False


def tables_of_states(source: str) -> list[str]:
    """Every dict, tuple, list or set of three or more states and nothing else."""
    found = []
    for node in ast.walk(ast.parse(source)):
        keys = node.keys if isinstance(node, ast.Dict) else getattr(node, "elts", [])
        if len(keys) >= 3 and all(map(is_state, keys)):
            found.append(ast.unparse(node))
    return found


def test_every_state_has_its_row_in_the_order_of_the_states() -> None:
    assert list(STATES) == Case.Status.values


@pytest.mark.parametrize(
    "source",
    [
        "{'submitted': 1, 'closed': 2, 'expired': 3}",
        "(Case.Status.SUBMITTED, S.CLOSED, Status.EXPIRED)",
        "['submitted', S.CLOSED, 'expired']",
        "{'submitted', 'closed', 'expired'}",
    ],
)
def test_a_second_table_of_states_would_be_found(source: str) -> None:
    assert tables_of_states(source) == [ast.unparse(ast.parse(source))]


def test_two_states_or_words_among_others_are_no_table() -> None:
    assert tables_of_states("('submitted', 'closed'); ('offered', 'closed', 'expired', 'other')") == []


def test_no_other_module_holds_a_table_of_states() -> None:
    modules = [path for app in APPS for path in (BASE / app).rglob("*.py") if "migrations" not in path.parts]
    assert len(modules) > 300
    names = {path: path.relative_to(BASE).as_posix() for path in modules}
    found = {names[path]: tables_of_states(path.read_text("utf-8")) for path in modules if names[path] not in ALLOWED}
    assert {name: tables for name, tables in found.items() if tables} == {}


def test_every_state_is_on_one_tab_and_finished_ones_are_on_theirs() -> None:
    assert sorted(status for tab in LEAVES for status in on_tab(tab)) == sorted(STATES)
    assert on_tab("finished") == TABS["finished"] == FINISHED
    assert TABS["open"] == OPEN
    assert {state.tab for state in STATES.values()} == set(LEAVES) == set(LABELS) - {"open", "all"}


def test_each_queue_is_of_those_who_may_act() -> None:
    queues = {state.permission: waiting_for(state.permission) for state in STATES.values() if state.permission}
    assert queues == {
        "returns.review_case": ("submitted", "inspected"),
        "returns.approve_case": ("awaiting_approval",),
        "returns.inspect_case": ("in_appraisal", "authorised", "in_transit", "received"),
        "refunds.pay_refund": ("settling",),
    }
    with pytest.raises(KeyError):
        waiting_for("returns.view_case")


@pytest.mark.parametrize(
    ("status", "rights"),
    [
        ("submitted", ["returns.review_case"]),
        ("awaiting_approval", ["returns.review_case", "returns.approve_case"]),
        ("settling", ["returns.review_case", "refunds.pay_refund"]),
        ("offered", ["returns.review_case"]),
        ("resolved", []),
    ],
)
def test_a_case_may_be_taken_by_the_review_and_by_those_it_waits_for(status: str, rights: list[str]) -> None:
    assert rights_to(status) == rights


def test_every_step_that_a_state_names_leads_out_of_it() -> None:
    law = {(step.source, step.name) for step in Case._meta.get_field("status").get_all_transitions(Case)}
    for status, state in STATES.items():
        assert state.main_step == "" or (status, state.main_step) in law, status
        assert state.expiry_step == "" or (status, state.expiry_step) in law, status
    assert {status for status, state in STATES.items() if not state.main_step} == {"closed"}


def test_what_a_clock_ends_by_itself_has_a_clock() -> None:
    assert {status for status in ON_EXPIRY if STATES[status].hours is None} == set()
    assert len(ON_EXPIRY) == 7


@pytest.mark.django_db
def test_staff_and_shopper_read_words_of_their_own() -> None:
    case = make_case()
    assert (case.get_status_display(), case.shopper_status) == ("awaiting review", "We're reviewing it")
