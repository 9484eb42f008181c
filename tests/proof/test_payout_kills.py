"""A worker killed anywhere in the payout step: nothing is paid twice, nothing is lost."""

import http
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from types import CodeType

import django
import psycopg
import pytest
from django.conf import settings
from django.utils import timezone

from refunds.models import Refund
from refunds.payouts import worker
from tests.factories.settlements import make_refund
from tests.proof.broken_payouts import call_inside, mark_then_call
from tests.proof.kill_points import EVENTS, kill_each, spread, watching
from tests.proof.ledger_comparison import Comparison, compare_ledgers
from tests.proof.provider.gateway import NAME, Provider, running
from tests.proof.refund_copies import copies_of

pytestmark = pytest.mark.django_db(transaction=True)

OUR_FOLDERS = ("refunds", "inspection", "returns", "signoff", "tests/proof")
PAYOUT_FILES = ("refunds/payouts/worker.py", "refunds/payouts/outcomes.py", "refunds/payouts/transitions.py")
PAYOUT_FILES += (
    "refunds/payouts/queries.py",
    "refunds/payouts/gateways/base.py",
    "tests/proof/provider/gateway.py",
    "tests/proof/broken_payouts.py",
)
OURS = tuple(str(settings.BASE_DIR / part) for part in OUR_FOLDERS)
PAYOUT_PATHS = tuple(str(settings.BASE_DIR / part) for part in PAYOUT_FILES)
LIBRARIES = tuple(str(Path(library.__file__).parent) for library in (django, psycopg, http))
ALL = 1_000_000
MINUTES = timedelta(minutes=1)


def every_code_of_ours(code: CodeType) -> bool:
    return code.co_filename.startswith(OURS)


def the_step(code: CodeType) -> bool:
    return code.co_filename in PAYOUT_PATHS


def libraries(code: CodeType) -> bool:
    return code.co_filename.startswith(LIBRARIES)


@dataclass(frozen=True)
class Round:
    """Refunds whose calls go as the script says; a worker dies in the step after ``before`` whole ones."""

    name: str
    script: tuple[str, ...]
    kills: tuple[int, int]  # short, long
    before: int = 0
    event: int = EVENTS.INSTRUCTION
    where: Callable[[CodeType], bool] = the_step


ROUNDS = (
    Round("bytecodes of the first call, all goes well", (), (60, ALL), where=every_code_of_ours),
    Round("library lines", (), (20, 420), event=EVENTS.LINE, where=libraries),
    Round("paid, then 500", ("error_after",), (10, 120)),
    Round("paid, then the line is cut", ("drop_after",), (10, 120)),
    Round("500 without paying", ("error",), (10, 120)),
    Round("pending", ("pending",), (10, 120)),
    Round("looking into the list: it is there", ("error_after",), (10, 120), before=2),
    Round("looking into the list: it is not there", ("error",), (10, 120), before=2),
)


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    with running(tmp_path_factory.mktemp("provider")) as found:
        yield found


def step(refund: Refund, now: datetime) -> None:
    """What a worker does with one refund, whichever queue it is in."""
    for queue in (worker.due, worker.unanswered):
        if claimed := worker.claim(now, only=refund, among=queue):
            worker.answer(claimed, now=now)
            break


def refunds_for(provider: Provider, part: Round, count: int) -> tuple[list[Refund], datetime]:
    """Refunds on which all steps before the deadly one are done, and the time it is then."""
    refunds = copies_of(make_refund(gateway=NAME), count)
    provider.plan({refund.token: list(part.script) for refund in refunds})
    now = timezone.now()
    for _ in range(part.before):
        for refund in refunds:
            step(refund, now)
        now += 11 * MINUTES
    return refunds, now


def run(provider: Provider, part: Round, wanted: int) -> int:
    """Kill a worker at so many places of the step, a refund each; returns how many died."""
    with watching(part.event, part.where) as watch:
        samples, now = refunds_for(provider, part, 2)
        watch.learn(lambda: step(samples[0], now))
        places = spread(wanted, watch.count(lambda: step(samples[1], now)))
        refunds, now = refunds_for(provider, part, len(places))
        actions = [lambda refund=refund: step(refund, now) for refund in refunds]
        return kill_each(watch, list(zip(places, actions, strict=True)))


def recover(provider: Provider) -> None:
    """The workers go on and so does the clock: leases end, what is open is asked about."""
    now = timezone.now()
    while Refund.objects.exclude(status="paid").exists():
        now += 11 * MINUTES
        provider.finish()
        provider.set_clock(now.timestamp())
        while worker.pay_due(now=now):
            pass
        assert now < timezone.now() + timedelta(days=2), "something stays open for ever"


def test_a_worker_killed_anywhere_pays_once(
    provider: Provider, size: Callable[[int, int], int], figure: Callable[..., None]
) -> None:
    killed = {part.name: run(provider, part, size(*part.kills)) for part in ROUNDS}

    recover(provider)

    found = compare_ledgers(provider.times_paid())
    figure("Payout", "workers killed in the payout step", sum(killed.values()), "", f"≥ {size(100, 2000)}")
    figure("Payout", "… of them at lines of libraries", killed["library lines"], "", f"≥ {size(15, 400)}")
    figure("Payout", "refunds paid twice after kills", len(found.twice), "", "= 0")
    figure("Payout", "refunds lost after kills", len(found.lost), "", "= 0")
    assert found.clean, found


def killed_while(action: Callable[[Refund], None], provider: Provider, kills: int) -> Comparison:
    """The same with a broken way to pay; afterwards it is done again for whatever is not paid yet."""
    first = make_refund(gateway=NAME)
    with watching(EVENTS.INSTRUCTION, the_step) as watch:
        samples = copies_of(first, 2)
        watch.learn(lambda: action(samples[0]))
        places = spread(kills, watch.count(lambda: action(samples[1])))
        refunds = copies_of(first, len(places))
        kill_each(watch, [(place, lambda one=one: action(one)) for place, one in zip(places, refunds, strict=True)])
    for refund in (first, *refunds):
        action(refund)
    return compare_ledgers(provider.times_paid(), thorough=False)


def test_control_calling_inside_a_transaction_pays_twice(
    provider: Provider, size: Callable[[int, int], int], figure: Callable[..., None]
) -> None:
    found = killed_while(call_inside, provider, size(20, 250))

    figure("Payout", "control: paid twice by calling inside a transaction", len(found.twice), "", "≥ 1")
    assert not found.lost


def test_control_marking_before_the_call_loses(
    provider: Provider, size: Callable[[int, int], int], figure: Callable[..., None]
) -> None:
    found = killed_while(mark_then_call, provider, size(20, 250))

    figure("Payout", "control: lost by marking before the call", len(found.lost), "", "≥ 1")
    assert not found.twice
