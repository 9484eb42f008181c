"""The bench's verdict: one inspection, a finding per line, photos."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from returns.models import Case, Line
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
    """The verdict on ``quantity`` units of one line, and their disposition."""

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
            models.UniqueConstraint(fields=["inspection", "line"], name="one_finding_per_line"),
        ]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()} ({self.quantity})"


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
