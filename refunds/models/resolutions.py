"""Resolutions: versions of the plan of a case, with items and frozen amounts."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from refunds.models.triggers import Frozen
from returns.models import Case, Line
from returns.models.reasons import Remedy, instead_of
from returns.models.units import UnitsField
from signoff.models import ShippingCharge
from signoff.models.orders import money


class Resolution(models.Model):
    """One version of the plan of a case. The one in force has no ``superseded_at``.

    ``total`` is what the shopper gets back in money (order's currency, tax included). ``explanation`` is
    the frozen answer of ``refunds.money.quote``: a list of parts with kind, net, tax, gross and why. ``gateway`` is the
    way that a person chose for all payments, ``ways`` those for single ones (key of the payment → way); without,
    ``refunds.ways.rules.way_of`` says how each goes back. ``words`` go to the shopper with a counter-offer, once it is
    approved; when the shopper accepts it, it is the plan.
    """

    class Kind(models.TextChoices):
        PLAN = "plan", _("plan")
        OFFER = "offer", _("counter-offer")

    case = models.ForeignKey(Case, models.PROTECT, related_name="resolutions", verbose_name=_("case"))
    kind = models.CharField(_("kind"), max_length=5, choices=Kind, default=Kind.PLAN)
    goods_come_back = models.BooleanField(_("goods must be returned"), default=True)
    gateway = models.CharField(_("paid by"), max_length=20, blank=True, default="")
    ways = models.JSONField(_("ways of payment"), default=dict, blank=True)
    total = money(_("to refund"))
    explanation = models.JSONField(default=list)
    note = models.TextField(_("note for the approver"), blank=True)
    words = models.TextField(_("message to the shopper"), blank=True, default="", db_default="")
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("proposed by")
    )
    proposed_at = models.DateTimeField(_("proposed"))
    approved_at = models.DateTimeField(pgettext_lazy("time", "approved"), null=True, blank=True)
    superseded_at = models.DateTimeField(_("superseded"), null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("resolution")
        verbose_name_plural = _("resolutions")
        ordering = ["case", "proposed_at", "id"]
        indexes = [
            models.Index(
                fields=["proposed_by"],
                include=["case"],
                condition=Q(superseded_at__isnull=True, approved_at__isnull=True),
                name="resolution_open_of",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(superseded_at__isnull=True), name="one_resolution_in_force"
            ),
            models.CheckConstraint(condition=Q(total__gte=0), name="resolution_total_not_negative"),
        ]
        triggers = [
            Frozen(name="plan_terms", fields=("case", "total", "proposed_by", "proposed_at"), what="the terms of plan"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.total}"


class Item(models.Model):
    """One part of a plan: a remedy for units of a line, or money back for a shipping charge."""

    resolution = models.ForeignKey(Resolution, models.CASCADE, related_name="items", verbose_name=_("plan"))
    remedy = models.CharField(_("remedy"), max_length=12, choices=Remedy)
    line = models.ForeignKey(
        Line, models.PROTECT, null=True, blank=True, related_name="items", verbose_name=_("case item")
    )
    shipping = models.ForeignKey(
        ShippingCharge, models.PROTECT, null=True, blank=True, related_name="items", verbose_name=_("shipping charge")
    )
    quantity = models.PositiveIntegerField(_("quantity"), default=0)
    instead_item = models.CharField(_("item given instead"), max_length=200, blank=True, default="", db_default="")
    instead_option = models.CharField(_("option given instead"), max_length=120, blank=True, default="", db_default="")
    units = UnitsField(null=True, blank=True)
    net = money(_("net"), default=0)
    tax = money(_("tax"), default=0)
    gross = money(_("gross"), default=0)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("plan item")
        verbose_name_plural = _("items")
        ordering = ["resolution", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(line__isnull=False) ^ Q(shipping__isnull=False), name="item_of_line_or_shipping"
            ),
            models.CheckConstraint(condition=Q(gross=models.F("net") + models.F("tax")), name="item_adds_up"),
            models.CheckConstraint(condition=Q(gross__gte=0), name="item_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.get_remedy_display()} {self.gross}"

    @property
    def instead(self) -> str:
        """What an exchange gives, "" for the same again and for other remedies."""
        return instead_of(self.remedy, self.instead_item, self.instead_option)
