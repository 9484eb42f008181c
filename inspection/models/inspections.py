"""The bench's verdict: one inspection, a finding per line, photos."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from returns.models import Case, Line, Reason
from signoff.pictures.models import Picture


class Inspection(models.Model):
    """An inspection of the goods of a case; open until it is concluded, at most one open for a case."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="inspections", verbose_name=_("case"))
    started_at = models.DateTimeField(_("started"))
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("started by")
    )
    concluded_at = models.DateTimeField(_("completed"), null=True, blank=True)
    concluded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("completed by"),
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("inspection")
        verbose_name_plural = _("inspections")
        ordering = ["case", "started_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(concluded_at__isnull=True), name="one_open_inspection_per_case"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.started_at:%Y-%m-%d}"


class Finding(models.Model):
    """The verdict on ``quantity`` units of one line, and their disposition.

    Units of one line may have several findings; together they are the units that were received.
    """

    class Verdict(models.TextChoices):
        AS_CLAIMED = "as_claimed", _("as reported")
        OTHER_FAULT = "other_fault", _("another fault")
        NO_FAULT_FOUND = "no_fault_found", _("no fault found")
        DAMAGED_IN_RETURN = "damaged_in_return", _("damaged on the way back")
        INCOMPLETE = "incomplete", _("incomplete")
        NOT_OURS = "not_ours", _("not our goods")

    class Disposition(models.TextChoices):
        RESTOCK = "restock", _("restock")
        REFURBISH = "refurbish", _("refurbish")
        RETURN_TO_VENDOR = "return_to_vendor", _("return to vendor")
        SCRAP = "scrap", _("scrap")
        SEND_BACK = "send_back", _("send back to the shopper")

    class Grade(models.TextChoices):
        A = "A", _("A – like new")
        B = "B", _("B – opened, complete")
        C = "C", _("C – signs of use")
        D = "D", _("D – damaged or incomplete")

    # Verdicts that confirm the reason of the return, by whether the shopper is liable. A shopper who changed their
    # mind claims no fault, so finding none is as it should be; finding one, or finding none where one was claimed, is
    # for a person to weigh.
    CONFIRMING: ClassVar = {
        True: (Verdict.AS_CLAIMED, Verdict.NO_FAULT_FOUND),
        False: (Verdict.AS_CLAIMED, Verdict.OTHER_FAULT),
    }

    inspection = models.ForeignKey(Inspection, models.CASCADE, related_name="findings", verbose_name=_("inspection"))
    line = models.ForeignKey(Line, models.PROTECT, related_name="findings", verbose_name=_("case item"))
    quantity = models.PositiveIntegerField(_("quantity"))
    verdict = models.CharField(_("verdict"), max_length=20, choices=Verdict)
    disposition = models.CharField(_("disposition"), max_length=20, choices=Disposition)
    grade = models.CharField(_("condition"), max_length=1, choices=Grade, blank=True)
    words = models.TextField(_("notes"), blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ["inspection", "line", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="finding_quantity_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()} ({self.quantity})"

    @classmethod
    def confirms(cls, verdict: str, reason: Reason) -> bool:
        """Whether a verdict confirms the reason of the return."""
        return verdict in cls.CONFIRMING[reason.liability == Reason.Liability.SHOPPER]

    @property
    def differs(self) -> bool:
        """Whether it is not what the request says; its line comes with the reason joined."""
        return not self.confirms(self.verdict, self.line.reason)

    @property
    def tone(self) -> str:
        """The colour of the verdict: amber where somebody has to weigh it."""
        return "warn" if self.differs else "ok"


class Photo(Picture):
    """A picture the bench took; ``line`` is empty for the parcel's outside."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="photos", verbose_name=_("case"))
    inspection = models.ForeignKey(
        Inspection, models.PROTECT, null=True, blank=True, related_name="photos", verbose_name=_("inspection")
    )
    line = models.ForeignKey(
        Line, models.PROTECT, null=True, blank=True, related_name="photos", verbose_name=_("case item")
    )
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("taken by")
    )

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
