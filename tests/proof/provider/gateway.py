"""The gateway to the provider for tests, and queries to the provider itself."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from refunds.models import Entry
from refunds.payouts.gateways import (
    GATEWAYS,
    Failed,
    Instruction,
    Listed,
    ListedState,
    Outcome,
    Paid,
    Pending,
    RetryLater,
    Unknown,
)
from tests.proof.provider.process import serving

NAME = "fake"
LONG = 60  # seconds


class NoAnswer(OSError):
    """The provider's list could not be read."""


class Fake:
    """The gateway. A process that only sends needs no more than the port."""

    name = NAME
    account = Entry.Account.BANK

    later = timedelta(minutes=1)

    def __init__(self, port: int, *, patience: float = 10) -> None:
        self.port, self.patience = port, patience

    def send(self, refund: Instruction, key: str) -> Outcome:
        order = {
            "amount": str(refund.amount),
            "currency": refund.currency,
            "metadata": {"refund_id": refund.refund},
        }
        try:
            status, said, replayed = self._ask("POST", "/refunds", order, key=key)
        except HTTPException as error:
            return Unknown(type(error).__name__)
        if status == 200:
            return {"paid": Paid, "pending": Pending}[said["state"]](said["id"])
        if status in (409, 429):
            return RetryLater(self.later)
        return Failed(said["error"]) if status < 500 else Unknown(str(status), key_is_spent=replayed)

    def look_up(self, refund: Instruction) -> Sequence[Listed]:
        try:
            status, said, _ = self._ask("GET", f"/refunds?refund_id={refund.refund}")
        except HTTPException as error:
            raise NoAnswer from error
        if status != 200:
            raise NoAnswer(status)
        return [Listed(row["key"], ListedState(row["state"]), row["id"]) for row in said]

    def _ask(
        self, method: str, path: str, body: Any = None, *, key: str = "", patience: float | None = None
    ) -> tuple[int, Any, bool]:
        line = HTTPConnection("127.0.0.1", self.port, timeout=patience or self.patience)
        try:
            sent = None if method == "GET" else json.dumps(body)  # unread, it would break the line off
            line.request(method, path, sent, {"Idempotency-Key": key})
            answer = line.getresponse()
            return answer.status, json.loads(answer.read()), answer.headers["Idempotent-Replayed"] is not None
        finally:
            line.close()


class Provider(Fake):
    """The gateway, with what only a test may do: write the script, set the clock, read the ledger.

    A test waits for these answers on a slow machine too, whatever the gateway's patience.
    """

    def plan(self, script: dict[str, list[str]]) -> None:
        """What happens to the next calls of each refund, by its token."""
        self._ask("POST", "/script", script, patience=LONG)

    def set_clock(self, at: float) -> None:
        self._ask("POST", "/clock", at, patience=LONG)

    def finish(self) -> None:
        """End what is pending."""
        self._ask("POST", "/finish", None, patience=LONG)

    def reverse(self, refund: str) -> None:
        self._ask("POST", "/reverse", refund, patience=LONG)

    @property
    def notices(self) -> list[str]:
        """The tokens of refunds that something happened to, in the order in which it did."""
        return self._ask("GET", "/notices", patience=LONG)[1]

    @property
    def ledger(self) -> list[dict[str, Any]]:
        """Every payment back there has been."""
        return self._ask("GET", "/ledger", patience=LONG)[1]

    def times_paid(self) -> Counter[str]:
        """How often each refund's money is out, or on its way out."""
        return Counter(row["metadata"]["refund_id"] for row in self.ledger if row["state"] in ("paid", "pending"))


def register(port: int, *, patience: float = 10) -> Provider:
    """Make the provider at this port a gateway like any other."""
    GATEWAYS[NAME] = provider = Provider(port, patience=patience)
    return provider


@contextmanager
def running(folder: Path, *, patience: float = 10) -> Iterator[Provider]:
    """A provider in a process of its own, registered as a gateway until the end."""
    with serving(folder) as port:
        yield register(port, patience=patience)
    GATEWAYS.pop(NAME)
