"""Replacements: goods that are sent to the shopper."""

from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from refunds.models.resolutions import Item
from returns.models import Case
from signoff.models import Parcel


class ReplacementQuerySet(models.QuerySet["Replacement"]):
    def owed(self) -> "ReplacementQuerySet":
        """Goods to send; those of a plan that was stopped are not owed any more."""
        return self.filter(sent_at=None).filter(Q(item=None) | Q(item__resolution__superseded_at=None))


class Replacement(models.Model):
    """Units owed for an exchange, a repair or a resend, or goods sent back to the shopper; done once sent."""

    _history_user: User | None  # whom django-simple-history names in the next history row

    class Kind(models.TextChoices):
        EXCHANGE = "exchange", _("exchange")
        REPAIR = "repair", _("repaired goods")
        RESEND = "resend", _("resend")
        SEND_BACK = "send_back", _("goods sent back")

    case = models.ForeignKey(Case, models.PROTECT, related_name="replacements", verbose_name=_("case"))
    item = models.ForeignKey(
        Item, models.PROTECT, null=True, blank=True, related_name="replacements", verbose_name=_("plan item")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    sku = models.CharField(_("SKU"), max_length=80)
    title = models.CharField(_("item"), max_length=250)
    option = models.CharField(_("option"), max_length=120, blank=True, default="", db_default="")
    quantity = models.PositiveIntegerField(_("quantity"))
    parcel = models.ForeignKey(
        Parcel, models.PROTECT, null=True, blank=True, related_name="replacements", verbose_name=_("parcel")
    )
    owed_at = models.DateTimeField(_("to be sent since"), db_default=Now())
    sent_at = models.DateTimeField(pgettext_lazy("time", "sent"), null=True, blank=True)

    objects = ReplacementQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("shipment")
        verbose_name_plural = _("shipments")
        ordering = ["case", "id"]
        permissions = [("send_replacement", _("Can send shipments"))]
        indexes = [
            models.Index(fields=["case"], condition=Q(sent_at=None), name="replacement_owed"),
            models.Index(fields=["owed_at", "id"], condition=Q(sent_at=None), name="replacement_longest_owed"),
            models.Index(fields=["-sent_at", "-id"], condition=Q(sent_at__isnull=False), name="replacement_sent"),
        ]
        constraints = [models.CheckConstraint(condition=Q(quantity__gt=0), name="replacement_quantity_positive")]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.name}"

    @property
    def name(self) -> str:
        """What is sent, with its option where an exchange names one."""
        return ", ".join(filter(None, [self.title or self.sku, self.option]))
