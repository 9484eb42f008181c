"""Refunds. Their transitions run only in ``refunds.payouts``, with the row locked."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMField, FSMModelMixin, transition
from simple_history.models import HistoricalRecords

from refunds.models.resolutions import Resolution
from refunds.models.triggers import BeginsDue, FourEyes, Frozen, PaidIsBooked
from returns.models import Case
from returns.models.triggers import LegalStatus
from signoff.db.tokens import public_token
from signoff.models import Payment
from signoff.models.orders import money


class Status(models.TextChoices):
    DUE = "due", pgettext_lazy("refund", "to be paid")
    SENDING = "sending", pgettext_lazy("refund", "being sent")
    PAID = "paid", pgettext_lazy("refund", "paid")
    FAILED = "failed", pgettext_lazy("refund", "failed")
    UNKNOWN = "unknown", pgettext_lazy("refund", "outcome unknown")
    PENDING = "pending", pgettext_lazy("refund", "with the provider")
    REVERSED = "reversed", pgettext_lazy("refund", "reversed")


#: neither paid nor failed: a worker or a person has still to see to it
OPEN = [Status.DUE, Status.SENDING, Status.UNKNOWN, Status.PENDING]


#: what was approved and is never changed
TERMS = ("case", "resolution", "payment", "token", "amount", "currency", "requested_by", "approved_by")


class Refund(FSMModelMixin, models.Model):
    """One amount to be paid back against one payment, exactly once.

    ``idempotency_key`` belongs to (refund, attempt) and is what the provider sees; ``lease_token`` fences a
    late worker; ``first_sent_at`` says when this attempt's key was first used; with ``ask_first`` the provider's
    own list is read before anything is sent. ``steps`` and ``trail`` count and chain its history rows
    (``refunds.ledger.trail``).
    """

    Status = Status

    class Gateway(models.TextChoices):
        STORE_CREDIT = "store_credit", _("store credit")
        MANUAL = "manual", _("bank transfer")
        PROVIDER = "provider_by_hand", _("refund at the payment provider")
        PLATFORM = "platform", _("refund at the marketplace")

    case = models.ForeignKey(Case, models.PROTECT, related_name="refunds", verbose_name=_("case"))
    resolution = models.ForeignKey(Resolution, models.PROTECT, related_name="refunds", verbose_name=_("plan"))
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="refunds", verbose_name=_("payment"))
    token = models.CharField(max_length=32, unique=True, default=public_token, editable=False)
    amount = money(_("amount"))
    currency = models.CharField(_("currency"), max_length=3)
    gateway = models.CharField(_("paid by"), max_length=20, choices=Gateway)
    status = FSMField(_("status"), max_length=10, choices=Status, default=Status.DUE, protected=True)
    attempt = models.PositiveSmallIntegerField(_("attempt"), default=1)
    idempotency_key = models.CharField(max_length=80, unique=True)
    provider_reference = models.CharField(_("reference"), max_length=120, blank=True)
    failure = models.CharField(_("why it failed"), max_length=250, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("requested by"),
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("approved by")
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("confirmed by"),
    )
    due_at = models.DateTimeField(_("due"))
    first_sent_at = models.DateTimeField(_("first sent"), null=True, blank=True)
    ask_first = models.BooleanField(default=False)
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_token = models.CharField(max_length=32, blank=True)
    paid_at = models.DateTimeField(pgettext_lazy("time", "paid"), null=True, blank=True)
    steps = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    trail = models.CharField(max_length=64, blank=True, default="", db_default="", editable=False)

    history = HistoricalRecords(excluded_fields=["trail"])

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        permissions = [("pay_refund", _("Can pay and confirm refunds"))]
        indexes = [
            models.Index(fields=["status", "due_at", "id"], include=["lease_until"], name="refund_by_state"),
            models.Index(fields=["status", "amount", "id"], include=["lease_until"], name="refund_by_amount"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_positive"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="refund_status_known"),
            models.CheckConstraint(
                condition=Q(requested_by__isnull=True)
                | Q(approved_by__isnull=True)
                | ~Q(requested_by=F("approved_by")),
                name="refund_four_eyes",
            ),
            models.UniqueConstraint(
                fields=["gateway", "provider_reference"],
                condition=~Q(provider_reference=""),
                name="one_refund_per_provider_reference",
            ),
        ]
        triggers = [
            BeginsDue(name="refund_begins_due"),
            LegalStatus(name="refund_legal_status"),
            Frozen(name="refund_terms", fields=TERMS, what="the terms of refund"),
            FourEyes(name="refund_four_eyes"),
            PaidIsBooked(name="refund_paid_is_booked"),
            pgtrigger.Protect(name="refund_never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"

    @transition(status, source=OPEN, target=Status.SENDING)
    def send(self) -> None:
        """A worker has claimed it and is about to call the gateway, or to read its list."""

    @transition(status, source=OPEN, target=Status.PENDING)
    def accept(self) -> None:
        """The provider has accepted it and will report the outcome later."""

    @transition(status, source=[*OPEN, Status.FAILED], target=Status.PAID)
    def confirm(self) -> None:
        """The gateway, or finance with a bank reference, says that it is paid."""

    @transition(status, source=OPEN, target=Status.FAILED)
    def fail(self) -> None:
        """The gateway says that it definitely did not pay."""

    @transition(status, source=Status.SENDING, target=Status.UNKNOWN)
    def mark_unknown(self) -> None:
        """No definite answer. The provider's list is read before it is sent with another key."""

    @transition(status, source=Status.SENDING, target=Status.DUE)
    def ask_again(self) -> None:
        """Queue it to be sent again with the same key."""

    @transition(status, source=Status.SENDING, target=Status.DUE)
    def start_over(self) -> None:
        """Start another attempt with another key, because the provider's list does not have this one."""

    @transition(status, source=[Status.FAILED, Status.REVERSED], target=Status.DUE)
    def retry(self) -> None:
        """Finance starts another attempt with another key."""

    @transition(status, source=Status.PAID, target=Status.REVERSED)
    def reverse(self) -> None:
        """The money came back from the shopper's bank."""


def key_of(token: str, attempt: int) -> str:
    """The idempotency key of this attempt at the payment provider."""
    return f"{token}-{attempt}"
