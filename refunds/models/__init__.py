"""Models of plans, approvals, refunds, ledger and replacements."""

from refunds.models.approvals import Approval, ApprovalTier
from refunds.models.claims import Claim
from refunds.models.ledger import Entry
from refunds.models.payees import Payee
from refunds.models.refunds import Refund
from refunds.models.replacements import Replacement
from refunds.models.resolutions import Item, Resolution

__all__ = ["Approval", "ApprovalTier", "Claim", "Entry", "Item", "Payee", "Refund", "Replacement", "Resolution"]
