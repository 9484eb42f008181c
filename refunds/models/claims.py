"""Claims against carriers and suppliers, one for each confirmed violation."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from signoff.models import Violation
from signoff.models.orders import money


class Claim(models.Model):
    """Money that a carrier, seller, warehouse or supplier owes for a violation; its collection is not recorded yet."""

    violation = models.OneToOneField(Violation, models.PROTECT, related_name="claim", verbose_name=_("violation"))
    against = models.CharField(_("against"), max_length=80)
    amount = money(_("amount"))
    currency = models.CharField(_("currency"), max_length=3)
    booked_at = models.DateTimeField(_("booked"))

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        indexes = [
            models.Index(fields=["-booked_at", "-id"], name="claim_newest"),
            models.Index(fields=["amount", "id"], name="claim_by_amount"),
        ]
        constraints = [models.CheckConstraint(condition=models.Q(amount__gte=0), name="claim_not_negative")]

    def __str__(self) -> str:
        return f"{self.against} {self.amount} {self.currency}"
