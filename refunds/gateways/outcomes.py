"""What a gateway is told, and the only things it may answer."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Protocol


@dataclass(frozen=True)
class Instruction:
    """One amount to pay back. ``idempotency_key`` stays the same however often the same attempt is sent.

    ``refund`` is the refund's public token, to be stored with the provider (``metadata.refund_id``), so that
    its own list can be searched for it. ``payment`` is the provider's reference of the payment that came in.
    """

    refund: str
    idempotency_key: str
    amount: Decimal
    currency: str
    payment: str
    customer: int | None


@dataclass(frozen=True)
class Paid:
    """It is paid, or will certainly be; ``reference`` is the provider's own, unique per gateway."""

    reference: str


@dataclass(frozen=True)
class Waiting:
    """Nothing was sent; a person pays and tells us."""


@dataclass(frozen=True)
class Failed:
    """It was definitely not paid and never will be under this key (a definitive 4xx)."""

    why: str


@dataclass(frozen=True)
class AskLater:
    """Not now (409, 429): send the same key again ``after`` some time."""

    after: timedelta = timedelta(minutes=1)


@dataclass(frozen=True)
class Unknown:
    """No definite answer (time-out, reset connection, 5xx): it may or may not be paid."""

    why: str


type Outcome = Paid | Waiting | Failed | AskLater | Unknown


class Gateway(Protocol):
    """One way to pay back. ``account`` is the ledger's account that the money leaves from."""

    name: str
    account: str

    def pay(self, instruction: Instruction) -> Outcome:
        """Pay once, however often it is called with the same ``idempotency_key``.

        Called outside any transaction. An ``OSError`` (which time-outs are) counts as ``Unknown``.
        """
        ...
