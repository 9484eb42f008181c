"""The product's own workers under kills, database crashes and lost nudges. Run by ``tests.proof.soak_command``."""

import os
import random
import signal
import subprocess
import time

from django.conf import settings
from django.db import OperationalError, connection, connections

from config.management.commands.run import COMMANDS
from config.runtime import postgres
from tests.factories.settlements import make_refund
from tests.proof.ledger_comparison import compare_ledgers
from tests.proof.provider.gateway import NAME, Provider
from tests.proof.refund_copies import copies_of

FAULTS = ("error_after", "drop_after", "drop", "error", "busy", "conflict")
PATIENCE = 480  # seconds; what is not paid then counts as lost
AS_LONG = 0.2  # seconds between two looks


class Workers:
    """The product's own processes, each in a session of its own so that it dies with its children."""

    def __init__(self, count: int) -> None:
        worker = ["1" if part == "2" else part for part in COMMANDS["worker"]]  # a process for each
        self.log = (settings.DATA_DIR / "workers.log").open("a")
        self.commands = [worker] * count + [COMMANDS["scheduler"]]
        self.running = [self._start(command) for command in self.commands]
        self.killed = 0

    def kill_one(self, chance: random.Random) -> None:
        """SIGKILL a worker and start another in its place."""
        place = chance.randrange(len(self.running) - 1)
        _kill(self.running[place])
        self.running[place] = self._start(self.commands[place])
        self.killed += 1

    def end(self) -> None:
        for process in self.running:
            _kill(process)

    def _start(self, command: list[str]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            command, cwd=settings.BASE_DIR, start_new_session=True, stdout=self.log, stderr=self.log
        )


def _kill(process: subprocess.Popen[bytes]) -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def crash() -> None:
    """Kill the database server, then start it again on what it left on the disk."""
    pid = int((postgres._home() / "data" / "postmaster.pid").read_text().split("\n", 1)[0])
    os.kill(pid, signal.SIGKILL)
    connections.close_all()
    postgres.ensure()


def lose_nudges() -> None:
    """Empty the broker's folder."""
    for message in (settings.DATA_DIR / "broker" / "messages").glob("*"):
        message.unlink(missing_ok=True)


def paid_so_far() -> int:
    """How many are paid; waits while the database is away."""
    while True:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM refunds_refund WHERE status = 'paid'")
                return cursor.fetchone()[0]
        except OperationalError:
            connections.close_all()
            time.sleep(AS_LONG)


def disturb(workers: Workers, count: int, kills: int, crashes: int) -> int:
    """Kill, crash and lose nudges as the work goes on, until all is paid; returns how often the database crashed."""
    chance, crashed, deadline = random.Random(2026), 0, time.monotonic() + PATIENCE
    while (paid := paid_so_far()) < count and time.monotonic() < deadline:
        if workers.killed < kills and paid > count * workers.killed // (kills + 3):
            workers.kill_one(chance)
        if crashed < crashes and paid > count * (crashed + 1) // (crashes + 2):
            crash()
            crashed += 1
            lose_nudges()
        time.sleep(AS_LONG)
    return crashed


def soak(count: int, workers: int, kills: int, crashes: int, provider: Provider) -> dict[str, object]:
    """So many refunds, of which the provider treats one in ten badly, so many workers; what became of them."""
    refunds = copies_of(make_refund(gateway=NAME), count - 1)
    chance = random.Random(2026)
    provider.plan({refund.token: [chance.choice(FAULTS) for _ in range(2)] for refund in refunds[::10]})
    begun = time.monotonic()
    started = Workers(workers)
    try:
        crashed = disturb(started, count, kills, crashes)
    finally:
        started.end()
    found = compare_ledgers(provider.times_paid())
    return {
        "seconds": round(time.monotonic() - begun),
        "paid": paid_so_far(),
        "kills": started.killed,
        "crashes": crashed,
        "twice": len(found.twice),
        "lost": len(found.lost),
        "wrong": found.wrong,
    }
