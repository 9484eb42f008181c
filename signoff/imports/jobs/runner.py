"""Runs confirmed import jobs: claim with a lease, run outside any transaction, finish.

Imports are idempotent, so after a crash the lease (``heard_at``) runs out and another worker repeats the job.
``started_at`` is the token of the claim: a worker that lost its lease can no longer change the row.
"""

import json
import logging
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any

from django.core.files import File
from django.db import OperationalError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from signoff.imports.files.rejected import RejectedRowsFile
from signoff.imports.files.sniff import UnreadableFile
from signoff.imports.files.uploaded import Source, local_paths, open_source, require_encoding
from signoff.imports.formats.orders_json import find_orders
from signoff.imports.jobs.actions import reader_for
from signoff.imports.orders.run import ImportResult, import_orders
from signoff.models import OrderImport

logger = logging.getLogger(__name__)
LEASE = timedelta(minutes=5)  # opening a big spreadsheet takes minutes without a heartbeat
PROGRESS_SECONDS = 1.0  # seconds between heartbeats
MAX_TRIES = 3
State = OrderImport.State


class LeaseLost(Exception):
    """Another worker has claimed the job, or it was ended by hand."""


class Progress:
    """Counts lines read and saves the count every second, which is also the heartbeat of the lease."""

    def __init__(self, job: OrderImport, *, lines: int) -> None:
        self.job, self.done, self._saved_at = job, 0, monotonic()
        self._save(lines=lines)

    def add(self, count: int) -> None:
        """Raises ``LeaseLost``."""
        self.done += count
        if monotonic() - self._saved_at >= PROGRESS_SECONDS:
            self._save()

    def _save(self, **columns: int) -> None:
        self._saved_at = monotonic()
        if not leased_row(self.job).update(done=self.done, heard_at=timezone.now(), **columns):
            raise LeaseLost


def is_any_waiting(now: datetime | None = None) -> bool:
    """Whether a worker should be started: a job can run and no other one is running."""
    now = now or timezone.now()
    return not _running(now).exists() and _runnable(now).exists()


def run_waiting(now: datetime | None = None) -> int:
    """Run all waiting jobs, one after the other; returns how many ended."""
    ended = 0
    while (job := _claim(now or timezone.now())) is not None:
        if job.state == State.RUNNING and not _run(job):
            break
        ended += 1
    return ended


def _running(now: datetime) -> QuerySet[OrderImport]:
    return OrderImport.objects.filter(state=State.RUNNING, heard_at__gt=now - LEASE)


def _runnable(now: datetime) -> QuerySet[OrderImport]:
    """Jobs that wait or whose lease ran out, of shops without a running job: two imports would wait for each other."""
    waiting_or_abandoned = Q(state=State.WAITING) | Q(state=State.RUNNING, heard_at__lte=now - LEASE)
    return OrderImport.objects.filter(waiting_or_abandoned).exclude(Exists(_running(now).filter(shop=OuterRef("shop"))))


@transaction.atomic
def _claim(now: datetime) -> OrderImport | None:
    """Claim the next job for this worker; a job that has crashed ``MAX_TRIES`` workers is failed instead."""
    job = _runnable(now).select_for_update(of=["self"], skip_locked=True).select_related("shop").order_by("id").first()
    if job is None:
        return None
    tries = job.outcome.get("tries", 0) + 1
    if tries > MAX_TRIES:
        job.state, job.finished_at = State.FAILED, now
        job.problem = _("The import stopped and could not resume. Upload the file in smaller parts.")
    else:
        job.state, job.started_at, job.heard_at = State.RUNNING, now, timezone.now()
        job.done, job.outcome = 0, {"tries": tries}
    job.save()
    return job


def _run(job: OrderImport) -> bool:
    """Run the job; False if the database was unavailable, and the job waits again."""
    with translation.override(job.shop.language):
        try:
            _import_files(job)
        except UnreadableFile as why:
            _finish(job, state=State.FAILED, problem=str(why).replace("\x00", ""))
        except FileNotFoundError:
            _finish(job, state=State.FAILED, problem=_("The files have been deleted. Upload them again."))
        except OperationalError:
            logger.exception("Import %s could not go on and waits again", job.pk)
            leased_row(job).update(state=State.WAITING, heard_at=None, outcome={})
            return False
        except LeaseLost:
            logger.warning("Import %s was taken over by another worker", job.pk)
    return True


def _import_files(job: OrderImport) -> None:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="refused-")))
        paths = stack.enter_context(local_paths(job.files.order_by("pk")))
        source = open_source(*paths, encoding=job.encoding)
        require_encoding(source)
        reader = reader_for(job, source)
        progress = Progress(job, lines=reader.passes * _count_lines(source))
        rejected = RejectedRowsFile(folder / "refused.csv", fallback=folder, header=source.header)
        result = import_orders(
            reader, shop=job.shop, source=job.format, rejected_rows=rejected, on_progress=progress.add
        )
        if result.rejected_file:
            with result.rejected_file.open("rb") as file:
                job.refused.save("refused", File(file), save=False)
        _finish(job, state=State.DONE, outcome=result_as_json(result), refused=job.refused.name, done=progress.done)


def _count_lines(source: Source) -> int:
    """Lines to read in one pass; for JSON, orders."""
    return source.lines if source.tables else sum(1 for _order in find_orders(source))


def _finish(job: OrderImport, **columns: Any) -> None:
    """End the job, if the lease still holds; otherwise delete the file of rejected rows that nothing refers to."""
    if not leased_row(job).update(finished_at=timezone.now(), **columns):
        logger.warning("Import %s was ended by another worker", job.pk)
        job.refused.delete(save=False)


def result_as_json(result: ImportResult) -> dict[str, Any]:
    """The result as JSON for ``OrderImport.outcome``, without NUL characters, which PostgreSQL rejects."""
    values = {name: value for name, value in vars(result).items() if name not in ("rejected", "rejected_file")}
    values["refused"] = result.rejected  # the key in stored imports
    return json.loads(json.dumps(values, default=str).replace("\\u0000", ""))


def leased_row(job: OrderImport) -> QuerySet[OrderImport]:
    """The job's row, empty when this worker has lost its lease."""
    return OrderImport.objects.filter(pk=job.pk, state=OrderImport.State.RUNNING, started_at=job.started_at)
