"""Bulk steps: one action on many rows of a list, and what became of each row."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from signoff.db.tokens import public_token


class BulkRun(models.Model):
    """One action on chosen rows: drafted, confirmed once, run, and shown with a result for each row.

    ``values`` is what was typed for all rows; it is emptied when the run ends, because it may hold personal text.
    While a worker runs it, ``heard_at`` advances; ``tries`` counts the workers that began.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("to be confirmed")
        WAITING = "waiting", _("waiting to start")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    token = models.CharField(max_length=32, unique=True, default=public_token, editable=False)
    list = models.CharField(_("list"), max_length=20)
    action = models.CharField(_("action"), max_length=20)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    language = models.CharField(_("language"), max_length=10)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.DRAFT)
    values = models.JSONField(default=dict)
    created_at = models.DateTimeField(_("created"))
    heard_at = models.DateTimeField(_("last activity"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("bulk step")
        verbose_name_plural = _("bulk steps")
        indexes = [
            models.Index(fields=["id"], condition=models.Q(state__in=["waiting", "running"]), name="bulk_to_be_run"),
            models.Index(fields=["created_at"], name="bulk_created"),
        ]

    def __str__(self) -> str:
        return self.token


class BulkItem(models.Model):
    """One row of a run. ``ref`` is the row's public name in its list, ``seen`` its version when it was chosen."""

    class Outcome(models.TextChoices):
        PENDING = "pending", _("not yet")
        DONE = "done", _("done")
        REFUSED = "refused", _("not done")
        MOVED = "moved", _("changed meanwhile")
        LEFT_OUT = "left_out", _("left out")

    run = models.ForeignKey(BulkRun, models.CASCADE, related_name="items", verbose_name=_("bulk step"))
    position = models.PositiveIntegerField()
    ref = models.CharField(max_length=120)
    label = models.CharField(max_length=160)
    url = models.CharField(max_length=200, blank=True)
    seen = models.PositiveIntegerField(null=True)
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    currency = models.CharField(max_length=3, blank=True)
    values = models.JSONField(default=dict)
    outcome = models.CharField(max_length=8, choices=Outcome, default=Outcome.PENDING)
    said = models.TextField(blank=True)

    class Meta:
        verbose_name = _("row of a bulk step")
        verbose_name_plural = _("rows of bulk steps")
        constraints = [models.UniqueConstraint(fields=["run", "position"], name="one_bulk_row_per_position")]
        indexes = [models.Index(fields=["run", "position"], condition=models.Q(outcome="pending"), name="bulk_pending")]

    def __str__(self) -> str:
        return self.label
