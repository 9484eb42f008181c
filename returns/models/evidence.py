"""Evidence and drafts: pictures are stored from the first upload on, so that a refused form loses none."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from returns.models.cases import Case
from returns.models.contacts import Contact
from returns.models.lines import Line
from signoff.db.lookups import any_of
from signoff.db.tokens import public_token
from signoff.models import Order
from signoff.pictures.alike import band_indexes
from signoff.pictures.models import Picture


class Draft(models.Model):
    """A request that is not submitted yet; ``case`` is set once, when it becomes a case.

    ``contact`` is the call or visit in which an agent began it for the shopper.

    ``data`` is ``{"lines": [{"line": id, "quantity": n, "reason": code, "wish": remedy, "instead_item": text,
    "instead_option": text, "words": text, "without_photos": bool}]}``; all but ``line`` and ``quantity`` may still be
    missing.
    """

    token = models.CharField(max_length=32, unique=True, default=public_token, editable=False)
    order = models.ForeignKey(Order, models.CASCADE, related_name="drafts", verbose_name=_("order"))
    case = models.OneToOneField(
        Case, models.PROTECT, null=True, blank=True, related_name="draft", verbose_name=_("case")
    )
    contact = models.ForeignKey(
        Contact, models.CASCADE, null=True, blank=True, related_name="drafts", verbose_name=_("contact")
    )
    data = models.JSONField(default=dict)
    started_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"draft {self.pk}"


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def visible_to_entries(self, order_ids: list[int]) -> "EvidenceQuerySet":
        """What a shopper's browser may see: pictures of the cases and drafts of the orders it has entered."""
        return self.filter(any_of("case__order_id", order_ids) | any_of("draft__order_id", order_ids))


class Evidence(Picture):
    """A picture that belongs to a case, or to the draft it was uploaded for."""

    owners = frozenset({"case_id", "draft_id", "line_id"})  # the line follows from the case and the order line

    case = models.ForeignKey(
        Case, models.PROTECT, null=True, blank=True, related_name="evidence", verbose_name=_("case")
    )
    draft = models.ForeignKey(
        Draft, models.CASCADE, null=True, blank=True, related_name="evidence", verbose_name=_("draft")
    )
    line = models.ForeignKey(
        Line, models.PROTECT, null=True, blank=True, related_name="evidence", verbose_name=_("case item")
    )
    order_line = models.ForeignKey(
        "signoff.OrderLine", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("order line")
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("added by")
    )

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        constraints = [
            models.CheckConstraint(
                condition=Q(case__isnull=False) ^ Q(draft__isnull=False), name="evidence_of_case_or_draft"
            )
        ]
        indexes = band_indexes("evidence")
