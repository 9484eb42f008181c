"""Calls out: what reaches the other server, and each reason for which an answer is refused."""

import gzip
import logging
import socket
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from ipaddress import ip_address

import pytest
from django.db import transaction

from signoff.web.outbound import (
    InsideTransaction,
    Limits,
    Network,
    NotHttps,
    PrivateAddress,
    Refused,
    TooLarge,
    TooSlow,
    Unreachable,
    https_request,
    is_public,
)
from tests.signoff.web.https_server import HttpsServer, https_server

HOST = "api.example"
URL = f"https://{HOST}/parcels?number=1"

https_get = partial(https_request, "GET")


@pytest.fixture
def server() -> Iterator[HttpsServer]:
    with https_server(HOST) as running:
        yield running


def test_the_server_gets_method_name_path_headers_and_body(server: HttpsServer) -> None:
    server.body = b'{"ok": true}'
    answer = https_request("POST", URL, headers={"Authorization": "Basic k"}, body=b"a=1", network=server.network)
    assert answer == b'{"ok": true}'
    assert server.asked == [(HOST, "/parcels?number=1", "Basic k")]
    assert server.sent == [b"a=1"]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_refused_and_not_followed(server: HttpsServer, status: int) -> None:
    server.status, server.headers = status, {"Location": f"https://{HOST}/elsewhere"}
    with pytest.raises(Refused, match=f"HTTP {status}"):
        https_get(URL, network=server.network)
    assert len(server.asked) == 1


@pytest.mark.parametrize("status", [400, 404, 429, 500])
def test_an_error_status_is_refused(server: HttpsServer, status: int) -> None:
    server.status = status
    with pytest.raises(Refused, match=f"HTTP {status}"):
        https_get(URL, network=server.network)


def test_the_size_limit_is_the_last_size_that_passes(server: HttpsServer) -> None:
    server.body = b"x" * 1000
    assert https_get(URL, network=server.network, limits=Limits(size=1000)) == server.body
    with pytest.raises(TooLarge, match="1000 bytes announced"):
        https_get(URL, network=server.network, limits=Limits(size=999))


def test_a_body_of_unknown_length_is_cut_off_at_the_limit(server: HttpsServer) -> None:
    server.announces_length = False
    server.body = b"x" * 1_000_000
    assert https_get(URL, network=server.network, limits=Limits(size=1_000_000)) == server.body
    with pytest.raises(TooLarge, match="more than 999999 bytes"):
        https_get(URL, network=server.network, limits=Limits(size=999_999))


def test_an_answer_is_not_unpacked(server: HttpsServer) -> None:
    server.headers, server.body = {"Content-Encoding": "gzip"}, gzip.compress(bytes(10_000_000))
    assert https_get(URL, network=server.network, limits=Limits(size=100_000)) == server.body


def test_a_pause_longer_than_the_read_limit_ends_the_call(server: HttpsServer) -> None:
    server.seconds_between_bytes = 5
    with pytest.raises(TooSlow, match="ReadTimeout"):
        https_get(URL, network=server.network, limits=Limits(read=0.2))


def test_an_answer_that_drips_is_ended_by_the_overall_limit(server: HttpsServer) -> None:
    server.body, server.seconds_between_bytes = b"x" * 100, 0.1
    begun = time.monotonic()
    with pytest.raises(TooSlow, match="ReadTimeout"):
        https_get(URL, network=server.network, limits=Limits(read=5, overall=0.5))
    assert time.monotonic() - begun < 3  # all the bytes would take ten seconds


def test_a_server_that_accepts_and_says_nothing_is_too_slow() -> None:
    with closing(socket.socket()) as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        network = Network(resolve=lambda host, port: [silent.getsockname()], is_allowed=lambda address: True)
        with pytest.raises(TooSlow, match="ConnectTimeout"):
            https_get(URL, network=network, limits=Limits(connect=0.2))


