"""The logbook of a case: numbered entries in a hash chain, append-only."""

from django.conf import settings
from django.db import models
from django.db.models import Func
from django.utils.translation import gettext_lazy as _

from returns.models.cases import Case
from signoff.db.triggers import append_only


class LogEntry(models.Model):
    """One event of a case. ``hash`` = sha256(previous hash ‖ canonical JSON of what ``entry_hash`` lists).

    ``facts`` holds ids and figures, never personal data. ``by`` is empty for the system and, with
    ``by_shopper``, for the shopper. ``history_digest`` pins the case's history row of a step, and ``history_id``
    says where it is. ``digests`` pins other records of that moment, see ``returns.logbook.digests``.
    ``transaction`` is PostgreSQL's number of the transaction that wrote the entry: readers order by
    it and stay behind the oldest running one, so that none is missed. No hash covers it, nor any key of these rows.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="log", verbose_name=_("case"))
    seq = models.PositiveIntegerField()
    at = models.DateTimeField(_("when"))
    verb = models.CharField(_("event"), max_length=40)
    source = models.CharField(max_length=20)
    target = models.CharField(max_length=20)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("done by")
    )
    by_shopper = models.BooleanField(default=False)
    reason = models.TextField(_("why"), blank=True)
    facts = models.JSONField(default=dict)
    history_id = models.BigIntegerField(null=True)
    history_digest = models.CharField(max_length=64, blank=True)
    digests = models.JSONField(default=dict, db_default={})
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)
    transaction = models.BigIntegerField(db_default=Func(function="txid_current"), editable=False)

    class Meta:
        verbose_name = _("logbook entry")
        verbose_name_plural = _("logbook")
        ordering = ["case", "seq"]
        constraints = [models.UniqueConstraint(fields=["case", "seq"], name="one_entry_per_number")]
        indexes = [models.Index(fields=["transaction", "id"], name="logbook_reading")]
        triggers = append_only("logbook")

    def __str__(self) -> str:
        return f"{self.case_id}/{self.seq} {self.verb}"


class ReadingPlace(models.Model):
    """How far a reader of the logbook has come: entries are read in the order (transaction, id)."""

    reader = models.CharField(max_length=40, unique=True)
    transaction = models.BigIntegerField(default=0)
    entry = models.BigIntegerField(default=0)

    class Meta:
        db_table = "feedback_readingplace"  # feedback made the table; a new name would lock it for nothing

    def __str__(self) -> str:
        return f"{self.reader}: {self.transaction}/{self.entry}"
