"""Interface of payment gateways: the instruction they get, and the outcomes they return."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from django.utils.translation import gettext as _

TIMEOUTS = (5.0, 30.0)  # seconds that a provider has to take the call, and to answer it


@dataclass(frozen=True)
class Instruction:
    """One amount to pay.

    ``refund`` is the refund's public token, to be stored with the provider (``metadata.refund_id``), so that
    its own list can be searched for it. ``payment`` is the provider's reference of the payment that came in.
    """

    refund: str
    amount: Decimal
    currency: str
    payment: str
    customer: int | None


@dataclass(frozen=True)
class Paid:
    """It is paid, or will certainly be; ``reference`` is the provider's own, unique per gateway."""

    reference: str


@dataclass(frozen=True)
class Pending:
    """The provider has accepted it and will report the outcome later."""

    reference: str


@dataclass(frozen=True)
class Waiting:
    """Nothing was sent; a person pays and records the result."""


@dataclass(frozen=True)
class Failed:
    """It was definitely not paid and never will be under this key (a definitive 4xx)."""

    why: str


@dataclass(frozen=True)
class Reversed:
    """It was paid, and the money has come back."""

    reference: str


@dataclass(frozen=True)
class RetryLater:
    """Temporarily refused (409, 429): send the same key again ``after`` some time."""

    after: timedelta = timedelta(minutes=1)


@dataclass(frozen=True)
class Unknown:
    """No definite answer (time-out, reset connection, 5xx): it may or may not be paid.

    ``key_is_spent`` if the provider has stored this response and will repeat it for the same key.
    """

    why: str
    key_is_spent: bool = False


@dataclass(frozen=True)
class Absent:
    """The provider's list does not have it, under this key or another."""


type Outcome = Paid | Pending | Waiting | Failed | Reversed | RetryLater | Unknown | Absent


class ListedState(StrEnum):
    """State of a payout in a provider's list."""

    PAID = "paid"
    PENDING = "pending"
    FAILED = "failed"
    REVERSED = "reversed"


@dataclass(frozen=True)
class Listed:
    """A payout in a provider's list that has our refund's token."""

    key: str
    state: ListedState
    reference: str


class Gateway(Protocol):
    """A way to pay refunds. ``account`` is the ledger account that the money leaves.

    Both methods are called outside any transaction and finish within ``TIMEOUTS``; an ``OSError``, for example a
    time-out, counts as ``Unknown``.
    """

    name: str
    account: str

    def send(self, refund: Instruction, key: str) -> Outcome:
        """Pay; repeated calls with the same ``key`` pay once."""
        ...

    def look_up(self, refund: Instruction) -> Sequence[Listed]:
        """All payouts in the provider's list for ``refund.refund``, under any key; empty if none was sent."""
        ...


def outcome_of(listed: Sequence[Listed], key: str) -> Outcome:
    """The outcome of a refund: a paid one under any key, other states under this key only."""
    for line in sorted(listed, key=lambda line: line.state != ListedState.PAID):
        if line.state == ListedState.PAID:
            return Paid(line.reference)
        if line.state == ListedState.PENDING:
            return Pending(line.reference)
    for line in listed:
        if line.key == key:
            came_back = line.state == ListedState.REVERSED
            return (
                Reversed(line.reference) if came_back else Failed(_("The payment provider couldn't make the payment."))
            )
    return Absent()
