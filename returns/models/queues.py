"""How cases are found: the readings that lists and pages use."""

from django.contrib.auth.models import AnonymousUser, User
from django.db import models
from django.db.models import Q

#: which states wait for whom; the keys are permissions
WAITS_FOR: dict[str, tuple[str, ...]] = {
    "returns.review_case": ("submitted", "inspected"),
    "returns.approve_case": ("awaiting_approval",),
    "returns.inspect_case": ("in_appraisal", "authorised", "in_transit", "received"),
    "refunds.pay_refund": ("settling",),
}
FINISHED = ("resolved", "rejected", "withdrawn", "expired", "closed")


class CaseQuerySet(models.QuerySet["Case"]):  # type: ignore[name-defined]  # noqa: F821
    """Readings of cases; each owns its joins and its order."""

    def waiting_for(self, permission: str) -> "CaseQuerySet":
        """Cases in states that wait for holders of ``permission``, what is due first first."""
        return self.filter(status__in=WAITS_FOR[permission]).order_by("due_at", "id")

    def open(self) -> "CaseQuerySet":
        """Cases that somebody still has to act on."""
        return self.exclude(status__in=FINISHED)

    def with_people(self) -> "CaseQuerySet":
        """Joined with what every row of a list shows."""
        return self.select_related("customer", "order", "owner", "shop")

    def visible_to(self, user: User | AnonymousUser) -> "CaseQuerySet":
        """What a member of staff may see: all cases for those who may view any, else none."""
        return self if user.has_perm("returns.view_case") else self.none()

    def visible_to_entries(self, order_ids: list[int]) -> "CaseQuerySet":
        """What a shopper's browser may see: cases of the orders it has entered."""
        return self.filter(order_id__in=order_ids)

    def search(self, words: str) -> "CaseQuerySet":
        """Cases whose number, order, customer or article contain ``words``; Chinese by substring."""
        words = words.strip()
        if not words:
            return self
        return self.filter(
            Q(number__istartswith=words)
            | Q(order__number__icontains=words)
            | Q(customer__name__icontains=words)
            | Q(customer__email__icontains=words)
            | Q(parcels__tracking_number__iexact=words)
            | Q(lines__order_line__title__icontains=words)
        ).distinct()
