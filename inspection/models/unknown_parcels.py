"""Parcels that came without a case, and units that came beyond what a case expects."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from returns.models import Case, Line
from signoff.db.tokens import public_token
from signoff.models import Parcel
from signoff.pictures.models import Picture


class UnknownParcel(models.Model):
    """A parcel that nobody can name a case for yet. Once attached, ``parcel`` is the return parcel of ``case``.

    ``sender`` and ``phone`` are as the label says; they are personal, so there is no history of them.
    ``weight`` is in grams.
    """

    token = models.CharField(max_length=32, unique=True, default=public_token, editable=False)
    sender = models.CharField(_("sender"), max_length=200, blank=True)
    phone = models.CharField(_("telephone on the label"), max_length=40, blank=True)
    carrier = models.CharField(_("carrier"), max_length=60, blank=True)
    tracking_number = models.CharField(_("tracking number"), max_length=80, blank=True)
    weight = models.PositiveIntegerField(_("weight in grams"), null=True, blank=True)
    remarks = models.TextField(_("remarks"), blank=True)
    arrived_at = models.DateTimeField(_("arrived"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )
    case = models.ForeignKey(
        Case, models.PROTECT, null=True, blank=True, related_name="unknown_parcels", verbose_name=_("case")
    )
    parcel = models.ForeignKey(
        Parcel, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("return parcel")
    )
    attached_at = models.DateTimeField(_("attached"), null=True, blank=True)
    attached_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("attached by")
    )

    class Meta:
        verbose_name = _("unknown parcel")
        verbose_name_plural = _("unknown parcels")
        constraints = [
            models.CheckConstraint(
                condition=Q(case=None, parcel=None, attached_at=None)
                | Q(case__isnull=False, parcel__isnull=False, attached_at__isnull=False),
                name="unknown_parcel_attached_wholly_or_not",
            )
        ]
        indexes = [models.Index(fields=["arrived_at", "id"], condition=Q(case=None), name="unknown_parcels_waiting")]

    def __str__(self) -> str:
        return f"{self.carrier} {self.tracking_number}".strip() or f"unknown parcel {self.pk}"


class UnknownParcelPhoto(Picture):
    """A photo of an unknown parcel; a copy becomes a photo of the case when it is attached."""

    owners = frozenset({"unknown_parcel_id"})

    unknown_parcel = models.ForeignKey(
        UnknownParcel, models.PROTECT, related_name="photos", verbose_name=_("unknown parcel")
    )

    class Meta:
        verbose_name = _("photo of an unknown parcel")
        verbose_name_plural = _("photos of unknown parcels")


class Surplus(models.Model):
    """Units that came with the goods of a case and do not belong to it; somebody decides what becomes of them.

    ``line`` is the item of which more came than the case covers; None for something else, which ``words`` name.
    """

    class Decision(models.TextChoices):
        SEND_BACK = "send_back", _("send back to the shopper")
        OTHER_CASE = "other_case", _("belongs to another case")
        KEEP = "keep", _("the shopper leaves it to us")

    token = models.CharField(max_length=32, unique=True, default=public_token, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="surplus", verbose_name=_("case"))
    line = models.ForeignKey(
        Line, models.PROTECT, null=True, blank=True, related_name="surplus", verbose_name=_("case item")
    )
    quantity = models.PositiveIntegerField(_("quantity"))
    words = models.CharField(_("what it is"), max_length=200, blank=True)
    found_at = models.DateTimeField(pgettext_lazy("surplus", "found"))
    found_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("found by")
    )
    decision = models.CharField(_("decision"), max_length=12, choices=Decision, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )

    class Meta:
        verbose_name = _("surplus")
        verbose_name_plural = _("surplus")
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="surplus_quantity_positive"),
            models.CheckConstraint(condition=Q(line__isnull=False) | ~Q(words=""), name="surplus_says_what"),
            models.CheckConstraint(
                condition=Q(decision="", decided_at=None) | ~Q(decision="") & Q(decided_at__isnull=False),
                name="surplus_decided_with_its_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.quantity}"
