"""The provider's state: refunds, keys, the script of faults. Every change of money is a line of an append-only file."""

import json
import time
from collections import defaultdict
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Lock
from typing import Any

KEPT = 24 * 3600  # seconds that a key is remembered
PAYS = ("ok", "error_after", "drop_after", "stall")
TAKES = {"pending": "paid", "pending_fail": "failed"}


@dataclass
class Payout:
    """One payment back; ``metadata`` is what the shop wrote on it."""

    id: str
    key: str
    amount: str
    currency: str
    state: str
    metadata: dict[str, str]


@dataclass
class Kept:
    """An answer that is repeated for its key."""

    at: float
    status: int
    body: dict[str, Any]


class Books:
    """The provider's memory; every method is safe from several threads."""

    def __init__(self, ledger: Path) -> None:
        self.lock = Lock()
        self.ledger = ledger.open("a")
        self.payouts: dict[str, Payout] = {}
        self.by_refund: dict[str, list[Payout]] = defaultdict(list)
        self.ends: dict[str, str] = {}  # how a pending one will end
        self.kept: dict[str, Kept] = {}
        self.under_way: set[str] = set()  # keys of calls that are being answered
        self.script: dict[str, list[str]] = defaultdict(list)
        self.notices: list[str] = []
        self.ahead = 0.0  # seconds that the clock runs before the machine's

    def next_fault(self, refund: str) -> str:
        """What happens to this call, by the script."""
        with self.lock:
            return self.script[refund].pop(0) if self.script[refund] else "ok"

    def begin(self, key: str) -> Kept | None:
        """The answer kept for a key, unless it was too long ago; a conflict while another call has it."""
        with self.lock:
            if key in self.under_way:
                return Kept(self.now, 409, {"error": "conflict"})
            kept = self.kept.get(key)
            if kept and self.now - kept.at < KEPT:
                return kept
            self.under_way.add(key)
            return None

    def end(self, key: str) -> None:
        """The call that began has done what it will."""
        with self.lock:
            self.under_way.discard(key)

    def pay(self, key: str, order: dict[str, Any], fault: str) -> tuple[int, dict[str, Any]]:
        """Do what was ordered, with the fault that the script wants; returns status and body, which are kept."""
        with self.lock:
            if fault in (*PAYS, *TAKES):
                payout = Payout(
                    f"re_{len(self.payouts) + 1}", key, state="pending" if fault in TAKES else "paid", **order
                )
                self.payouts[payout.id] = payout
                self.by_refund[payout.metadata["refund_id"]].append(payout)
                self._write(payout)
                if fault in TAKES:
                    self.ends[payout.id] = TAKES[fault]
                status, body = 200, asdict(payout)
            else:
                status, body = (402, {"error": "card_closed"}) if fault == "decline" else (500, {"error": "oops"})
            if fault == "error_after":
                status, body = 500, {"error": "oops"}
            self.kept[key] = Kept(self.now, status, body)
            return status, body

    def finish(self) -> None:
        """Bring to an end what is pending, and tell."""
        with self.lock:
            for name, end in self.ends.items():
                self._becomes(self.payouts[name], end)
            self.ends.clear()

    def reverse(self, refund: str) -> None:
        """The money of a refund comes back."""
        with self.lock:
            for payout in self.of(refund):
                if payout.state == "paid":
                    self._becomes(payout, "reversed")

    def of(self, refund: str) -> list[Payout]:
        """The payments back that carry this refund's token."""
        return list(self.by_refund[refund])

    @property
    def now(self) -> float:
        return time.time() + self.ahead

    def _becomes(self, payout: Payout, state: str) -> None:
        payout.state = state
        self.notices.append(payout.metadata["refund_id"])
        self._write(payout)

    def _write(self, payout: Payout) -> None:
        self.ledger.write(json.dumps(asdict(payout)) + "\n")
        self.ledger.flush()
