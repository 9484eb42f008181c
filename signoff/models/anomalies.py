"""Order anomalies: incomplete or contradictory orders, queued for the desk."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from signoff.models.orders import Order


class OrderAnomalyQuerySet(models.QuerySet["OrderAnomaly"]):
    def open(self) -> "OrderAnomalyQuerySet":
        """Anomalies that are not settled."""
        return self.filter(settled_at=None)

    def tab(self, name: str) -> "OrderAnomalyQuerySet":
        """Open anomalies of a kind, ``all`` open ones, or the ``settled`` ones."""
        if name == "settled":
            return self.exclude(settled_at=None)
        return self.open().filter(kind=name) if name in OrderAnomaly.Kind.values else self.open()

    def for_list(self) -> "OrderAnomalyQuerySet":
        """Joined with order, shop, customer and settler."""
        return self.select_related("order__shop", "order__customer", "settled_by")


class OrderAnomaly(models.Model):
    """An anomaly found on import. ``facts`` has amounts as strings and positions of lines, no personal data."""

    class Kind(models.TextChoices):
        ADDRESS = "address", _("address incomplete")
        UNPAID = "unpaid", _("not paid in full")
        TOTALS = "totals", _("totals do not add up")
        ARTICLE = "article", _("line without SKU")
        REFUNDED = "refunded", _("refunded at the shop")
        OVERPAID = "overpaid", _("refunded twice")
        CONTACT = "contact", _("nobody can be written to")
        EMAIL = "email", _("e-mail address unclear")

    order = models.ForeignKey(Order, models.CASCADE, related_name="anomalies", verbose_name=_("order"))
    kind = models.CharField(_("anomaly"), max_length=10, choices=Kind)
    facts = models.JSONField(_("details"), default=dict, blank=True)
    found_at = models.DateTimeField(_("found"))
    settled_at = models.DateTimeField(_("handled"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("handled by")
    )
    words = models.TextField(_("note"), blank=True)

    objects = OrderAnomalyQuerySet.as_manager()

    class Meta:
        verbose_name = _("anomaly of an order")
        verbose_name_plural = _("anomalies of orders")
        constraints = [models.UniqueConstraint(fields=["order", "kind"], name="one_anomaly_per_kind")]
        indexes = [
            models.Index(fields=["-found_at", "-id"], name="anomaly_newest"),
            models.Index(fields=["kind", "id"], condition=models.Q(settled_at=None), name="anomaly_open"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.order_id}"
