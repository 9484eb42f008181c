"""Record of the signed checkpoints, whose files are outside the database."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from signoff.db.triggers import append_only


class Checkpoint(models.Model):
    """Number and digest of one signed checkpoint, so that a lost, shortened or exchanged file is detected."""

    book = models.CharField(_("book"), max_length=20)
    number = models.PositiveIntegerField(_("number"))
    digest = models.CharField(max_length=64)
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("checkpoint")
        verbose_name_plural = _("checkpoints")
        ordering = ["book", "number"]
        constraints = [models.UniqueConstraint(fields=["book", "number"], name="one_checkpoint_per_number")]
        triggers = append_only("checkpoint")

    def __str__(self) -> str:
        return f"{self.book} {self.number}"
