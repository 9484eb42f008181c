"""Shipments to the shopper as lists read them."""

from django.db.models import QuerySet

from refunds.models import Replacement


def replacements_with_cases() -> QuerySet[Replacement]:
    """Goods that go out, with what every row of a list shows."""
    return Replacement.objects.select_related("case__customer", "case__order", "item__line", "parcel")
