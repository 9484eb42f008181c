"""Files of orders: sent in, understood, confirmed or thrown away. A worker runs them (``import_jobs``)."""

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
from signoff.imports.files.uploaded import Source, open_head, safe_name
from signoff.imports.formats.generic import Generic
from signoff.imports.formats.mapping import ColumnMapping
from signoff.imports.formats.registry import FORMATS, recognise
from signoff.imports.orders.parsed import Reader
from signoff.jobs import wake
from signoff.models import ImportFile, OrderImport, SavedMapping, Shop

TABLE = "table"  # what a source is called that only somebody's mapping explains
KEPT = timedelta(days=30)
MOST_IN_TITLES = 2000  # bytes; an index takes no more, and such a table will not come again

State = OrderImport.State


class TooLate(Exception):
    """Somebody was faster; a sentence for the desk."""


def send(files: Sequence[UploadedFile], *, shop: Shop, by: User, now: datetime | None = None) -> OrderImport:
    """Keep the files and see what they are; what only a mapping explains gets the one that was used last.

    Raises ``Unreadable`` where they are nothing of ours, and then nothing is kept.
    """
    with ExitStack() as undo, transaction.atomic():
        sent = OrderImport.objects.create(shop=shop, sent_by=by, sent_at=now or timezone.now())
        for upload in files:
            one = ImportFile(of=sent, name=safe_name(upload.name or ""), bytes=upload.size or 0)
            one.file.save(one.name, upload)
            undo.callback(one.file.storage.delete, one.file.name)
        _understand(sent)
        sent.save()
        undo.pop_all()
    return sent


@transaction.atomic
def choose_mapping(sent: OrderImport, *, recipe: ColumnMapping) -> OrderImport:
    """The columns of the table mean this. Raises ``TooLate``."""
    sent = _locked(sent, State.SENT)
    sent.format, sent.recipe = TABLE, asdict(recipe)
    sent.save()
    return sent


@transaction.atomic
def confirm(sent: OrderImport, *, by: User, now: datetime | None = None) -> OrderImport:
    """Let a worker run it; a mapping is kept for the next table with the same titles.

    Raises ``TooLate``, and ``Unreadable`` where the mapping is not complete.
    """
    sent = _locked(sent, State.SENT)
    if sent.format == TABLE:
        with open_head(sent.files.order_by("pk")) as head:
            reader_of(sent, head.source)
            _remember(sent, titles=head.source.header, by=by, now=now or timezone.now())
    sent.state = State.WAITING
    sent.save()
    transaction.on_commit(wake, robust=True)
    return sent


@transaction.atomic
def drop(sent: OrderImport, *, now: datetime | None = None) -> OrderImport:
    """Throw it away before it has begun, with its files. Raises ``TooLate``."""
    sent = _locked(sent, State.SENT, State.WAITING)
    sent.state, sent.finished_at = State.DROPPED, now or timezone.now()
    sent.save()
    transaction.on_commit(lambda: _empty(sent))
    return sent


def forget_old(now: datetime | None = None) -> int:
    """Empty the files of imports that were over, or left lying, a month ago; returns how many imports."""
    now = now or timezone.now()
    before = now - KEPT
    old = OrderImport.objects.filter(Q(finished_at__lt=before) | Q(state=State.SENT, sent_at__lt=before))
    full = list(old.filter(Q(files__file__gt="") | Q(refused__gt="")).distinct())
    for one in full:
        left_lying = OrderImport.objects.filter(pk=one.pk, state=State.SENT)
        if one.state != State.SENT or left_lying.update(state=State.DROPPED, finished_at=now):
            _empty(one)
    return len(full)


def reader_of(sent: OrderImport, source: Source) -> Reader:
    """How its files are read. Raises ``Unreadable``."""
    if sent.format == TABLE:
        return Generic(source, ColumnMapping(**(sent.recipe or {"columns": {}})))
    return FORMATS[sent.format](source)


def _locked(sent: OrderImport, *states: str) -> OrderImport:
    found = OrderImport.objects.select_for_update(of=["self"]).select_related("shop").get(pk=sent.pk)
    if found.state not in states:
        raise TooLate(_("Somebody was faster: the import is now “%(state)s”.") % {"state": found.get_state_display()})
    return found


def _understand(sent: OrderImport) -> None:
    with open_head(sent.files.order_by("pk")) as head:
        source = head.source
        try:
            sent.format = recognise(source).key
        except UnreadableFile:
            if len(source.tables) != 1 or source.documents:
                raise
            sent.format, sent.recipe = TABLE, _remembered(sent.shop, source.header)
        if sent.recipe or sent.format != TABLE:
            reader_of(sent, source)


def _remembered(shop: Shop, titles: Sequence[str]) -> Mapping[str, Any]:
    known = SavedMapping.objects.filter(shop=shop, titles=_keepable(titles)).first()
    return known.recipe if known else {}


def _remember(sent: OrderImport, *, titles: Sequence[str], by: User, now: datetime) -> None:
    titles = _keepable(titles)
    if not titles or sum(len(title.encode()) + 4 for title in titles) > MOST_IN_TITLES:
        return
    known = SavedMapping.objects.select_for_update().filter(shop=sent.shop, titles=titles).first()
    mapping = known or SavedMapping(shop=sent.shop, titles=titles)
    if mapping.recipe != sent.recipe:
        mapping.recipe = sent.recipe
        save_with_history(mapping, by=by, now=now)


def _keepable(titles: Sequence[str]) -> list[str]:
    return [title.replace("\x00", "") for title in titles]


def _empty(sent: OrderImport) -> None:
    for one in sent.files.exclude(file=""):
        one.file.delete(save=True)
    if sent.refused:
        sent.refused.delete(save=False)
        OrderImport.objects.filter(pk=sent.pk).update(refused="")
