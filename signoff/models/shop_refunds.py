"""Refunds that the shop or its platform made by itself, as its exports report them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from signoff.db.tokens import public_token
from signoff.models.orders import Payment, money


class ShopRefund(models.Model):
    """One refund of a payment that an import reported (amount in the order's currency).

    An import adds rows and never changes one; a report that is split keeps its sum. ``refunds`` decides the
    ``status`` of each: until then, and while it is unclear, the amount cannot be refunded here.
    """

    class Status(models.TextChoices):
        NEW = "new", pgettext_lazy("refund at the shop", "not compared yet")
        ELSEWHERE = "elsewhere", pgettext_lazy("refund at the shop", "in addition to ours")
        OURS = "ours", pgettext_lazy("refund at the shop", "the same as ours")
        UNCLEAR = "unclear", pgettext_lazy("refund at the shop", "perhaps the same as ours")
        EXCESS = "excess", pgettext_lazy("refund at the shop", "more than was paid")

    payment = models.ForeignKey(
        Payment, models.PROTECT, related_name="shop_refunds", db_index=False, verbose_name=_("payment")
    )
    token = models.CharField(max_length=32, unique=True, default=public_token, editable=False)
    amount = money(_("amount"))
    reference = models.CharField(_("reference"), max_length=120, blank=True)
    reported_at = models.DateTimeField(_("reported"))
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.NEW)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )

    class Meta:
        verbose_name = _("refund made by the shop")
        verbose_name_plural = _("refunds made by the shop")
        ordering = ["payment", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="shop_refund_positive"),
            models.CheckConstraint(
                condition=Q(status__in=["new", "elsewhere", "ours", "unclear", "excess"]),
                name="shop_refund_status_known",
            ),
        ]
        indexes = [
            models.Index(fields=["payment", "status"], name="shop_refund_payment"),
            models.Index(
                fields=["id"],
                include=["payment"],
                condition=Q(status__in=["new", "unclear", "excess"]),
                name="shop_refund_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.get_status_display()}"


#: what keeps a payment from paying out: the money may have gone back at the shop
BLOCKING = (ShopRefund.Status.NEW, ShopRefund.Status.UNCLEAR, ShopRefund.Status.EXCESS)
