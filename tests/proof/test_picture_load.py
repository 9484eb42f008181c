"""One small file freezes nobody: pages stay quick beside uploads of pictures that cost a decoder seconds."""

import resource
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from returns.intake.drafts import choose, start
from signoff.pictures.sandbox.limits import CPU_SECONDS, WALL_SECONDS
from tests.factories import OrderFactory, ReasonFactory
from tests.proof.concurrent_clients import Answer, Person, shoppers
from tests.proof.progressive_bomb import progressive_bomb
from tests.proof.server import Server, serving

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

AS_DEPLOYED = {"WEB_CONCURRENCY": "2", "WEB_THREADS": "4"}
UPLOADS, PICTURES = 8, 3
MORE_THAN_THREADS = 3 * UPLOADS  # so that no process keeps a thread for pages, however the kernel deals them out
ALLOWED = 5  # times the idle p99
QUICK = 0.02  # seconds: below this a ratio says nothing on a machine of two cores
ASKED = 150
UNCOUNTED = """
import sys
from pathlib import Path
from signoff.pictures.sandbox import worker
worker.count_scans = lambda content, most: 0
worker.prepare(); worker.confine(); worker.answer(Path(sys.argv[1]))
"""


@pytest.fixture
def product(tmp_path: Path, django_db_setup: Any) -> Iterator[Server]:
    with serving(tmp_path / "log", **AS_DEPLOYED) as running:
        yield running


def uploaders(server: Server, number: int, **headers: str) -> list[Callable[[bytes], Answer]]:
    """Each of ``number`` sends three pictures to a request of their own."""
    senders = []
    for _ in range(number):
        order = OrderFactory()
        ReasonFactory(shop=order.shop)
        draft = choose(start(order), quantities={order.lines.first().pk: 1})
        path = reverse("returns:request-details", args=[order.token, draft.token])
        [person] = shoppers(server, [order], 1, **headers)
        senders.append(lambda content, person=person, path=path: send(person, path, content))
    return senders


def send(person: Person, path: str, content: bytes) -> Answer:
    files = [SimpleUploadedFile(f"{n}.jpg", content, "image/jpeg") for n in range(PICTURES)]
    return person.post(
        path, {"upload": "1", "line1-words": "Broken.", "line1-photos": files}, files=True, typed="Broken."
    )


def p99(person: Person, until: Callable[[], bool]) -> float:
    """Seconds of the slowest but one in a hundred requests for ``/``."""
    taken = []
    while not until() or len(taken) < ASKED:
        begun = time.perf_counter()
        assert person.get("/").status == 200
        taken.append(time.perf_counter() - begun)
    return statistics.quantiles(taken, n=100)[98]


def beside_uploads(
    server: Server, content: bytes, *, uploads: int = UPLOADS, **headers: str
) -> tuple[float, float, list[Answer]]:
    """p99 of ``/`` idle, and while ``uploads`` people send three pictures each; and what these got."""
    [visitor] = shoppers(server, [], 1)
    visitor.get("/")
    senders = uploaders(server, uploads, **headers)
    idle = p99(visitor, lambda: True)
    with ThreadPoolExecutor(uploads) as pool:
        sent = [pool.submit(sender, content) for sender in senders]
        busy = p99(visitor, lambda: all(each.done() for each in sent))
    return idle, busy, [each.result() for each in sent]


def ratio(idle: float, busy: float) -> float:
    return busy / max(idle, QUICK)


def test_pages_stay_quick_beside_uploads_of_thousands_of_scans(product: Server, figure: Callable[..., None]) -> None:
    idle, busy, answers = beside_uploads(product, progressive_bomb())
    name = "p99 of / beside 8 uploads of 3 progressive bombs"
    figure("uploads", name, ratio(idle, busy), "× idle", f"≤ {ALLOWED}", f"idle {1000 * idle:.0f} ms")
    assert {answer.status for answer in answers} <= {200, 429}
    for answer in answers:
        said = "takes too long to open" if answer.status == 200 else "were not added"
        assert (said in answer.words or answer.language != "en", answer.typed in answer.text) == (True, True)


@pytest.mark.long
def test_negative_control_decoding_at_once_freezes_pages(tmp_path: Path, django_db_setup: Any) -> None:
    with serving(tmp_path / "log", application="tests.proof.faulty_wsgi", **AS_DEPLOYED) as naive:
        fault = {"X-Fault": "decodes at once"}
        idle, busy, _answers = beside_uploads(naive, progressive_bomb(4_000), uploads=MORE_THAN_THREADS, **fault)
    assert ratio(idle, busy) > ALLOWED, (idle, busy)


def test_a_decoder_that_is_not_done_after_five_seconds_of_work_is_ended(tmp_path: Path) -> None:
    """The limit below the count of scans, in a process that does not count."""
    (tmp_path / "original").write_bytes(progressive_bomb(2_000_000))
    command = [sys.executable, "-c", UNCOUNTED, str(tmp_path)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    ended = subprocess.run(command, cwd=settings.BASE_DIR, check=False, timeout=WALL_SECONDS * 2)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    assert ended.returncode in (-signal.SIGKILL, -signal.SIGXCPU, -signal.SIGALRM)
    assert spent < CPU_SECONDS + 2
