"""Approval tiers, and approvals of plans."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from refunds.models.resolutions import Resolution
from refunds.models.triggers import Frozen, NotByProposer
from signoff.models import Shop
from signoff.models.orders import money

#: without tiers, every plan needs the approval of one other person
WITHOUT_TIERS = 1


class ApprovalTier(models.Model):
    """From ``above`` (order's currency) on, ``approvers`` different people must approve; with 0 the system does."""

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="tiers", verbose_name=_("shop"))
    above = money(_("for plans over"), validators=[MinValueValidator(0)])
    approvers = models.PositiveSmallIntegerField(_("approvers needed"), default=1)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("approval tier")
        verbose_name_plural = _("approval tiers")
        ordering = ["shop", "above"]
        constraints = [
            models.UniqueConstraint(fields=["shop", "above"], name="one_tier_per_amount"),
            models.CheckConstraint(condition=Q(above__gte=0), name="tier_not_negative"),
        ]

    def __str__(self) -> str:
        return f"> {self.above}: {self.approvers}"


class Approval(models.Model):
    """One person's answer to one plan; never by the person who proposed it (constraint)."""

    class Answer(models.TextChoices):
        APPROVED = "approved", _("approved")
        SENT_BACK = "sent_back", _("sent back")
        REJECTED = "rejected", _("rejected")

    resolution = models.ForeignKey(Resolution, models.PROTECT, related_name="approvals", verbose_name=_("plan"))
    answer = models.CharField(_("answer"), max_length=10, choices=Answer)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("done by")
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("proposed by")
    )
    note = models.TextField(_("note"), blank=True)
    at = models.DateTimeField(_("when"))

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        ordering = ["resolution", "at"]
        indexes = [models.Index(fields=["-at", "-id"], condition=Q(by__isnull=False), name="approval_newest")]
        constraints = [
            models.UniqueConstraint(fields=["resolution", "by"], name="one_answer_per_approver"),
            models.CheckConstraint(
                condition=Q(by__isnull=True) | Q(proposed_by__isnull=True) | ~Q(by=F("proposed_by")),
                name="approver_is_not_proposer",
            ),
        ]
        triggers = [
            NotByProposer(name="approval_four_eyes", without_tiers=WITHOUT_TIERS),
            Frozen(
                name="approval_terms", fields=("resolution", "answer", "by", "proposed_by", "at"), what="the answer"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_answer_display()} {self.at:%Y-%m-%d}"
