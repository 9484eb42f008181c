"""An HTTPS server on this machine with a certificate of its own, and the network that reaches it."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from typing import Any

import trustme

from signoff.web.outbound import Network


class HttpsServer(ThreadingHTTPServer):
    """Answers every request with ``status``, ``headers`` and ``body``, and keeps what was asked.

    ``seconds_between_bytes`` makes the body come drop by drop.
    """

    daemon_threads = True

    def __init__(self, *names: str) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.status = 200
        self.headers: dict[str, str] = {}
        self.body = b"[]"
        self.announces_length = True
        self.seconds_between_bytes = 0.0
        self.asked: list[tuple[str, str, str | None]] = []
        self.sent: list[bytes] = []
        authority = trustme.CA()
        self.trusted = ssl.create_default_context()
        authority.configure_trust(self.trusted)
        secured = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(*names).configure_cert(secured)
        self.socket = secured.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        self.stopping = threading.Event()

    @property
    def network(self) -> Network:
        """Every name leads to this server, whose address is allowed and whose authority is trusted."""
        return Network(
            resolve=lambda host, port: [("127.0.0.1", self.server_port)],
            is_allowed=lambda address: address == ip_address("127.0.0.1"),
            tls=lambda: self.trusted,
        )

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Says nothing: a client that hangs up is what some tests are about."""


class Handler(BaseHTTPRequestHandler):
    server: HttpsServer

    def do_GET(self) -> None:
        self.server.asked.append((self.headers["Host"], self.path, self.headers.get("Authorization")))
        self.server.sent.append(self.rfile.read(int(self.headers.get("Content-Length", "0"))))
        self.send_response(self.server.status)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        if self.server.announces_length:
            self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        if not self.server.seconds_between_bytes:
            self.wfile.write(self.server.body)
            return
        for byte in self.server.body:
            if self.server.stopping.wait(self.server.seconds_between_bytes):
                return
            self.wfile.write(bytes([byte]))

    do_POST = do_GET

    def log_message(self, *args: Any) -> None:
        """Says nothing."""


@contextmanager
def https_server(*names: str) -> Iterator[HttpsServer]:
    """A running server whose certificate is for ``names``."""
    server = HttpsServer(*names)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield server
    server.stopping.set()
    server.shutdown()
    server.server_close()
    thread.join()
