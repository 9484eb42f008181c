"""Appraisals: an expert's opinion before the goods are sent."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from returns.models import Case


class Appraisal(models.Model):
    """An expert's opinion, based on the evidence alone."""

    class Verdict(models.TextChoices):
        DEFECTIVE = "defective", _("defective")
        DAMAGED_IN_TRANSIT = "damaged_in_transit", _("damaged in transit")
        MISUSE = "misuse", _("misuse")
        AS_DESCRIBED = "as_described", _("as described")
        CANNOT_TELL = "cannot_tell", _("cannot tell")

    case = models.ForeignKey(Case, models.PROTECT, related_name="appraisals", verbose_name=_("case"))
    verdict = models.CharField(_("verdict"), max_length=20, choices=Verdict)
    words = models.TextField(_("notes"))
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("appraised by")
    )
    given_at = models.DateTimeField(_("appraised on"))

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("appraisal")
        verbose_name_plural = _("appraisals")
        ordering = ["case", "given_at"]

    def __str__(self) -> str:
        return self.get_verdict_display()
