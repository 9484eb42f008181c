"""The whole case against PostgreSQL: thousands of steps, right and wrong, beside a model of what must be."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from refunds.plans import actions as planning
from refunds.settlement import actions as settlement
from returns.lifecycle import actions as lifecycle
from returns.lifecycle import unit_reservation
from returns.models import Case
from returns.portal import actions as portal
from returns.review import actions as review
from tests.proof.case_machine.expected_steps import LAW
from tests.proof.case_machine.machine import CaseMachine, taken, told
from tests.proof.case_machine.model import ExpectedCase

pytestmark = pytest.mark.django_db(transaction=True)

SECTION = "State"
STEPS_A_RUN = 80
QUIETLY = {
    "deadline": None,
    "database": None,
    "suppress_health_check": list(HealthCheck),
    "print_blob": False,
    "report_multiple_bugs": False,
}


def play(machine: type[CaseMachine], *, runs: int, phases: tuple[Phase, ...]) -> None:
    chosen = settings(max_examples=runs, stateful_step_count=STEPS_A_RUN, derandomize=True, phases=phases, **QUIETLY)
    run_state_machine_as_test(machine, settings=chosen)


def test_cases_live_as_the_model_says(size: Callable[[int, int], int], figure: Callable[..., None]) -> None:
    told.clear()
    taken.clear()
    play(CaseMachine, runs=size(7, 216), phases=(Phase.generate, Phase.shrink))
    legal = {(state, step) for state, steps in LAW.items() for step in steps}
    note = "one step at a time, each judged against the model and the whole database"
    figure(SECTION, "steps of the whole case", told["steps"], "steps", f"≥ {size(400, 15_000)}", note)
    figure(SECTION, "refused, without a trace in any table", told["refused"], "steps", f"≥ {size(100, 4_000)}")
    figure(SECTION, "logbook entries, each foretold", told["entries"], "entries", f"≥ {size(80, 4_000)}")
    never = ", ".join(f"{state} → {step}" for state, step in sorted(legal - taken))
    figure(SECTION, "pairs of state and step", len(legal & taken), f"of {len(legal)}", f"≥ {size(10, 33)}", never)


# Negative controls: the same machine goes red where something is broken.


def forgetful(record: Any) -> Any:
    """Some steps are saved, but not written into the logbook."""

    def wrong(case: Case, verb: str, **facts: Any) -> Any:
        if verb in ("take", "reject"):
            return case.save_without_historical_record()
        return record(case, verb, **facts)

    return wrong


def frees_twice(release_units: Any) -> Any:
    """The units of a case that ended stay held, but the counter lets them go: it is wrong, or too much is accepted."""
    return lambda case: unit_reservation.OrderLine.objects.filter(case_lines__case=case).update(returning=0)


def moves_before_it_asks(may: Any) -> Any:
    """A refused step has already written."""

    def wrong(case: Case, step: Any, by: Any) -> bool:
        if not (right := may(case, step, by)):
            with connection.cursor() as cursor:  # a connection of its own: what it writes is not rolled back
                other = cursor.connection.connect(cursor.connection.info.dsn, autocommit=True)
                other.execute("INSERT INTO signoff_attempt (key_hash, at) VALUES ('x', now())")
                other.close()
        return right

    return wrong


def on_an_old_page(move: Any) -> Any:
    """Nobody looks whether the case has moved since the form was drawn."""
    return lambda case, step, **facts: move(case, step, **facts | {"seen": None})


#: what is broken → where, how, and what the machine says to it
FAULTS = {
    "a step without its entry": (lifecycle, "record", forgetful, "the logbook says"),
    "units freed by half": (lifecycle, "release_units", frees_twice, "order line|had to be refused"),
    "a refusal with a trace": (lifecycle, "_may", moves_before_it_asks, "left traces in {'signoff_attempt'}"),
    "money that nobody counts": (settlement.caps, "reserve", lambda _: lambda refund, shares: None, "a payment counts"),
    "a right nobody asks for": (lifecycle, "_may", lambda _: lambda case, step, by: True, "had to be refused"),
    "an old page": (lifecycle, "take_step", on_an_old_page, "had to be refused"),
}


class Unguarded(CaseMachine):
    """The triggers of the database sleep, so that the machine itself has to see it; nobody else makes use of that."""

    def past_the_product(self, known: ExpectedCase, status: str) -> None:
        return

    def make_world(self) -> None:
        super().make_world()
        for table in ("returns_case", "returns_logentry", "refunds_entry"):
            with connection.cursor() as cursor:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")


@pytest.mark.long
@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_seen(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module, name, plant, said = FAULTS[fault]
    broken = plant(getattr(module, name))
    for place in (module, review, portal, planning):
        if hasattr(place, name):
            monkeypatch.setattr(place, name, broken)
    with pytest.raises(AssertionError, match=said):
        play(Unguarded, runs=30, phases=(Phase.generate,))
