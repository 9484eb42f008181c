"""E-mails from outside: the addresses that replies go to, and the mails that arrived."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from feedback.models.conversation import Post, Thread
from returns.models import Case
from signoff.db.encrypted import EncryptedText
from signoff.models import Order


class ReplyAddress(models.Model):
    """The random part of the address that answers to mails about one case or one order go to.

    ``token`` is encrypted, because every mail needs it again; it is found by ``digest``, its keyed hash.
    """

    case = models.OneToOneField(Case, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("case"))
    order = models.OneToOneField(
        Order, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("order")
    )
    token = EncryptedText()
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name = _("reply address")
        verbose_name_plural = _("reply addresses")
        constraints = [
            models.CheckConstraint(
                condition=Q(case__isnull=False, order=None) | Q(case=None, order__isnull=False),
                name="reply_address_of_case_or_order",
            )
        ]

    def __str__(self) -> str:
        return f"reply address {self.pk}"


class InboundMailQuerySet(models.QuerySet["InboundMail"]):
    """Readings of mails that arrived."""

    def for_a_person(self) -> "InboundMailQuerySet":
        """Mails that belong to no conversation, until a person has seen to them."""
        return self.filter(outcome=InboundMail.Outcome.UNMATCHED, handled_at=None)


class InboundMail(models.Model):
    """A mail as it arrived, once: ``digest`` is the keyed hash of its Message-ID and content.

    ``raw`` is emptied once it is processed. Sender, subject and text are kept only of mails that a person must see to,
    and erased after a month (``feedback.mail_in.actions.forget_mails``).
    """

    class Door(models.TextChoices):
        WEBHOOK = "webhook", _("webhook")
        IMAP = "imap", _("IMAP mailbox")
        DEMO = "demo", _("demo mailbox")

    class Outcome(models.TextChoices):
        POSTED = "posted", _("added to the conversation")
        AUTOMATIC = "automatic", _("automatic reply, noted")
        BOUNCE = "bounce", _("report that an e-mail was not delivered")
        UNMATCHED = "unmatched", _("kept for a colleague")

    class Problem(models.TextChoices):
        UNKNOWN_ADDRESS = "address", _("Its reply address is unknown. Find the order and write to the shopper.")
        TOO_LARGE = "size", _("It is larger than 25 MB, so it was not opened. Ask the sender for a smaller one.")
        TOO_COMPLEX = "parts", _("It has too many parts, so it was not opened. Ask the sender to write again.")
        EMPTY = "empty", _("There is nothing to read in it. Ask the sender to write again.")
        TOO_MANY = "flood", _("More than 20 e-mails came within an hour. Check whether a machine is writing.")
        UNKNOWN_MESSAGE = "message", _("It reports an e-mail that was not sent from here. You can ignore it.")
        FAILED = "failed", _("It could not be processed. See the worker log for the reason.")

    door = models.CharField(_("arrived by"), max_length=8, choices=Door)
    digest = models.CharField(max_length=64, unique=True)
    raw = models.BinaryField()
    size = models.PositiveIntegerField(_("bytes"))
    received_at = models.DateTimeField(_("received"))
    processed_at = models.DateTimeField(_("processed"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    outcome = models.CharField(_("result"), max_length=10, choices=Outcome, blank=True)
    problem = models.CharField(_("problem"), max_length=10, choices=Problem, blank=True)
    thread = models.ForeignKey(
        Thread, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("conversation")
    )
    post = models.ForeignKey(Post, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("message"))
    sender = models.CharField(_("sender"), max_length=254, blank=True)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    text = models.TextField(_("text"), blank=True)
    handled_at = models.DateTimeField(_("handled"), null=True, blank=True)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("handled by")
    )

    objects = InboundMailQuerySet.as_manager()
    PERSONAL: ClassVar[tuple[str, ...]] = ("sender", "subject", "text")

    class Meta:
        verbose_name = _("e-mail received")
        verbose_name_plural = _("e-mails received")
        ordering = ["-received_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(processed_at=None) | Q(raw=b""), name="processed_mail_is_emptied"),
            models.CheckConstraint(
                condition=Q(processed_at=None, outcome="") | Q(processed_at__isnull=False) & ~Q(outcome=""),
                name="processed_mail_has_an_outcome",
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(processed_at=None), name="inbound_mail_unread"),
            models.Index(fields=["thread", "received_at"], name="inbound_mail_of_thread"),
            models.Index(
                fields=["-received_at", "-id"],
                condition=Q(outcome="unmatched", handled_at=None),
                name="inbound_mail_for_a_person",
            ),
        ]

    def __str__(self) -> str:
        return f"mail {self.pk}"
