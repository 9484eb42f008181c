"""The state machine: each step is one action on one case, and the model says what must follow."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django_fsm import TransitionNotAllowed
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from refunds.ledger.audit.consistency import faults as ledger_faults
from refunds.models import Resolution
from refunds.payouts.worker import pay_due
from refunds.settlement.actions import follow_verdicts
from refunds.settlement.finish import finish_settled
from returns.intake.actions import Wish, open_case
from returns.lifecycle.actions import move
from returns.logbook.verify import Verification
from returns.models import Case, LogEntry
from returns.models.reasons import Remedy
from returns.review import assignment
from returns.review.expiry import run_due
from signoff.models import OrderLine
from tests.proof.case_machine import expected_steps
from tests.proof.case_machine.actions import ACTIONS, OF_REFUNDS, REFUSALS, Input, fitting
from tests.proof.case_machine.database_reader import DatabaseState
from tests.proof.case_machine.expected_steps import ACTORS, LAW
from tests.proof.case_machine.model import ExpectedCase, allowed, clock_steps, settled, verbs_of
from tests.proof.case_machine.shop import MachineShop

MOST_CASES = 14
actors = st.sampled_from(ACTORS)
picks = st.integers(0, MOST_CASES - 1)
variants = st.sampled_from([0, 0, 1, 2, 3])
kinds = st.sampled_from([*["rightly"] * 12, "wildly", "wildly", "late", "unlawfully", "by SQL", "next"])
pauses = st.sampled_from([*[0] * 9, 24, 170, 340])
jobs = st.sampled_from(["verdicts", "verdicts", "pay", "pay", "finish"])
choices = st.integers(0, 23)
waits = st.sampled_from([1, 1, 2, 5])
PAYING = re.compile(r"refund_paid( refund_paid)*( resolve)?")
STEPS = sorted({step for steps in LAW.values() for step in steps})

#: state → what people do there, and how often
FORWARD = {
    "submitted": {
        ("propose", "agent"): 5,
        ("propose", "colleague"): 3,
        ("offer", "agent"): 3,
        ("request_information", "agent"): 2,
        ("send_to_appraisal", "agent"): 2,
        ("take", "agent"): 1,
        ("reject", "agent"): 2,
        ("cancel", "shopper"): 1,
    },
    "waiting_on_shopper": {("supply_information", "shopper"): 4, ("cancel", "shopper"): 1},
    "in_appraisal": {("record_appraisal", "inspector"): 4, ("cancel", "agent"): 1},
    "offered": {("accept_offer", "shopper"): 2, ("decline_offer", "shopper"): 2, ("cancel", "shopper"): 1},
    "awaiting_approval": {
        ("approve", "manager"): 3,
        ("send_back", "director"): 2,
        ("approve", "director"): 3,
        ("reject_plan", "manager"): 1,
        ("cancel", "shopper"): 1,
    },
    "authorised": {
        ("ship", "shopper"): 4,
        ("receive", "inspector"): 3,
        ("take", "inspector"): 1,
        ("cancel", "shopper"): 1,
    },
    "in_transit": {("receive", "inspector"): 5, ("report_lost", "agent"): 1},
    "received": {("inspect", "inspector"): 5, ("take", "inspector"): 1},
    "inspected": {("propose", "agent"): 3, ("offer", "agent"): 3, ("reject", "manager"): 1},
    "settling": {
        ("confirm_paid", "finance"): 6,
        ("mark_failed", "finance"): 1,
        ("retry", "finance"): 2,
        ("send_replacement", "agent"): 3,
    },
    "resolved": {("reopen", "agent"): 1, ("reopen", "shopper"): 1, ("take", "agent"): 2},
    "rejected": {("appeal", "shopper"): 1, ("take", "agent"): 1},
}

#: what all runs together have come to
told: Counter[str] = Counter()
taken: set[tuple[str, str]] = set()


class CaseMachine(RuleBasedStateMachine):
    """Cases of two orders, and everybody who has to do with them."""

    world: MachineShop | None = None  # made by the first step: many runs are given up before it
    judged = False  # whether the last step was found right

    @initialize()
    def begin(self) -> None:
        self.cases: dict[int, ExpectedCase] = {}
        self.last = 0
        self.frozen: dict[int, dict] = {}

    def make_world(self) -> None:
        self.world = MachineShop()
        self.reading = DatabaseState()
        self.before = self.reading.everything()

    # What is done

    @precondition(lambda self: len(self.cases) < MOST_CASES)
    @rule(line=st.integers(0, 2), quantity=st.integers(0, 4), reason=st.integers(0, 2), remedy=st.sampled_from(Remedy))
    def open(self, line: int, quantity: int, reason: int, remedy: str) -> None:
        if self.world is None:
            self.make_world()
        order_line = self.world.lines[line]
        held = sum(known.units for known in self.cases.values() if known.line == order_line.pk and known.holds)
        wish = Wish(order_line, quantity, self.world.reasons[reason], remedy)
        order = order_line.order
        fresh = ExpectedCase(0, order.pk, order_line.pk, quantity, self.world.now)

        def action() -> None:
            case = open_case(order, [wish], by=order.customer, channel="portal", now=self.world.now)
            fresh.pk = case.pk
            self.cases[case.pk] = fresh

        self.attempt(action, must=0 < quantity <= order_line.quantity - held, verbs=lambda _: {fresh.pk: ["open"]})

    @precondition(lambda self: self.cases)
    @rule(kind=kinds, pick=picks, choice=choices, actor=actors, variant=variants, hours=waits)
    def somebody_acts(self, kind: str, pick: int, choice: int, actor: str, variant: int, hours: int) -> None:
        """Mostly what is due, by somebody who may; now and then anything, by anybody, late, past the product."""
        match kind:
            case "rightly":
                self.rightly(self.pick_live(pick), choice, variant, hours)
            case "wildly" | "late":
                name = sorted(ACTIONS)[choice % len(ACTIONS)]
                self.do(name, self.pick(pick), fitting(name, actor), variant, hours, stale=kind == "late")
            case "unlawfully":
                self.against_the_law(self.pick(pick), STEPS[choice % len(STEPS)], actor)
            case "by SQL":
                self.past_the_product(self.pick(pick), sorted(LAW)[choice % len(LAW)])
            case "next":
                self.take_next(["agent", "colleague", "inspector", "finance"][choice % 4])

    @precondition(lambda self: self.cases)
    @rule(kind=kinds, pick=picks, choice=choices, actor=actors, variant=variants, hours=waits)
    def somebody_else_acts(self, kind: str, pick: int, choice: int, actor: str, variant: int, hours: int) -> None:
        """The same once more: Hypothesis leaves out one rule or another in most runs."""
        self.somebody_acts(kind, pick, choice, actor, variant, hours)

    @precondition(lambda self: self.cases)
    @rule(
        hours=st.sampled_from([0, 0, 0, 0, 0, 24, 170, 340]), job=st.sampled_from(["verdicts", "pay", "pay", "finish"])
    )
    def the_system_works(self, hours: int, job: str) -> None:
        if hours:
            self.time_passes(hours)
        {"verdicts": self.verdicts, "pay": self.payouts, "finish": self.nothing_left}[job]()

    def rightly(self, known: ExpectedCase, choice: int, variant: int, hours: int) -> None:
        options = self.due_deeds(known)
        name, actor = options[choice % len(options)]
        self.do(name, known, actor, variant, hours, stale=False)

    def against_the_law(self, known: ExpectedCase, step: str, actor: str) -> None:
        """A step that this actor must not take, through the action itself."""
        if expected_steps.lawful(actor, step, known.status, own=True):
            actor = "stranger"
        case = self.case(known)
        self.attempt(lambda: move(case, getattr(Case, step), by=self.world.actor(actor, case)), must=False)

    def past_the_product(self, known: ExpectedCase, status: str) -> None:
        """Somebody at the database's prompt changes a status; without its entry even a legal one is refused."""
        change = {"status": status} if status != known.status else {"status": "bogus"}
        if known.status == "closed":
            change = {"value": 0}

        def action() -> None:
            with transaction.atomic():
                Case.objects.filter(pk=known.pk).update(**change)

        self.attempt(action, must=False, refusals=(DatabaseError,))

    def take_next(self, actor: str) -> None:
        right = "returns.review_case" if actor != "inspector" else "returns.inspect_case"
        states = expected_steps.BENCH if actor == "inspector" else ("submitted", "inspected")
        waiting = [known for known in self.cases.values() if known.owner is None and known.status in states]
        by = self.world.staff[actor]
        self.attempt(
            lambda: assignment.take_next(by=by, permission=right, now=self.world.now),
            must=actor != "finance",
            verbs=lambda changed: {pk: ["take"] for pk in list(changed)[:1] or [-1] if waiting},
        )

    def time_passes(self, hours: int) -> None:
        self.world.now += timedelta(hours=hours)
        steps = clock_steps(self.cases.values(), self.world.now)
        self.attempt(lambda: run_due(self.world.now), must=True, verbs=lambda _: steps)

    def verdicts(self) -> None:
        plans = Resolution.objects.filter(superseded_at=None, approved_at__isnull=False, case__status="inspected")
        waiting = set(plans.values_list("case", flat=True))

        def verbs(changed: dict[int, list[str]]) -> dict[int, list[str]]:
            voided = (["verdict_differs"], ["plan_exceeds"])
            return {pk: changed[pk] if changed.get(pk) in voided else settled(pk) for pk in waiting}

        self.attempt(lambda: follow_verdicts(now=self.world.now), must=True, verbs=verbs)

    def payouts(self) -> None:
        settling = {known.pk for known in self.cases.values() if known.status == "settling"}

        def verbs(changed: dict[int, list[str]]) -> dict[int, list[str]]:
            return {pk: seen for pk, seen in changed.items() if pk in settling and PAYING.fullmatch(" ".join(seen))}

        self.attempt(lambda: pay_due(now=self.world.now), must=True, verbs=verbs)

    def nothing_left(self) -> None:
        """What is done is resolved at once; the sweep is for what a crash leaves."""
        self.attempt(lambda: finish_settled(now=self.world.now), must=True)

    # How it is done and judged

    def do(self, name: str, known: ExpectedCase, actor: str, variant: int, hours: int, *, stale: bool) -> None:
        case = self.case(known)
        if name in OF_REFUNDS and not case.refunds.exists():
            return
        if name == "send_replacement" and not case.replacements.exists():
            return
        self.world.now += timedelta(hours=hours)
        say = Input(case, self.world.actor(actor, case), variant, known.seq - stale, self.world.now)
        must = allowed(name, known, actor, say, stale=stale)
        self.attempt(
            lambda: ACTIONS[name](say),
            must=must,
            verbs=lambda changed: self.expected(name, known, changed),
        )

    def expected(self, name: str, known: ExpectedCase, changed: dict[int, list[str]]) -> dict[int, list[str]]:
        entries = list(LogEntry.objects.filter(case=known.pk, seq__gt=known.seq).order_by("seq"))
        verbs = verbs_of(name, known, entries)
        return {known.pk: verbs} if verbs else {}

    def attempt(
        self,
        action: Callable[[], object],
        *,
        must: bool | None,
        verbs: Callable[[dict[int, list[str]]], dict[int, list[str]]] = lambda changed: {},
        refusals: tuple[type[Exception], ...] = (),
    ) -> None:
        """Do it and compare: refused where it must be and without a trace, or told in the logbook as the model says."""
        told["steps"] += 1
        self.judged = False
        try:
            action()
        except (TransitionNotAllowed, PermissionDenied, *REFUSALS, *refusals) as raised:
            refusal = raised
        else:
            refusal = None
        if refusal is None:
            assert must is not False, "this had to be refused"
            self.follow(verbs)
        else:
            assert must is not True, f"refused: {refusal!r}"
            self.leaves_no_trace()
        self.judged = True

    def leaves_no_trace(self) -> None:
        told["refused"] += 1
        after = self.reading.everything()
        traces = {name for name in after if after[name] != self.before[name]}
        assert not traces, f"a refused step left traces in {traces}"

    def follow(self, verbs: Callable[[dict[int, list[str]]], dict[int, list[str]]]) -> None:
        entries = list(LogEntry.objects.filter(pk__gt=self.last).order_by("pk"))
        changed: dict[int, list[str]] = {}
        for entry in entries:
            changed.setdefault(entry.case_id, []).append(entry.verb)
        expected = verbs(changed)
        assert changed == expected, f"the logbook says {changed}, the model {expected}"
        for entry in entries:
            taken.add((entry.source, entry.verb))
            self.cases[entry.case_id].take_in(entry, self.world.names)
            self.last = entry.pk
        told["entries"] += len(entries)
        self.judge(changed)

    def judge(self, changed: dict[int, list[str]]) -> None:
        broken = self.reading.broken()
        assert not broken, f"broken: {broken}"
        for case in Case.objects.filter(pk__in=changed):
            known = self.cases[case.pk]
            owner = self.world.names.get(case.owner_id)
            facts = (case.status, case.seq, case.head, owner, case.status_since)
            expected = (known.status, known.seq, known.head, known.owner, known.since)
            assert facts == expected, f"the case says {facts}, the model {expected}"
        closed = self.reading.closed()
        assert {pk: closed.get(pk) for pk in self.frozen} == self.frozen, "a closed case was written"
        self.frozen = closed
        for line, returning, returned in OrderLine.objects.values_list("pk", "returning", "returned"):
            held = [known for known in self.cases.values() if known.line == line and known.holds]
            counts = [sum(known.units for known in held if known.right is right) for right in (False, True)]
            assert [returning, returned] == counts, f"order line {line}"
        self.before = self.reading.everything()

    def pick(self, pick: int) -> ExpectedCase:
        return list(self.cases.values())[pick % len(self.cases)]

    def case(self, known: ExpectedCase) -> Case:
        return Case.objects.select_related("customer", "order", "shop").get(pk=known.pk)

    def pick_live(self, pick: int) -> ExpectedCase:
        """One of those that are not closed yet, as long as there are any."""
        live = [known for known in self.cases.values() if known.status != "closed"] or list(self.cases.values())
        return live[pick % len(live)]

    def due_deeds(self, known: ExpectedCase) -> list[tuple[str, str]]:
        """What may well be done next, with somebody who may; what leads on comes more often."""
        if known.status in FORWARD:
            return [way for way, often in FORWARD[known.status].items() for _again in range(often)]
        return [("take", "agent")]

    def teardown(self) -> None:
        """At the end of a run the product's own verifiers look at everything."""
        if self.world is not None:
            self.reading.close()
        if not self.judged:
            return
        faults = [*map(str, Verification().faults()), *map(str, ledger_faults())]
        assert not faults, f"the verifiers say {faults}"
        told["lives"] += len(self.cases)
        connection.close()
