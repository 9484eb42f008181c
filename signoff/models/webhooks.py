"""Outbox of webhooks: rows written in the transaction of the event they report."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from signoff.models.shops import Shop


class OutgoingWebhook(models.Model):
    """An event for one audience, unique by ``dedupe_key``.

    ``payload`` is the whole JSON body: public numbers, tokens, codes and times, no personal data. The sender
    decides on recipients and times.
    """

    class Audience(models.TextChoices):
        SHOP = "shop", _("the shop's system")
        CARRIER = "carrier", _("the carrier")

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="webhooks", verbose_name=_("shop"))
    audience = models.CharField(_("for"), max_length=8, choices=Audience)
    topic = models.CharField(_("topic"), max_length=40)
    dedupe_key = models.CharField(max_length=120)
    payload = models.JSONField(_("body"))
    created_at = models.DateTimeField(_("created"))
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)

    class Meta:
        verbose_name = _("webhook to send")
        verbose_name_plural = _("webhooks to send")
        constraints = [models.UniqueConstraint(fields=["topic", "dedupe_key"], name="one_webhook_per_event")]
        indexes = [models.Index(fields=["id"], condition=models.Q(sent_at=None), name="webhook_unsent")]

    def __str__(self) -> str:
        return f"{self.topic} {self.dedupe_key}"
