"""Whatever happens in whatever order: nothing is paid twice, nothing is lost."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as how

from refunds.models import Refund
from refunds.payouts import worker
from tests.factories.settlements import make_refund
from tests.proof.kill_points import EVENTS, Watch, watching
from tests.proof.ledger_comparison import Comparison, compare_ledgers
from tests.proof.provider.gateway import NAME, Provider, running
from tests.proof.refund_copies import copies_of
from tests.proof.refund_schedules import Move, Play, schedules
from tests.proof.test_payout_kills import the_step

pytestmark = pytest.mark.django_db(transaction=True)

FAR = timezone.now() + timedelta(days=36500)  # what waits for its schedule is not due

type Schedule = tuple[list[list[str]], list[Move]]


class Theatre:
    """Plays schedules one after the other against one provider and one clock, on refunds made beforehand."""

    def __init__(self, provider: Provider, watch: Watch) -> None:
        self.provider, self.watch = provider, watch
        self.now = timezone.now()
        self.pattern = make_refund(gateway=NAME)
        Refund.objects.update(due_at=FAR)
        self.pattern.refresh_from_db()
        self.stock: list[Refund] = []
        self.done: list[Refund] = []
        watch.learn(lambda: worker.pay(make_refund(gateway=NAME)))

    def play(self, schedule: Schedule) -> Comparison:
        """Play it to its end and say whose money is out."""
        scripts, moves = schedule
        refunds = [self._take() for _ in scripts]
        self.provider.plan({refund.token: list(script) for refund, script in zip(refunds, scripts, strict=True)})
        Refund.objects.filter(pk__in=[refund.pk for refund in refunds]).update(due_at=self.now)
        one = Play(self.provider, self.watch, refunds, now=self.now)
        for move in moves:
            one.do(move)
        one.come_to_rest()
        self.now, self.done = one.now, self.done + refunds
        return compare_ledgers(self.provider.times_paid(), only=refunds, thorough=False)

    def _take(self) -> Refund:
        if not self.stock:
            self.stock = copies_of(self.pattern, 50)
        return self.stock.pop()


@pytest.fixture
def theatre(tmp_path: Path) -> Iterator[Theatre]:
    with running(tmp_path, patience=0.5) as provider, watching(EVENTS.INSTRUCTION, the_step) as watch:
        yield Theatre(provider, watch)


def test_any_schedule_pays_each_refund_once(
    theatre: Theatre, size: Callable[[int, int], int], figure: Callable[..., None]
) -> None:
    played: list[Comparison] = []

    @how(
        max_examples=size(25, 500),
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(schedules)
    def follow(schedule: Schedule) -> None:
        played.append(theatre.play(schedule))
        assert played[-1].clean, played[-1]

    follow()

    figure("Payout", "schedules of faults, kills, clocks and notices", len(played), "", f"≥ {size(25, 500)}")
    figure("Payout", "refunds paid twice after them", sum(len(one.twice) for one in played), "", "= 0")
    figure("Payout", "refunds lost after them", sum(len(one.lost) for one in played), "", "= 0")
    assert compare_ledgers(theatre.provider.times_paid(), only=theatre.done).clean


#: the answer is lost, a worker dies, and the provider forgets the key
FORGOTTEN: Schedule = (
    [["drop_after"]],
    [("work", None), ("leap", timedelta(hours=25)), ("kill", 60), ("leap", timedelta(minutes=6)), ("work", None)],
)


def test_a_forgotten_key_is_not_used_again(theatre: Theatre) -> None:
    assert theatre.play(FORGOTTEN).clean


def test_control_trusting_a_key_for_ever_pays_twice(theatre: Theatre, settings: Any) -> None:
    settings.REFUND_KEY_LASTS = timedelta(days=9999)

    assert theatre.play(FORGOTTEN).twice
