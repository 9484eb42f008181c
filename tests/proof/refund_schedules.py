"""Random schedules of refund events: faults, kills, delays, clock jumps, notices, finance."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone
from hypothesis import strategies as st

from refunds.models import Refund
from refunds.payouts import manual, provider_notices, worker
from refunds.payouts.gateways import Outcome
from tests.proof.kill_points import Watch, kill_each
from tests.proof.provider.gateway import NAME, Provider

FAULTS = ["ok", "decline", "busy", "conflict", "error", "error_after", "drop", "drop_after", "pending", "pending_fail"]
FAULTS += ["mute", "stall"]
INSTRUCTIONS = 900  # a little more than the step has
LEAPS = [timedelta(minutes=1), timedelta(minutes=11), timedelta(hours=2), timedelta(hours=21), timedelta(hours=25)]

type Move = tuple[str, object]

moves = st.one_of(
    st.tuples(st.just("work"), st.none()),
    st.tuples(st.just("kill"), st.integers(1, INSTRUCTIONS)),
    st.tuples(st.just("leap"), st.sampled_from(LEAPS)),
    st.tuples(st.sampled_from(["doze", "call_and_doze", "wake", "finish", "reverse", "retry"]), st.none()),
    st.tuples(st.just("tell"), st.randoms(use_true_random=False)),
)
schedules = st.tuples(
    st.lists(st.lists(st.sampled_from(FAULTS), max_size=4), min_size=1, max_size=2),
    st.lists(moves, max_size=12),
)


@dataclass
class Play:
    """One schedule: its refunds, the time it is, and workers that stopped half-way and may go on."""

    provider: Provider
    watch: Watch
    refunds: list[Refund]
    now: datetime = field(default_factory=timezone.now)
    dozing: list[tuple[Refund, Outcome | None]] = field(default_factory=list)

    def do(self, move: Move) -> None:
        """Make one move; one that is impossible now does nothing."""
        name, how = move
        getattr(self, name)(how)

    def work(self, _: object = None) -> None:
        while worker.pay_due(now=self.now):
            pass

    def kill(self, place: int) -> None:
        """A worker is killed at its so-manieth instruction."""
        kill_each(self.watch, [(place, self.work)])

    def leap(self, time: timedelta) -> None:
        self.now += time
        self.provider.set_clock(self.now.timestamp())

    def doze(self, _: object) -> None:
        if claimed := worker.claim(self.now):
            self.dozing.append((claimed, None))

    def call_and_doze(self, _: object) -> None:
        if claimed := worker.claim(self.now):
            self.dozing.append((claimed, worker.call(claimed, now=self.now)))

    def wake(self, _: object = None) -> None:
        """The worker that has slept longest goes on as if nothing had been."""
        if self.dozing:
            refund, outcome = self.dozing.pop(0)
            worker.settle(refund, outcome or worker.call(refund, now=self.now), now=self.now)

    def finish(self, _: object = None) -> None:
        self.provider.finish()

    def reverse(self, _: object) -> None:
        self.provider.reverse(self.refunds[0].token)

    def tell(self, order: object) -> None:
        """Notices come in any order, some twice."""
        ours = {refund.token for refund in self.refunds}
        told = [token for token in [*self.provider.notices, *ours] if token in ours] * 2
        order.shuffle(told)
        for token in told[: len(told) // 2 + 1]:
            provider_notices.handle_notice(NAME, token, now=self.now)

    def retry(self, _: object = None) -> None:
        for refund in self._ours().filter(status__in=["failed", "reversed"]):
            manual.retry(refund, by=None, now=self.now)

    def come_to_rest(self) -> None:
        """No more faults: workers, clock, provider and finance go on until everything is paid."""
        self.provider.plan({refund.token: [] for refund in self.refunds})
        for _ in range(8):
            self.wake()
            self.finish()
            for refund in self.refunds:
                provider_notices.handle_notice(NAME, refund.token, now=self.now)
            self.retry()
            self.work()
            if not self.dozing and not self._ours().exclude(status="paid").exists():
                return
            self.leap(timedelta(hours=1, minutes=1))

    def _ours(self) -> QuerySet[Refund]:
        return Refund.objects.filter(pk__in=[refund.pk for refund in self.refunds])
