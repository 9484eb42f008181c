"""A body over its address's limit is refused by its length: no byte of it comes to the disk, whoever sends it."""

import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver

from signoff.imports.files.sniff import MAX_BYTES
from tests.factories.sample_shop import SampleShop, build_sample_shop
from tests.proof.access.urls import addresses, paths
from tests.proof.concurrent_clients import TOKEN
from tests.proof.server import Server, serving

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

MEGABYTE = 1024**2
SENT = 3 * MEGABYTE  # enough to be written to a file, if anybody reads it
PATIENCE = 3  # seconds without an answer: the server waits for the rest
BOUNDARY = "the-boundary"
HEAD = (
    f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{TOKEN}\r\n'
    f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="photos"; filename="a.jpg"\r\n'
    "Content-Type: image/jpeg\r\n\r\n"
).encode()


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    """Where the server writes what it does not keep in memory."""
    folder = tmp_path / "uploads"
    folder.mkdir()
    return folder


@pytest.fixture
def product(tmp_path: Path, disk: Path, django_db_setup: Any) -> Iterator[Server]:
    with serving(tmp_path / "log", TMPDIR=str(disk)) as running:
        yield running


def begin(
    server: Server, path: str, *, length: int | None, session: str = "", fault: str = "", patience: float = PATIENCE
) -> bytes:
    """Send the head of a request of ``length`` bytes (None: chunked) and part of its body; the status line, or b""."""
    host, port = server.host.split(":")
    said = f"Content-Length: {length}" if length is not None else "Transfer-Encoding: chunked"
    lines = [
        f"POST {path} HTTP/1.1",
        f"Host: {server.host}",
        f"Cookie: csrftoken={TOKEN}; sessionid={session}",
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}",
        said,
        *([f"X-Fault: {fault}"] if fault else []),
    ]
    body = HEAD + b"x" * SENT
    if length is None:
        body = f"{len(body):x}\r\n".encode() + body
    with socket.create_connection((host, int(port)), timeout=patience) as connection:
        with suppress(OSError):  # it has answered before we were done
            connection.sendall("\r\n".join([*lines, "", ""]).encode() + body)
        with suppress(OSError):
            return connection.recv(65536).partition(b"\r\n")[0]
    return b""


def session_of(world: SampleShop, who: str) -> str:
    client = Client()
    client.force_login(world.staff[who])
    return client.cookies["sessionid"].value


@pytest.fixture
def world() -> SampleShop:
    return build_sample_shop()


@pytest.mark.parametrize("who", ["", "administrator"])
def test_no_byte_of_a_large_body_is_written_at_any_address(
    product: Server, world: SampleShop, disk: Path, who: str, figure: Callable[..., None]
) -> None:
    session = session_of(world, who) if who else ""
    read = []
    found = [(path, address) for address in addresses(get_resolver()) for path in paths(address, world)]
    for path, address in found:
        length = 400 * MEGABYTE if address.name != "signoff:import-send" else 3 * MAX_BYTES
        for said in (length, None):
            status = begin(product, path, length=said, session=session)
            if not status or list(disk.iterdir()):
                read.append((path, said, status))
    visitor = who or "stranger"
    figure("uploads", f"addresses that read 400 MB of a {visitor}", len(read), f"of {len(found)}", "= 0")
    assert read == []


def test_negative_control_without_it_the_body_is_written(tmp_path: Path, disk: Path, django_db_setup: Any) -> None:
    with serving(tmp_path / "log", application="tests.proof.faulty_wsgi", TMPDIR=str(disk)) as open_door:
        assert begin(open_door, "/", length=400 * MEGABYTE)[9:12] == b"413"
        with ThreadPoolExecutor(1) as sender:
            sent = sender.submit(begin, open_door, "/", length=400 * MEGABYTE, fault="takes all bodies", patience=10)
            while not (written := list(disk.iterdir())) and not sent.done():
                time.sleep(0.05)
        assert (len(written), sent.result()) == (1, b"")
