"""Order imports: uploaded files, their column mapping, and the progress of the import."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from signoff.db.tokens import public_token
from signoff.models.shops import Shop


def import_path(_row: Any, _name: str) -> str:
    """A random path; the uploaded file's name is stored in the row and never used as a path."""
    name = uuid.uuid4().hex
    return f"imports/{name[:2]}/{name}"


class SavedMapping(models.Model):
    """Column mapping of a shop's own table; recognised by the table's ``titles``.

    ``recipe`` is ``signoff.imports.formats.mapping.ColumnMapping`` as a mapping of its fields.
    """

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="mappings", verbose_name=_("shop"))
    titles = ArrayField(models.TextField(), verbose_name=_("columns of the table"))
    recipe = models.JSONField(_("meaning of the columns"))

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("mapping of columns")
        verbose_name_plural = _("mappings of columns")
        constraints = [models.UniqueConstraint(fields=["shop", "titles"], name="one_mapping_per_table")]

    def __str__(self) -> str:
        return ", ".join(self.titles)[:80]


class OrderImportQuerySet(models.QuerySet["OrderImport"]):
    def with_files(self) -> "OrderImportQuerySet":
        """With user, shop, and the files in the order of their upload."""
        files = models.Prefetch("files", ImportFile.objects.order_by("pk"))
        return self.select_related("shop", "sent_by").prefetch_related(files)


class OrderImport(models.Model):
    """One import: uploaded, previewed, run by a worker, and reported.

    ``format`` is a key of ``signoff.imports.formats.registry.FORMATS``, or ``table`` with ``recipe``. ``encoding`` is
    Python's name of the one that a person has chosen for the text files; empty for the one detected.
    While it runs, ``done`` of ``lines`` (counted once for each pass) and ``heard_at`` advance; they stop if the worker
    dies. ``outcome`` has the counts, ``problem`` a sentence if the file could not be read at all.
    """

    class State(models.TextChoices):
        SENT = "sent", _("to be previewed")
        WAITING = "waiting", _("waiting to start")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        DROPPED = "dropped", _("discarded")

    token = models.CharField(max_length=32, unique=True, default=public_token, editable=False)
    shop = models.ForeignKey(Shop, models.PROTECT, related_name="imports", verbose_name=_("shop"))
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("uploaded by")
    )
    sent_at = models.DateTimeField(_("uploaded at"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.SENT)
    format = models.CharField(_("format"), max_length=20, blank=True)
    recipe = models.JSONField(_("mapping"), default=dict, blank=True)
    encoding = models.CharField(_("encoding"), max_length=12, blank=True, default="", db_default="")
    lines = models.PositiveBigIntegerField(_("number of rows"), default=0)
    done = models.PositiveBigIntegerField(_("lines read"), default=0)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    heard_at = models.DateTimeField(_("last activity"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    outcome = models.JSONField(_("result"), default=dict, blank=True)
    problem = models.TextField(_("reason for failure"), blank=True)
    refused = models.FileField(_("rejected rows"), upload_to=import_path, max_length=200, blank=True)

    objects = OrderImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import of orders")
        verbose_name_plural = _("imports of orders")
        permissions = [("import_orders", _("Can import orders"))]
        indexes = [
            models.Index(fields=["-sent_at", "-id"], name="import_newest"),
            models.Index(fields=["id"], condition=models.Q(state__in=["waiting", "running"]), name="import_to_be_run"),
        ]

    def __str__(self) -> str:
        return f"{self.shop} {self.sent_at:%Y-%m-%d %H:%M}"


class ImportFile(models.Model):
    """An uploaded file, unchanged; ``file`` is emptied a month after the end of the import."""

    of = models.ForeignKey(OrderImport, models.CASCADE, related_name="files", verbose_name=_("import"))
    name = models.CharField(_("name"), max_length=255)
    bytes = models.PositiveBigIntegerField(_("bytes"))
    file = models.FileField(_("file"), upload_to=import_path, max_length=200, blank=True)

    class Meta:
        verbose_name = _("file of an import")
        verbose_name_plural = _("files of imports")

    def __str__(self) -> str:
        return self.name
