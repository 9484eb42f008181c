"""Receipts of returned goods."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from returns.models import Case
from signoff.models import Parcel


class Receipt(models.Model):
    """Received goods of a case; ``counted`` is ``{case line id: units}``."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="receipts", verbose_name=_("case"))
    parcel = models.ForeignKey(
        Parcel, models.PROTECT, null=True, blank=True, related_name="receipts", verbose_name=_("parcel")
    )
    received_at = models.DateTimeField(pgettext_lazy("time", "received"))
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("received by")
    )
    counted = models.JSONField(_("counted"), default=dict)
    remarks = models.TextField(_("remarks"), blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("goods receipt")
        verbose_name_plural = _("goods receipts")
        ordering = ["case", "received_at"]

    def __str__(self) -> str:
        return f"{self.case_id} {self.received_at:%Y-%m-%d}"
