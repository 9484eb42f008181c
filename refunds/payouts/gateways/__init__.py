"""Payment gateways, one module each; ``base`` has their interface and the answers they may give."""

from refunds.payouts.gateways import manual, store_credit
from refunds.payouts.gateways.base import (
    Absent,
    Failed,
    Gateway,
    Instruction,
    Listed,
    ListedState,
    Outcome,
    Paid,
    Pending,
    RetryLater,
    Reversed,
    Unknown,
    Waiting,
)

GATEWAYS: dict[str, Gateway] = {gateway.name: gateway for gateway in (store_credit.StoreCredit(), *manual.BY_HAND)}

__all__ = [
    "GATEWAYS",
    "Absent",
    "Failed",
    "Gateway",
    "Instruction",
    "Listed",
    "ListedState",
    "Outcome",
    "Paid",
    "Pending",
    "RetryLater",
    "Reversed",
    "Unknown",
    "Waiting",
]
