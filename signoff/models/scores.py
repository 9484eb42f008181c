"""Rules about delivery quality of carriers, sellers, warehouses and suppliers, and their violations."""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from signoff.db.tokens import public_token
from signoff.models.orders import money
from signoff.models.shops import Shop


class Subject(models.TextChoices):
    """The kind of partner that a scorecard rates."""

    CARRIER = "carrier", _("carrier")
    SELLER = "seller", _("seller")
    WAREHOUSE = "warehouse", _("warehouse")
    SUPPLIER = "supplier", _("supplier")


class Failing(models.TextChoices):
    """Failures of a parcel that are counted; a scorecard shows the share without them."""

    LATE = "late", _("late")
    DAMAGED = "damaged", _("damaged")
    WRONG = "wrong", _("wrong item")
    INCOMPLETE = "incomplete", _("incomplete")
    LOST = "lost", _("lost")


class ScoreRule(models.Model):
    """A rule, violated if more than ``above_percent`` of at least ``at_least`` parcels within ``days`` fail.

    The penalty by tariff: so much per failed parcel, percent of what the failed parcels' goods cost, or a flat sum,
    in the shop's currency.
    """

    class Tariff(models.TextChoices):
        PER_PARCEL = "per_parcel", _("amount per parcel with a problem")
        PERCENT = "percent", _("percent of the goods' value")
        FLAT = "flat", _("fixed amount")

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="score_rules", verbose_name=_("shop"))
    subject = models.CharField(_("applies to"), max_length=10, choices=Subject)
    failing = models.CharField(_("problem counted"), max_length=10, choices=Failing)
    above_percent = models.DecimalField(
        _("threshold in percent"),
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    days = models.PositiveSmallIntegerField(_("period in days"), default=30, validators=[MinValueValidator(1)])
    at_least = models.PositiveIntegerField(
        _("minimum number of parcels"), default=50, validators=[MinValueValidator(1)]
    )
    tariff = models.CharField(_("penalty calculated as"), max_length=10, choices=Tariff, default=Tariff.PER_PARCEL)
    penalty = money(_("amount or percent"), default=Decimal(0), validators=[MinValueValidator(0)])
    active = models.BooleanField(_("in force"), default=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("delivery quality rule")
        verbose_name_plural = _("delivery quality rules")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(above_percent__range=(0, 100), days__gt=0, at_least__gt=0, penalty__gte=0),
                name="score_rule_sensible",
            )
        ]

    def __str__(self) -> str:
        return gettext("%(subject)s: %(failing)s > %(percent)s%%") % {
            "subject": self.get_subject_display(),
            "failing": self.get_failing_display(),
            "percent": f"{self.above_percent.normalize():f}",
        }


class ScoreSnapshot(models.Model):
    """Counts of a shop with many parcels for the last ``days`` days before ``counted_for``, made once a day.

    ``cards`` are rows (name, parcels, ratings, stars, counted, failed); ``periods`` the same with the place of the
    period after the name. Made again from the parcels at any time, so rows may be deleted.
    """

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="+", verbose_name=_("shop"))
    subject = models.CharField(_("applies to"), max_length=10, choices=Subject)
    days = models.PositiveSmallIntegerField(_("period in days"))
    first_day = models.DateField(_("from"))
    counted_for = models.DateField(_("day of the count"))
    counted_at = models.DateTimeField(_("counted"))
    cards = models.JSONField(default=list)
    periods = models.JSONField(default=list)

    class Meta:
        verbose_name = _("scorecard snapshot")
        verbose_name_plural = _("scorecard snapshots")
        constraints = [models.UniqueConstraint(fields=["shop", "subject", "days"], name="one_snapshot_per_span")]

    def __str__(self) -> str:
        return f"{self.shop} {self.subject} {self.days}"


class ViolationQuerySet(models.QuerySet["Violation"]):
    def open(self) -> "ViolationQuerySet":
        """Those that a manager has yet to decide."""
        return self.filter(status=Violation.Status.OPEN)


class Violation(models.Model):
    """A rule was broken by ``name`` between two days (both included, the shop's calendar).

    ``evidence`` lists the tokens of the failed parcels; ``values`` is token → what the goods in it cost, rounded to the
    coin, or nothing for parcels of orders in another currency. A manager confirms it or waives it with a reason; after
    that it does not change.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("pending")
        CONFIRMED = "confirmed", _("confirmed")
        WAIVED = "waived", _("waived")

    token = models.CharField(max_length=32, unique=True, default=public_token, editable=False)
    rule = models.ForeignKey(ScoreRule, models.PROTECT, related_name="violations", verbose_name=_("rule"))
    name = models.CharField(_("who"), max_length=80)
    first_day = models.DateField(_("from"))
    last_day = models.DateField(_("until"))
    parcels = models.PositiveIntegerField(_("parcels"))
    failed = models.PositiveIntegerField(_("with problems"))
    evidence = models.JSONField(_("parcels with problems"), default=list)
    values = models.JSONField(_("value of the goods by parcel"), default=dict, db_default={})
    penalty = money(_("penalty"))
    currency = models.CharField(_("currency"), max_length=3)
    raised_at = models.DateTimeField(_("found"))
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.OPEN)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    reason = models.TextField(_("why"), blank=True)

    objects = ViolationQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("violation")
        verbose_name_plural = _("violations")
        permissions = [("decide_violation", _("Can confirm and waive violations"))]
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "name"], condition=models.Q(status="open"), name="one_open_violation_per_rule"
            ),
            models.CheckConstraint(
                condition=models.Q(status="open", decided_at=None, decided_by=None)
                | models.Q(status="confirmed", decided_at__isnull=False, decided_by__isnull=False)
                | (
                    models.Q(status="waived", decided_at__isnull=False, decided_by__isnull=False) & ~models.Q(reason="")
                ),
                name="violation_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    failed__lte=models.F("parcels"), penalty__gte=0, first_day__lte=models.F("last_day")
                ),
                name="violation_sensible",
            ),
        ]
        indexes = [
            models.Index(fields=["-raised_at", "-id"], name="violation_newest"),
            models.Index(fields=["penalty", "id"], name="violation_by_penalty"),
            models.Index(fields=["id"], condition=models.Q(status="confirmed"), name="violation_confirmed"),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.failed} / {self.parcels}"