def test_http_is_refused_before_any_connection(server: HttpsServer) -> None:
    for url in (f"http://{HOST}/", "ftp://api.example/", "//api.example/", "https:///path", "https://[::1/", ""):
        with pytest.raises(NotHttps):
            https_get(url, network=server.network)
    assert server.asked == []


PRIVATE = [
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",  # noqa: S104 - never listened at
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "192.0.0.8",
    "198.18.0.1",
    "203.0.113.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd12:3456::1",
    "fec0::1",
    "ff02::1",
    "2001:db8::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "2002:7f00:1::",
    "2002:a00:1::",
    "2001:0:7f00:1::",
]
PUBLIC = ["8.8.8.8", "93.184.216.34", "172.32.0.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_inside_is_not_called(address: str) -> None:
    with pytest.raises(PrivateAddress, match=r"api\.example is at "):
        https_get(URL, network=Network(resolve=lambda host, port: [(address, port)]))


@pytest.mark.parametrize("address", PUBLIC)
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(ip_address(address))


def test_one_address_inside_among_public_ones_is_enough_to_refuse() -> None:
    network = Network(resolve=lambda host, port: [("8.8.8.8", port), ("10.0.0.1", port)])
    with pytest.raises(PrivateAddress, match=r"10\.0\.0\.1"):
        https_get(URL, network=network)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "2130706433", "0x7f.1"])
def test_the_real_network_does_not_call_this_machine(host: str) -> None:
    with pytest.raises(PrivateAddress, match=r"is at (127\.0\.0\.1|::1)"):
        https_get(f"https://{host}/")


def test_a_name_that_points_elsewhere_a_moment_later_gains_nothing(server: HttpsServer) -> None:
    answers = [[("127.0.0.1", server.server_port)], [("127.0.0.2", server.server_port)]]
    network = replace(server.network, resolve=lambda host, port: answers.pop(0))
    assert https_get(URL, network=network) == b"[]"
    assert len(answers) == 1  # resolved once: the address that was checked is the one that was called


def test_the_next_address_is_called_when_the_first_does_not_answer(server: HttpsServer) -> None:
    with closing(socket.socket()) as nobody:
        nobody.bind(("127.0.0.1", 0))  # and does not listen
        both = [nobody.getsockname(), ("127.0.0.1", server.server_port)]
        assert https_get(URL, network=replace(server.network, resolve=lambda host, port: both)) == b"[]"
        with pytest.raises(Unreachable, match=r"ConnectError.*refused"):
            https_get(URL, network=replace(server.network, resolve=lambda host, port: both[:1]))


def test_a_certificate_for_another_name_is_refused(server: HttpsServer) -> None:
    with pytest.raises(Unreachable, match=r"CERTIFICATE_VERIFY_FAILED.*Hostname mismatch"):
        https_get("https://other.example/", network=server.network)
    assert server.asked == []


def test_a_certificate_of_an_unknown_authority_is_refused(server: HttpsServer) -> None:
    with pytest.raises(Unreachable, match="CERTIFICATE_VERIFY_FAILED"):
        https_get(URL, network=replace(server.network, tls=Network().tls))
    assert server.asked == []


def test_a_name_nobody_knows_is_unreachable() -> None:
    def unknown(host: str, port: int) -> list[tuple[str, int]]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    for network in (Network(resolve=unknown), Network(resolve=lambda host, port: [])):
        with pytest.raises(Unreachable, match=r"not known|has no address"):
            https_get(URL, network=network)
    with pytest.raises(Unreachable, match="label too long"):
        https_get(f"https://{'a' * 64}.example/")


def test_a_proxy_in_the_environment_is_not_used(server: HttpsServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    assert https_get(URL, network=server.network) == b"[]"


@pytest.mark.django_db
def test_nobody_is_called_inside_a_transaction(server: HttpsServer) -> None:
    with pytest.raises(InsideTransaction), transaction.atomic():
        https_get(URL, network=server.network)
    assert server.asked == []


def test_what_is_asked_does_not_appear_in_the_log(server: HttpsServer, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        https_get(URL, headers={"Authorization": "Basic secret"}, network=server.network)
    assert caplog.messages == []
