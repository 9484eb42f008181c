"""Serve the provider on a free port of this machine; its number is the only line printed."""

import json
import sys
import time
from dataclasses import asdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Condition
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.proof.provider.ledger import Books

SILENCE = 2.0  # seconds that a stalled call is held, longer than a test's gateway waits
AT_ONCE = {"busy": 429, "conflict": 409}


class Provider(ThreadingHTTPServer):
    request_queue_size = 128
    daemon_threads = True

    def __init__(self, books: Books) -> None:
        super().__init__(("127.0.0.1", 0), Desk)
        self.books = books
        self.calls, self.changed = 0, Condition()

    def process_request(self, *call: Any) -> None:
        self.enter()
        super().process_request(*call)

    def process_request_thread(self, *call: Any) -> None:
        super().process_request_thread(*call)
        self.leave()

    def enter(self) -> None:
        """A call is here."""
        with self.changed:
            self.calls += 1

    def leave(self) -> None:
        with self.changed:
            self.calls -= 1
            self.changed.notify_all()

    def be_alone(self) -> None:
        """Wait for all other calls, also for those whose caller is dead: none of them takes a day."""
        with self.changed:
            self.changed.wait_for(lambda: self.calls == 1, timeout=10)

    def handle_error(self, *_: Any) -> None:
        """A caller that was killed hears no answer: nothing to tell."""


class Desk(BaseHTTPRequestHandler):
    """One call."""

    server: Provider
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        books, asked = self.server.books, urlsplit(self.path)
        if asked.path == "/notices":
            return self._say(200, books.notices)
        if asked.path == "/ledger":
            return self._say(200, [asdict(payout) for payout in books.payouts.values()])
        (refund,) = parse_qs(asked.query)["refund_id"]
        if books.script[refund][:1] == ["mute"]:
            books.next_fault(refund)
            return self._say(500, {"error": "oops"})
        return self._say(200, [asdict(payout) for payout in books.of(refund)])

    def do_POST(self) -> None:
        books, said = self.server.books, json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        match self.path:
            case "/refunds":
                return self._refund(self.headers["Idempotency-Key"], said)
            case "/script":
                books.script.update(said)
            case "/clock":
                self.server.be_alone()
                books.ahead = said - time.time()
            case "/finish":
                books.finish()
            case "/reverse":
                books.reverse(said)
        return self._say(200, None)

    def _refund(self, key: str, order: dict[str, Any]) -> None:
        books = self.server.books
        if kept := books.begin(key):
            return self._say(kept.status, kept.body, replayed=kept.status != 409)
        fault = books.next_fault(order["metadata"]["refund_id"])
        known = fault in AT_ONCE or fault == "drop"
        status, body = (AT_ONCE.get(fault, 0), {"error": fault}) if known else books.pay(key, order, fault)
        books.end(key)
        if fault == "stall":
            self.server.leave()
            time.sleep(SILENCE)
            self.server.enter()
        return None if fault in ("drop", "drop_after", "stall") else self._say(status, body)

    def _say(self, status: int, body: Any, *, replayed: bool = False) -> None:
        words = json.dumps(body).encode()
        self.send_response_only(status)
        self.send_header("Content-Length", str(len(words)))
        if replayed:
            self.send_header("Idempotent-Replayed", "true")
        self.end_headers()
        self.wfile.write(words)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


if __name__ == "__main__":
    provider = Provider(Books(Path(sys.argv[1])))
    print(provider.server_port, flush=True)  # noqa: T201
    provider.serve_forever()
