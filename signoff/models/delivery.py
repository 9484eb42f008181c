"""Delivery terms of a shop, and watches on its parcels."""

from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from signoff.models.parcels import Parcel
from signoff.models.shops import Shop


class ExceptionKind(models.TextChoices):
    """Kinds of parcel exceptions."""

    LATE = "late", _("later than promised")
    SILENT = "silent", _("no tracking updates")
    RETURNED = "returned", _("returned to sender")
    DAMAGED = "damaged", _("damaged in transit")
    LOST = "lost", _("lost")


def cases_by_themselves() -> list[str]:
    """Default of ``DeliveryTerms.case_for``. Migrations name this function."""
    return [ExceptionKind.RETURNED.value, ExceptionKind.DAMAGED.value, ExceptionKind.LOST.value]


class DeliveryTerms(models.Model):
    """A shop's rules about delivery and sign-off. A shop without a row has the defaults (``terms_of``)."""

    shop = models.OneToOneField(Shop, models.CASCADE, related_name="delivery_terms", verbose_name=_("shop"))
    sign_within_days = models.PositiveSmallIntegerField(
        _("days until automatic sign-off"),
        default=7,
        validators=[MinValueValidator(2), MaxValueValidator(90)],
        help_text=_("counted from delivery; paused while a case for the order is open"),
    )
    carrier_proof_signs = models.BooleanField(
        _("proof of delivery counts as sign-off"),
        default=False,
        help_text=_("a parcel is signed for as soon as its carrier reports it delivered"),
    )
    quiet_days = models.PositiveSmallIntegerField(
        _("days without updates before an exception is raised"),
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
    )
    case_for = ArrayField(
        models.CharField(max_length=10, choices=ExceptionKind),
        default=cases_by_themselves,
        blank=True,
        verbose_name=_("open a case automatically"),
        help_text=_("after the shopper has been notified"),
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("delivery terms")
        verbose_name_plural = _("delivery terms")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(sign_within_days__range=(2, 90), quiet_days__range=(1, 60)),
                name="delivery_terms_sensible",
            )
        ]

    def __str__(self) -> str:
        return str(self.shop)

    @property
    def sign_within(self) -> timedelta:
        return timedelta(days=self.sign_within_days)


class Watch(models.Model):
    """A parcel that is tracked until its sign-off, or until a return arrives.

    Created when a parcel is sent, deleted when it is signed for; old parcels have none. ``heard_at`` is the time of
    its newest event. After delivery the timer signs at ``sign_due_at``. The shopper is notified (``told_at``) and
    warned 24 h before (``warned_at``); the timer is paused since ``paused_at`` while a case of the order is open.
    """

    parcel = models.OneToOneField(Parcel, models.CASCADE, primary_key=True, related_name="watch")
    begun_at = models.DateTimeField()
    heard_at = models.DateTimeField()
    next_poll_at = models.DateTimeField(null=True, blank=True)
    sign_due_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    warned_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("parcel being watched")
        verbose_name_plural = _("watched parcels")
        indexes = [
            models.Index(
                fields=["sign_due_at"], condition=models.Q(sign_due_at__isnull=False), name="watch_signature_due"
            ),
            models.Index(
                fields=["parcel"],
                condition=models.Q(told_at=None, sign_due_at__isnull=False),
                name="watch_untold",
            ),
            models.Index(fields=["heard_at"], condition=models.Q(sign_due_at__isnull=True), name="watch_silence"),
            models.Index(fields=["next_poll_at"], condition=models.Q(next_poll_at__isnull=False), name="watch_polls"),
        ]

    def __str__(self) -> str:
        return str(self.parcel)
