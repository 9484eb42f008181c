"""Running the imports that wait: claim, run outside any transaction with signs of life, settle.

Imports can be run again without harm, so a worker that died leaves nothing to mend: its lease runs out and
another begins anew. ``started_at`` is the token of a claim: a worker that was given up changes nothing any more.
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
from signoff.imports.files.uploaded import Source, local_paths, open_source
from signoff.imports.formats.orders_json import orders_in
from signoff.imports.jobs.actions import reader_of
from signoff.imports.orders.run import ImportResult, import_orders
from signoff.models import OrderImport

logger = logging.getLogger(__name__)
LEASE = timedelta(minutes=5)  # longer than a worker may be silent: a big spreadsheet is opened in one go
BEAT = 1.0  # seconds between signs of life
TRIES = 3
State = OrderImport.State


class GivenUp(Exception):
    """Another worker has taken the import over, or it was ended by hand."""


class Progress:
    """Lines read, told to the row from time to time; that is the worker's sign of life too."""

    def __init__(self, claimed: OrderImport, *, lines: int) -> None:
        self.claimed, self.done, self._told = claimed, 0, monotonic()
        self._tell(lines=lines)

    def add(self, count: int) -> None:
        """Raises ``GivenUp``."""
        self.done += count
        if monotonic() - self._told >= BEAT:
            self._tell()

    def _tell(self, **columns: int) -> None:
        self._told = monotonic()
        if not mine(self.claimed).update(done=self.done, heard_at=timezone.now(), **columns):
            raise GivenUp


def is_any_waiting(now: datetime | None = None) -> bool:
    """Whether a worker should be sent: something waits and nobody is at work on anything."""
    now = now or timezone.now()
    return not _at_work(now).exists() and _due(now).exists()


def run_waiting(now: datetime | None = None) -> int:
    """Run what waits, one import after the other; returns how many came to an end."""
    ended = 0
    while (claimed := _claim(now or timezone.now())) is not None:
        if claimed.state == State.RUNNING and not _run(claimed):
            break
        ended += 1
    return ended


def _at_work(now: datetime) -> QuerySet[OrderImport]:
    return OrderImport.objects.filter(state=State.RUNNING, heard_at__gt=now - LEASE)


def _due(now: datetime) -> QuerySet[OrderImport]:
    """Those that wait or were left behind, of shops into which nobody is importing just now."""
    left = Q(state=State.WAITING) | Q(state=State.RUNNING, heard_at__lte=now - LEASE)
    return OrderImport.objects.filter(left).exclude(Exists(_at_work(now).filter(shop=OuterRef("shop"))))


@transaction.atomic
def _claim(now: datetime) -> OrderImport | None:
    """The next one, leased to this worker; ended, where it has taken several workers down with it."""
    one = _due(now).select_for_update(of=["self"], skip_locked=True).select_related("shop").order_by("id").first()
    if one is None:
        return None
    tries = one.outcome.get("tries", 0) + 1
    if tries > TRIES:
        one.state, one.finished_at = State.FAILED, now
        one.problem = _("The workers that ran it did not come back. Send the file in smaller parts.")
    else:
        one.state, one.started_at, one.heard_at = State.RUNNING, now, timezone.now()
        one.done, one.outcome = 0, {"tries": tries}
    one.save()
    return one


def _run(claimed: OrderImport) -> bool:
    """Whether it came to an end; what cannot go on just now waits again."""
    with translation.override(claimed.shop.language):
        try:
            _import(claimed)
        except UnreadableFile as why:
            _settle(claimed, state=State.FAILED, problem=str(why).replace("\x00", ""))
        except FileNotFoundError:
            _settle(claimed, state=State.FAILED, problem=_("The files are gone. Send them once more."))
        except OperationalError:
            logger.exception("Import %s could not go on and waits again", claimed.pk)
            mine(claimed).update(state=State.WAITING, heard_at=None, outcome={})
            return False
        except GivenUp:
            logger.warning("Import %s was taken over by another worker", claimed.pk)
    return True


def _import(claimed: OrderImport) -> None:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="refused-")))
        source = open_source(*stack.enter_context(local_paths(claimed.files.order_by("pk"))))
        reader = reader_of(claimed, source)
        progress = Progress(claimed, lines=reader.passes * _lines(source))
        refused = RejectedRowsFile(folder / "refused.csv", fallback=folder, header=source.header)
        outcome = import_orders(
            reader, shop=claimed.shop, source=claimed.format, rejected_rows=refused, on_progress=progress.add
        )
        if outcome.rejected_file:
            with outcome.rejected_file.open("rb") as file:
                claimed.refused.save("refused", File(file), save=False)
        _settle(claimed, state=State.DONE, outcome=as_kept(outcome), refused=claimed.refused.name, done=progress.done)


def _lines(source: Source) -> int:
    """How much there is to read in one pass; of JSON the orders are counted."""
    return source.lines if source.tables else sum(1 for _order in orders_in(source))


def _settle(claimed: OrderImport, **columns: Any) -> None:
    """Unless it is not ours any more; then no file of refused rows is left behind."""
    if not mine(claimed).update(finished_at=timezone.now(), **columns):
        logger.warning("Import %s was ended by another worker", claimed.pk)
        claimed.refused.delete(save=False)


def as_kept(outcome: ImportResult) -> dict[str, Any]:
    """Counts, money and figures as JSON that PostgreSQL keeps."""
    kept = {name: value for name, value in vars(outcome).items() if name not in ("rejected", "rejected_file")}
    kept["refused"] = outcome.rejected  # the key in stored imports
    return json.loads(json.dumps(kept, default=str).replace("\\u0000", ""))


def mine(claimed: OrderImport) -> QuerySet[OrderImport]:
    """The row, as long as it is this worker's."""
    return OrderImport.objects.filter(pk=claimed.pk, state=OrderImport.State.RUNNING, started_at=claimed.started_at)
