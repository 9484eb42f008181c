"""The expected state: a few facts about every case, updated by hand-written rules for each action."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from refunds.models import Refund, Resolution
from refunds.payouts.manual import waits_for_people
from returns.logbook.writer import entry_hash, history_digest
from returns.models import Case, LogEntry
from tests.proof.case_machine import expected_steps
from tests.proof.case_machine.actions import OF_REFUNDS, WRONG, Input, reference, refund_of
from tests.proof.case_machine.expected_steps import LAW, NOTES, OF_MONEY

ANYTHING = None


@dataclass
class ExpectedCase:
    """What the model knows of a case. ``right``: its units count as dealt with for good."""

    pk: int
    order: int
    line: int
    units: int
    since: datetime
    status: str = ""
    seq: int = 0
    head: str = ""
    owner: str | None = None
    holds: bool = True
    right: bool = False
    reopened: bool = False
    received: bool = False

    def take_in(self, entry: LogEntry, names: dict[int, str]) -> None:
        """Follow one entry; fails where it is not what the law and the chain ask for."""
        assert self.status != "closed" or entry.verb in OF_MONEY, "a closed case got another entry"
        follows = (entry.seq, entry.previous, entry.source) == (self.seq + 1, self.head, self.status)
        assert follows, f"{entry} does not follow {self}"
        assert entry.hash == entry_hash(entry), f"{entry} has another hash"
        if entry.history_id:
            assert history_digest(Case.history.get(pk=entry.history_id)) == entry.history_digest
        by = names.get(entry.by_id)
        if entry.verb in NOTES:
            assert entry.target == self.status, f"{entry.verb} moved a case"
            self.owner = {"take": by, "hand_back": None}.get(entry.verb, self.owner)
        elif entry.verb == "open":
            assert entry.target == "submitted"
        else:
            assert LAW[self.status].get(entry.verb) == entry.target, f"{self.status} → {entry.target}"
            self._step(entry, by)
        self.status, self.seq, self.head = entry.target, entry.seq, entry.hash

    def _step(self, entry: LogEntry, by: str | None) -> None:
        self.since = entry.at
        if by and expected_steps.is_reviewers(entry.verb, entry.source):
            self.owner = by
        match entry.verb:
            case "receive":
                self.received = True
            case "resolve":
                self.right = True
            case "reopen":
                self.right, self.reopened = False, True
        ended = entry.verb in ("cancel", "expire") or (entry.verb == "close" and self.status == "rejected")
        if ended and self.holds and not self.right:
            self.holds, self.right = self.reopened, self.reopened


def allowed(name: str, known: ExpectedCase, actor: str, say: Input, *, stale: bool) -> bool | None:
    """Whether the action must be done (True) or refused (False); None where money decides."""
    if name in ("take", "hand_back"):
        mine = known.owner in (None, actor)
        return expected_steps.may_take(actor, known.status) and (mine or name == "hand_back")
    if name in OF_REFUNDS:
        return _of_refund(name, actor, say)
    if name == "send_replacement":
        owed = list(say.case.replacements.order_by("pk"))
        free = owed[say.variant % len(owed)].sent_at is None
        return free and (actor == "system" or _has(actor, expected_steps.SEND))
    if stale:
        return False
    if name == "take_back":
        return _own_plan_waits(known, actor, say)
    if name in ("approve", "send_back", "reject_plan"):
        return _of_plan(name, known, actor, say)
    if (name, known.status) == ("reject", "awaiting_approval"):
        return False  # that is an answer to the plan
    step = "propose" if name == "offer" else name
    if not expected_steps.lawful(actor, step, known.status, own=True):
        return False
    if say.variant == WRONG and name in ("propose", "offer", "receive", "inspect"):
        return False
    return ANYTHING if name in ("propose", "offer", "accept_offer") else True


def _has(actor: str, right: str) -> bool:
    return actor in expected_steps.STAFF and right in expected_steps.ROLES[expected_steps.STAFF[actor]]


def _of_refund(name: str, actor: str, say: Input) -> bool | None:
    if actor != "system" and not _has(actor, expected_steps.PAY):
        return False
    refund = refund_of(say.case, say.variant)
    if name == "retry":
        return ANYTHING if refund.status in ("failed", "reversed") else False
    if name == "confirm_paid":
        same = Refund.objects.filter(gateway=refund.gateway, provider_reference=reference(say)).exclude(pk=refund.pk)
        return waits_for_people(refund) and not same.exists()
    return waits_for_people(refund)


def _of_plan(name: str, known: ExpectedCase, actor: str, say: Input) -> bool | None:
    plan = plan_of(known)
    if known.status != "awaiting_approval" or plan is None or not _has(actor, expected_steps.APPROVE):
        return False
    if plan.proposed_by_id == say.by.pk or plan.approvals.filter(by=say.by).exists():
        return False
    return ANYTHING if name == "approve" else True


def _own_plan_waits(known: ExpectedCase, actor: str, say: Input) -> bool:
    plan = plan_of(known)
    if known.status != "awaiting_approval" or plan is None or not _has(actor, expected_steps.REVIEW):
        return False
    return plan.proposed_by_id == say.by.pk and not plan.approvals.filter(answer="approved", by__isnull=False).exists()


def plan_of(known: ExpectedCase) -> Resolution | None:
    return Resolution.objects.filter(case=known.pk, superseded_at=None).first()


def verbs_of(name: str, known: ExpectedCase, entries: list[LogEntry]) -> list[str]:
    """What the logbook must say after an action was done; ``known`` is the case before it."""
    if name in ("confirm_paid", "mark_failed", "retry"):
        told = {"confirm_paid": "refund_paid", "mark_failed": "refund_failed", "retry": "refund_retried"}[name]
        return [told, *_resolved(known.pk)]
    if name == "send_replacement":
        return ["replacement_sent", *_resolved(known.pk)]
    if name == "approve":
        return _approved(known, entries[0])
    if name in ("propose", "offer"):
        needed = expected_steps.people_needed(plan_of(known).total)
        return ["propose"] if needed else ["propose", *_approved(known, entries[1] if len(entries) > 1 else None)]
    if name == "accept_offer":
        return carried_out(known, "accept_offer", "accept_offer_and_settle")
    if name == "take_back":
        return ["take_back_to_bench" if known.received else "take_back"]
    if name == "send_back":
        return ["send_back_to_bench" if known.received else "send_back"]
    if name in ("take", "hand_back"):
        same = (name == "hand_back") == (known.owner is None)
        return [] if same and (name == "hand_back" or known.owner is not None) else [name]
    return ["reject" if name == "reject_plan" else name]


def _approved(known: ExpectedCase, entry: LogEntry | None) -> list[str]:
    plan = plan_of(known)
    assert entry is not None, "a plan that needs nobody waits for an approval"
    given = plan.approvals.filter(answer="approved", by__isnull=False).count()
    assert entry.facts == {"resolution": plan.pk, "given": given, "needed": expected_steps.people_needed(plan.total)}
    if given < entry.facts["needed"]:
        return ["approve"]
    if plan.kind == Resolution.Kind.OFFER:
        return ["approve", "make_offer"]
    return ["approve", *carried_out(known, "authorise", "settle")]


def carried_out(known: ExpectedCase, waits: str, settles: str) -> list[str]:
    """What the logbook must say of a plan that nobody else has to agree to: the step that waits for goods, or not."""
    if plan_of(known).goods_come_back and not known.received:
        return [waits]
    return settled(known.pk, settles)


def settled(case: int, step: str = "settle") -> list[str]:
    """What the logbook must say when a plan is carried out; nobody has named an account for a transfer."""
    transfers = Refund.objects.filter(case=case, gateway=Refund.Gateway.MANUAL, status=Refund.Status.DUE)
    return [step, *(["payee_wanted"] if transfers.exists() else []), *_resolved(case)]


def _resolved(pk: int) -> list[str]:
    """A settling case is resolved at once when nothing is owed any more."""
    case = Case.objects.get(pk=pk)
    owes = case.refunds.exclude(status="paid").exists() or case.replacements.filter(sent_at=None).exists()
    return [] if owes else ["resolve"]


def clock_steps(cases: Iterable[ExpectedCase], now: datetime) -> dict[int, list[str]]:
    """What the clocks must do by ``now``: key of the case → verbs."""
    steps = {}
    for known in cases:
        hours, verb = expected_steps.CLOCK.get(known.status, (None, ""))
        if hours is not None and known.since + timedelta(hours=hours) <= now:
            steps[known.pk] = [verb]
    return steps
