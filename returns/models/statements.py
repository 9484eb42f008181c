"""Free text of staff and shoppers. It can be erased; logbook entries only refer to it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from returns.models.cases import Case


class Statement(models.Model):
    """Words of staff (``by``) or of the shopper (``by`` empty), which belong to logbook entry ``seq`` of the case."""

    class Topic(models.TextChoices):
        QUESTION = "question", _("question to the shopper")
        ANSWER = "answer", _("shopper's answer")
        REFUSAL = "refusal", _("reason for rejection")
        APPEAL = "appeal", _("shopper's appeal")
        OFFER = "offer", _("counter-offer")
        REPLY = "reply", _("reply to the offer")
        REOPENING = "reopening", _("what is still wrong")
        APPRAISAL = "appraisal", _("appraisal")
        NOTE = "note", _("internal note")

    case = models.ForeignKey(Case, models.PROTECT, related_name="statements", verbose_name=_("case"))
    seq = models.PositiveIntegerField()
    topic = models.CharField(_("topic"), max_length=10, choices=Topic)
    words = models.TextField(_("comment"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("done by")
    )
    said_at = models.DateTimeField(_("written on"))

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        ordering = ["case", "seq"]

    def __str__(self) -> str:
        return f"{self.get_topic_display()} {self.said_at:%Y-%m-%d}"
