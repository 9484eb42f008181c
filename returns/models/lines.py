"""Lines of a case: which units of which order line."""

from decimal import Decimal

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from returns.models.cases import Case
from returns.models.reasons import EXCHANGE_FIELDS, Reason, Remedy, instead_of
from returns.models.units import UnitsField
from signoff.models import OrderLine


class Line(models.Model):
    """One order line in one case.

    ``units`` are the numbers (1-based) of the units asked for, as ranges; while ``holds`` is true no
    other line may hold any of them (constraint). ``instead_item`` and ``instead_option`` are what the shopper wants
    in exchange; both empty for the same again. Quantities are kept apart as the case goes on.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="lines", db_index=False, verbose_name=_("case"))
    order_line = models.ForeignKey(OrderLine, models.PROTECT, related_name="case_lines", verbose_name=_("order line"))
    reason = models.ForeignKey(Reason, models.PROTECT, related_name="lines", db_index=False, verbose_name=_("reason"))
    wish = models.CharField(_("requested remedy"), max_length=12, choices=Remedy, default=Remedy.REFUND)
    instead_item = models.CharField(_("item wanted instead"), max_length=200, blank=True, default="", db_default="")
    instead_option = models.CharField(_("option wanted instead"), max_length=120, blank=True, default="", db_default="")
    words = models.TextField(_("shopper's description"), blank=True)
    units = UnitsField()
    holds = models.BooleanField(default=True)
    requested = models.PositiveIntegerField(pgettext_lazy("quantity", "requested"))
    authorised = models.PositiveIntegerField(pgettext_lazy("quantity", "authorised"), default=0)
    shipped = models.PositiveIntegerField(pgettext_lazy("quantity", "shipped"), default=0)
    received = models.PositiveIntegerField(pgettext_lazy("quantity", "received"), default=0)
    accepted = models.PositiveIntegerField(pgettext_lazy("quantity", "accepted"), default=0)

    history = HistoricalRecords(excluded_fields=["words", *EXCHANGE_FIELDS])
    paid: Decimal  # no column: ``returns.case_page.views.lines_of`` says what the units cost the shopper

    class Meta:
        verbose_name = _("case item")
        verbose_name_plural = _("case items")
        ordering = ["case", "order_line__position", "id"]
        indexes = [
            models.Index(fields=["case", "reason"], name="case_line_case"),
            models.Index(fields=["reason", "case"], name="case_line_reason"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(requested__gt=0), name="case_line_requested_positive"),
            models.CheckConstraint(
                condition=models.Q(authorised__lte=models.F("requested"), accepted__lte=models.F("received")),
                name="case_line_quantities_in_order",
            ),
            models.UniqueConstraint(fields=["case", "order_line"], name="one_case_line_per_order_line"),
            ExclusionConstraint(
                name="no_unit_in_two_live_cases",
                expressions=[("order_line", RangeOperators.EQUAL), ("units", RangeOperators.OVERLAPS)],
                condition=models.Q(holds=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.requested} × {self.order_line_id}"

    @property
    def instead(self) -> str:
        """What the shopper wants in exchange, "" for the same again and for other wishes."""
        return instead_of(self.wish, self.instead_item, self.instead_option)
