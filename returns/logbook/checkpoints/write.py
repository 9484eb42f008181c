"""Writing checkpoints: what the chains' heads are now, signed and kept outside the database."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from returns.logbook.checkpoints.files import Broken, Head, Seal, paths, seal_of, write
from returns.logbook.visible_transactions import oldest_running
from returns.models import Checkpoint, LogEntry
from signoff.models import SignOff

AT_ONCE = 2000


@dataclass(frozen=True)
class Book:
    """A book with chains. ``heads`` gives (key, number of the case or order, seq, hash) of the chains of these rows.

    ``rows`` tells what is new: its rows have the number of their transaction.
    """

    name: str
    rows: type[LogEntry | SignOff]
    heads: Callable[[QuerySet], QuerySet]
    count: Callable[[], int]


def _heads(entries: QuerySet[LogEntry]) -> QuerySet:
    return entries.order_by("case_id", "-seq").distinct("case_id").values_list("case_id", "case__number", "seq", "hash")


def _sign_offs(rows: QuerySet[SignOff]) -> QuerySet:
    return rows.order_by("pk").values_list("pk", "order__number", "seq", "hash")


LOGBOOK = Book("logbook", LogEntry, _heads, LogEntry.objects.count)
SIGN_OFFS = Book("sign_offs", SignOff, _sign_offs, SignOff.objects.count)


@transaction.atomic
def checkpoint(book: Book, *, now: datetime | None = None) -> Seal | None:
    """Pin the chains of ``book`` that have grown since the last checkpoint; None where none has.

    Where the last checkpoint is not there any more, or the server numbers its transactions anew because the
    database was moved, all chains are pinned. Two at once: the second does nothing.
    """
    if not _alone(book):
        return None
    folder = Path(settings.CHECKPOINT_DIR) / book.name
    known = _remember_new(book, folder)
    last = _last(folder, known)
    low, following, floor = _transactions(book)
    seal = Seal(
        book=book.name,
        number=max([known.number if known else 0, *paths(folder)]) + 1,
        at=(now or timezone.now()).astimezone(UTC).isoformat(),
        low=low,
        floor=max(floor, last.floor if last else 0),
        heads=0,
        entries=book.count(),
        previous=known.digest if known else "",
    )
    rows = book.rows.objects.all() if last is None or following < last.low else since(book, last)
    written = write(folder, seal, _as_heads(book.heads(rows)), key=str(settings.CHECKPOINT_KEY))
    if written:
        Checkpoint.objects.create(book=book.name, number=written.number, digest=written.digest, at=written.at)
    return written


def since(book: Book, seal: Seal) -> QuerySet:
    """Rows that ``seal`` need not cover; a few that it does may be among them."""
    return book.rows.objects.filter(id__gt=seal.floor, transaction__gte=seal.low)


def covers(seal: Seal, row: LogEntry | SignOff) -> bool:
    """Whether ``seal``, or one before it, must know ``row``; asked only while ``is_current``."""
    return row.pk <= seal.floor or row.transaction < seal.low


def is_current(seal: Seal) -> bool:
    """Whether transaction numbers of ``seal`` can be compared with today's; not after a restore into a new server."""
    return oldest_running()[1] >= seal.low


def _as_heads(rows: QuerySet) -> Iterator[Head]:
    for case, number, seq, digest in rows.iterator(AT_ONCE):
        yield Head(case, number, seq, digest)


def _alone(book: Book) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext(%s))", [f"checkpoint {book.name}"])
        return cursor.fetchone()[0]


def _remember_new(book: Book, folder: Path) -> Checkpoint | None:
    """The newest checkpoint; files that the database has no row for get one."""
    known = Checkpoint.objects.filter(book=book.name).last()
    for number, path in paths(folder).items():
        if number > (known.number if known else 0):
            try:
                seal = seal_of(path, key=str(settings.CHECKPOINT_KEY))
            except Broken:
                continue
            known = Checkpoint.objects.create(book=book.name, number=number, digest=seal.digest, at=seal.at)
    return known


def _last(folder: Path, known: Checkpoint | None) -> Seal | None:
    """The seal of the newest checkpoint in the database, if its file is there and intact."""
    path = paths(folder).get(known.number) if known else None
    try:
        seal = seal_of(path, key=str(settings.CHECKPOINT_KEY)) if path else None
    except Broken:
        return None
    return seal if known and seal and seal.digest == known.digest else None


def _transactions(book: Book) -> tuple[int, int, int]:
    """The oldest transaction that may still write, the number the next one gets, and ``floor``.

    No row can have a number that was not given yet, unless the server began to count anew: the greatest id
    of those is the last row from before.
    """
    low, following = oldest_running()
    before = book.rows.objects.filter(transaction__gte=following).aggregate(last=Max("id"))["last"]
    return low, following, before or 0
