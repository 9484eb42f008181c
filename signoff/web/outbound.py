"""HTTPS requests to other people's servers.

Every call out goes through ``https_request``: verified TLS, time limits, a size limit, no redirects, no proxy from the
environment, and no address inside our own network. The host's name is resolved once and the connection goes to an
address from that answer, so a name that points elsewhere a moment later (DNS rebinding) gains nothing; the ``Host``
header and the certificate check keep the name.
"""

import socket
import ssl
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any

import httpcore
import httpx
from django.db import connection

type IPAddress = IPv4Address | IPv6Address
type Resolve = Callable[[str, int], list[tuple[str, int]]]

NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address


class OutboundError(Exception):
    """The request failed or its answer was refused. The message is for the log."""


class NotHttps(OutboundError):
    """The URL is not https."""


class PrivateAddress(OutboundError):
    """The host resolves to an address in our network, or to one that no public server has."""


class Unreachable(OutboundError):
    """Connection or certificate failed."""


class TooSlow(OutboundError):
    """A time limit passed."""


class TooLarge(OutboundError):
    """The answer exceeds the size limit."""


class Refused(OutboundError):
    """The status is not 2xx; a redirect is not followed, because keys must not travel on."""


class InsideTransaction(RuntimeError):
    """Called inside a transaction, which would hold its locks during the request: a programming error."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds to connect, between two reads, and for the whole request after name resolution; bytes of the body."""

    connect: float = 5
    read: float = 30
    overall: float = 60
    size: int = 1_048_576


def resolve(host: str, port: int) -> list[tuple[str, int]]:
    """All addresses of a host in the system's order. Raises ``OSError``."""
    addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [(str(address[0]), int(address[1])) for *_, address in addresses]


def is_public(address: IPAddress) -> bool:
    """Whether a server on the internet can have this address; an IPv4 address inside an IPv6 one is looked at too."""
    if isinstance(address, IPv6Address) and (inner := _embedded(address)) is not None:
        return is_public(inner)
    odd = address.is_multicast or address.is_reserved or (isinstance(address, IPv6Address) and address.is_site_local)
    return address.is_global and not odd


@dataclass(frozen=True, slots=True)
class Network:
    """Name resolution, address filter and TLS. Tests replace it to reach a local server."""

    resolve: Resolve = resolve
    is_allowed: Callable[[IPAddress], bool] = is_public
    tls: Callable[[], ssl.SSLContext] = ssl.create_default_context


INTERNET = Network()
USUAL = Limits()


def https_request(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    limits: Limits = USUAL,
    network: Network = INTERNET,
) -> bytes:
    """Send a request; returns the body of a 2xx answer.

    Raises ``OutboundError`` (a subclass says which limit or guard it was) and ``InsideTransaction``.
    """
    if connection.in_atomic_block:
        raise InsideTransaction
    backend = GuardedBackend(network, limits)
    transport = GuardedTransport(backend, network.tls())
    timeout = httpx.Timeout(limits.read, connect=limits.connect)
    # uncompressed, so that the size limit is a limit on memory
    sent_headers = {"Accept": "*/*", **(headers or {}), "Accept-Encoding": "identity"}
    try:
        with (
            httpx.Client(transport=transport, timeout=timeout, trust_env=False, follow_redirects=False) as client,
            client.stream(method, _https(url), headers=sent_headers, content=body or None) as answer,
        ):
            return _read_body(answer, limits)
    except (httpcore.TimeoutException, httpx.TimeoutException) as late:
        raise TooSlow(type(late).__name__) from late
    except (httpcore.NetworkError, httpcore.ProtocolError, httpx.HTTPError, OSError, UnicodeError) as error:
        raise Unreachable(f"{type(error).__name__}: {error}") from error


def _https(url: str) -> httpx.URL:
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL as invalid:
        raise NotHttps("not a valid address") from invalid
    if parsed.scheme != "https" or not parsed.host:
        raise NotHttps(f"the scheme is {parsed.scheme or 'missing'}; only https is used")
    return parsed


def _read_body(answer: httpx.Response, limits: Limits) -> bytes:
    if not answer.is_success:
        raise Refused(f"HTTP {answer.status_code}")
    announced = answer.headers.get("Content-Length", "0")
    if announced.isdecimal() and int(announced) > limits.size:
        raise TooLarge(f"{announced} bytes announced")
    body = bytearray()
    for piece in answer.iter_raw():
        body += piece
        if len(body) > limits.size:
            raise TooLarge(f"more than {limits.size} bytes")
    return bytes(body)


def _embedded(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that a mapped, NAT64 or 6to4 address leads to."""
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


class GuardedBackend(httpcore.NetworkBackend):
    """Opens connections to allowed addresses only, and applies the overall time limit to every read and write."""

    def __init__(self, network: Network, limits: Limits) -> None:
        self.network = network
        self.limits = limits
        self.plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address that answers. Raises ``PrivateAddress`` if any address is not allowed."""
        addresses = self.network.resolve(host, port)
        for address, _port in addresses:
            if not self.network.is_allowed(ip_address(address)):
                raise PrivateAddress(f"{host} is at {address}, which is not a public address")
        deadline = time.monotonic() + self.limits.overall
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        for address, port_there in addresses:
            try:
                stream = self.plain.connect_tcp(
                    address, port_there, _time_left(deadline, timeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as failed:
                failure = failed
            else:
                return DeadlineStream(stream, deadline)
        raise failure


class DeadlineStream(httpcore.NetworkStream):
    """A stream whose time limits are shortened by the time left until ``deadline``."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self.stream = stream
        self.deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self.stream.read(max_bytes, _time_left(self.deadline, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.stream.write(buffer, _time_left(self.deadline, timeout))

    def close(self) -> None:
        self.stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        secured = self.stream.start_tls(ssl_context, server_hostname, _time_left(self.deadline, timeout))
        return DeadlineStream(secured, self.deadline)

    def get_extra_info(self, info: str) -> Any:
        return self.stream.get_extra_info(info)


def _time_left(deadline: float, timeout: float | None) -> float:
    """Seconds left for a step. Raises ``httpcore.ReadTimeout`` if none are."""
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise httpcore.ReadTimeout("the overall limit has passed")
    return seconds if timeout is None else min(seconds, timeout)


class GuardedTransport(httpx.BaseTransport):
    """httpx transport with our network backend, which ``httpx.HTTPTransport`` does not accept."""

    def __init__(self, backend: httpcore.NetworkBackend, tls: ssl.SSLContext) -> None:
        self.pool = httpcore.ConnectionPool(ssl_context=tls, network_backend=backend)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        answer = self.pool.handle_request(
            httpcore.Request(
                request.method,
                httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx.Response(answer.status, headers=answer.headers, stream=Body(answer), extensions=answer.extensions)

    def close(self) -> None:
        self.pool.close()


class Body(httpx.SyncByteStream):
    """The pieces of an answer as they come."""

    def __init__(self, answer: httpcore.Response) -> None:
        self.answer = answer

    def __iter__(self) -> Iterator[bytes]:
        yield from self.answer.iter_stream()

    def close(self) -> None:
        self.answer.close()
