"""Messages of tracking services, stored as received until they are processed."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TrackingMessage(models.Model):
    """A message rightly signed, once (``digest`` is the SHA-256 of ``body``); ``body`` is emptied when it is read."""

    provider = models.CharField(_("service"), max_length=20)
    digest = models.CharField(max_length=64)
    body = models.BinaryField()
    received_at = models.DateTimeField(_("received"))
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    parcels = models.PositiveIntegerField(_("parcels"), default=0)
    problem = models.CharField(_("why it was not read"), max_length=250, blank=True)

    class Meta:
        verbose_name = _("tracking message")
        verbose_name_plural = _("tracking messages")
        constraints = [models.UniqueConstraint(fields=["provider", "digest"], name="tracking_message_once")]
        indexes = [models.Index(fields=["id"], condition=models.Q(read_at=None), name="tracking_message_unread")]

    def __str__(self) -> str:
        return f"{self.provider} {self.pk}"
