"""Actions on import jobs: upload, choose the mapping, confirm, discard. A worker runs them (``runner``)."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from signoff.db.history import save_with_history
from signoff.imports.files.sniff import UnreadableFile
from signoff.imports.files.uploaded import Source, open_head, require_encoding, safe_name
from signoff.imports.formats.generic import MappedTableReader
from signoff.imports.formats.mapping import ColumnMapping
from signoff.imports.formats.registry import FORMATS, NotOrders, recognise
from signoff.imports.orders.parsed import Reader
from signoff.jobs import wake
from signoff.models import ImportFile, OrderImport, SavedMapping, Shop

TABLE = "table"  # the format key of a table that needs a column mapping
KEEP_FILES_FOR = timedelta(days=30)
MAX_TITLE_BYTES = 2000  # PostgreSQL's limit for an index entry is about 2,700 bytes

State = OrderImport.State


class StateChanged(Exception):
    """The job's state has changed meanwhile; the message is a sentence for the desk."""


def upload(files: Sequence[UploadedFile], *, shop: Shop, by: User, now: datetime | None = None) -> OrderImport:
    """Store the files and detect their format; an unknown table gets the mapping last used for the same titles.

    Raises ``UnreadableFile``; then neither rows nor files are left behind.
    """
    # a rollback does not remove stored files, so the stack does
    with ExitStack() as cleanup, transaction.atomic():
        job = OrderImport.objects.create(shop=shop, sent_by=by, sent_at=now or timezone.now())
        for file in files:
            stored_file = ImportFile(of=job, name=safe_name(file.name or ""), bytes=file.size or 0)
            stored_file.file.save(stored_file.name, file)
            cleanup.callback(stored_file.file.delete, save=False)
        _detect_format(job)
        job.save()
        cleanup.pop_all()
    return job


@transaction.atomic
def choose_mapping(job: OrderImport, *, mapping: ColumnMapping) -> OrderImport:
    """Set what the columns of the table mean. Raises ``StateChanged``."""
    job = _lock(job, State.SENT)
    job.format, job.recipe = TABLE, asdict(mapping)
    job.save()
    return job


@transaction.atomic
def choose_encoding(job: OrderImport, *, encoding: str) -> OrderImport:
    """Set the encoding of the text files and detect their format again. Raises ``StateChanged``, ``UnreadableFile``."""
    job = _lock(job, State.SENT)
    job.encoding, job.recipe = encoding, {}
    _detect_format(job)
    job.save()
    return job


@transaction.atomic
def confirm(job: OrderImport, *, by: User, now: datetime | None = None) -> OrderImport:
    """Queue the job for a worker and save its mapping for the next table with the same titles.

    Raises ``StateChanged``, and ``UnreadableFile`` for an incomplete mapping or an encoding that is not decided.
    """
    job = _lock(job, State.SENT)
    with open_head(job.files.order_by("pk"), encoding=job.encoding) as head:
        require_encoding(head.source)
        if job.format == TABLE:
            reader_for(job, head.source)
            _save_mapping(job, titles=head.source.header, by=by, now=now or timezone.now())
    job.state = State.WAITING
    job.save()
    transaction.on_commit(wake, robust=True)
    return job


@transaction.atomic
def discard(job: OrderImport, *, now: datetime | None = None) -> OrderImport:
    """Discard a job that has not started, with its files. Raises ``StateChanged``."""
    job = _lock(job, State.SENT, State.WAITING)
    job.state, job.finished_at = State.DROPPED, now or timezone.now()
    job.save()
    transaction.on_commit(lambda: _delete_files(job))  # after a rollback the files are still needed
    return job


def delete_old_files(now: datetime | None = None) -> int:
    """Delete the files of jobs that ended, or were never confirmed, a month ago; returns the number of jobs."""
    now = now or timezone.now()
    limit = now - KEEP_FILES_FOR
    expired = OrderImport.objects.filter(Q(finished_at__lt=limit) | Q(state=State.SENT, sent_at__lt=limit))
    with_files = list(expired.filter(Q(files__file__gt="") | Q(refused__gt="")).distinct())
    for job in with_files:
        unconfirmed = OrderImport.objects.filter(pk=job.pk, state=State.SENT)
        if job.state != State.SENT or unconfirmed.update(state=State.DROPPED, finished_at=now):
            _delete_files(job)
    return len(with_files)


def reader_for(job: OrderImport, source: Source) -> Reader:
    """The reader of the job's format. Raises ``UnreadableFile``."""
    if job.format == TABLE:
        return MappedTableReader(source, ColumnMapping(**(job.recipe or {"columns": {}})))
    return FORMATS[job.format](source)


def _lock(job: OrderImport, *states: str) -> OrderImport:
    locked = OrderImport.objects.select_for_update(of=["self"]).select_related("shop").get(pk=job.pk)
    if locked.state not in states:
        raise StateChanged(
            _("A colleague has already changed this import; it is now “%(state)s”.")
            % {"state": locked.get_state_display()}
        )
    return locked


def _detect_format(job: OrderImport) -> None:
    with open_head(job.files.order_by("pk"), encoding=job.encoding) as head:
        source = head.source
        try:
            job.format = recognise(source).key
        except NotOrders:
            raise
        except UnreadableFile:
            if len(source.tables) != 1 or source.documents:
                raise
            job.format, job.recipe = TABLE, _saved_recipe(job.shop, source.header)
        if job.recipe or job.format != TABLE:
            reader_for(job, source)


def _saved_recipe(shop: Shop, titles: Sequence[str]) -> Mapping[str, Any]:
    mapping = SavedMapping.objects.filter(shop=shop, titles=_without_nul(titles)).first()
    return mapping.recipe if mapping else {}


def _save_mapping(job: OrderImport, *, titles: Sequence[str], by: User, now: datetime) -> None:
    titles = _without_nul(titles)
    if not titles or sum(len(title.encode()) + 4 for title in titles) > MAX_TITLE_BYTES:
        return
    existing = SavedMapping.objects.select_for_update().filter(shop=job.shop, titles=titles).first()
    mapping = existing or SavedMapping(shop=job.shop, titles=titles)
    if mapping.recipe != job.recipe:
        mapping.recipe = job.recipe
        save_with_history(mapping, by=by, now=now)


def _without_nul(titles: Sequence[str]) -> list[str]:
    return [title.replace("\x00", "") for title in titles]


def _delete_files(job: OrderImport) -> None:
    for stored_file in job.files.exclude(file=""):
        stored_file.file.delete(save=True)
    if job.refused:
        job.refused.delete(save=False)
        OrderImport.objects.filter(pk=job.pk).update(refused="")
