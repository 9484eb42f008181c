"""Messages to shoppers: templates, and one outbox row per message."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from feedback.models.conversation import Thread
from feedback.models.readings import MessageQuerySet
from returns.models import Case, LogEntry
from signoff.db.required import required
from signoff.models import Customer, Order, Parcel, Shop


class MessageTemplate(models.Model):
    """Text for one topic in one language; ``{{ … }}`` variables are filled when the message is made."""

    topic = models.CharField(_("topic"), max_length=40)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"))

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("message template")
        verbose_name_plural = _("message templates")
        ordering = ["topic", "language"]
        constraints = [models.UniqueConstraint(fields=["topic", "language"], name="one_template_per_language")]

    def __str__(self) -> str:
        return f"{self.topic} ({self.language})"


class Message(models.Model):
    """One message to one shopper about a case, a parcel or an inquiry, made and sent once (``topic``, ``dedupe_key``).

    ``text`` is stored; the HTML part is rendered from it when the message is sent.
    """

    class Status(models.TextChoices):
        QUEUED = "queued", _("waiting to be sent")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("not delivered")

    case = models.ForeignKey(
        Case, models.PROTECT, null=True, blank=True, related_name="messages", verbose_name=_("case")
    )
    parcel = models.ForeignKey(
        Parcel, models.PROTECT, null=True, blank=True, related_name="messages", verbose_name=_("parcel")
    )
    thread = models.ForeignKey(
        Thread, models.PROTECT, null=True, blank=True, related_name="messages", verbose_name=_("inquiry")
    )
    entry = models.ForeignKey(
        LogEntry, models.PROTECT, null=True, blank=True, related_name="messages", verbose_name=_("logbook entry")
    )
    topic = models.CharField(_("topic"), max_length=40)
    dedupe_key = models.CharField(max_length=80)
    language = models.CharField(_("language"), max_length=10)
    to = models.EmailField(_("to"), blank=True)
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("text"))
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    created_at = models.DateTimeField(_("created"))
    next_try_at = models.DateTimeField(_("next attempt"))
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    failure = models.CharField(_("why it failed"), max_length=250, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["topic", "dedupe_key"], name="one_message_per_event"),
            models.CheckConstraint(
                condition=models.Q(case__isnull=False, parcel=None, thread=None)
                | models.Q(case=None, entry=None, parcel__isnull=False, thread=None)
                | models.Q(case=None, entry=None, parcel=None, thread__isnull=False),
                name="message_about_one_thing",
            ),
        ]
        indexes = [
            models.Index(fields=["status", "next_try_at", "id"], name="message_outbox"),
            models.Index(fields=["-created_at", "-id"], name="message_newest"),
            GinIndex(OpClass(Upper("to"), name="gin_trgm_ops"), name="message_to_words"),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def matter(self) -> Case | Order:
        """The case, or the order of the parcel or inquiry: either has a number, a shop and a customer."""
        return self.case or (self.thread.order if self.thread else required(self.parcel).order)

    @property
    def shop(self) -> Shop:
        """The shop in whose name the message is sent."""
        return self.matter.shop

    @property
    def customer(self) -> Customer | None:
        """The recipient."""
        return self.matter.customer

    @property
    def about(self) -> str:
        """Case number, or token of the parcel or inquiry; with topic and ``seq`` the message's public name."""
        return self.dedupe_key.rpartition("/")[0]

    @property
    def seq(self) -> int:
        """Number of the logbook entry that caused it, or its number in the topic's or the inquiry's messages."""
        return int(self.dedupe_key.rpartition("/")[2])
