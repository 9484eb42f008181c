"""How many people a plan needs. Pure: works on the tiers it is given."""

from collections.abc import Iterable
from decimal import Decimal

from refunds.models import ApprovalTier

#: a shop that has set no tiers wants one other person to agree to everything
WITHOUT_TIERS = 1


def needed(tiers: Iterable[ApprovalTier], total: Decimal) -> int:
    """The approvers of the highest of a shop's ``tiers`` that ``total`` reaches."""
    reached = [tier for tier in tiers if tier.above <= total]
    return max(reached, key=lambda tier: tier.above).approvers if reached else WITHOUT_TIERS
