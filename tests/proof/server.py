"""The product as it is served: gunicorn with its own configuration, real processes and threads, no test client.

It serves the database of this test run, which is made anew after each test that commits; the product's own
health checks find its connections again. ``tests.settings`` differs from the product's settings in what a test
run must not have: collected static files, a broker, slow password hashes.
"""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from config.runtime import postgres

PATIENCE = 60  # seconds that a start may take on a busy machine
PROCESSES, THREADS = 2, 16


@dataclass(frozen=True)
class Server:
    """A running product: where it listens, and where it writes what it has to say."""

    host: str
    log: Path


@contextmanager
def serving(log: Path, *, application: str = "config.wsgi", **environment: str) -> Iterator[Server]:
    """Serve ``application`` with the product's gunicorn configuration on a free port until the block ends."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    database = f"postgres://{postgres.APPLICATION}@/{postgres.SOCKET_DIR}/{settings.DATABASES['default']['NAME']}"
    variables = os.environ | {
        "DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PORT": str(port),
        "WEB_CONCURRENCY": str(PROCESSES),
        "WEB_THREADS": str(THREADS),
    }
    command = [sys.executable, "-m", "gunicorn", "--config", "config/runtime/gunicorn.py", f"{application}:application"]
    with log.open("w") as words:
        process = subprocess.Popen(
            command, cwd=settings.BASE_DIR, env=variables | environment, stdout=words, stderr=words
        )
    try:
        _wait_until_ready(process, port, log)
        yield Server(f"127.0.0.1:{port}", log)
    finally:
        process.send_signal(signal.SIGINT)  # at once, not gracefully: nobody waits for an answer
        process.wait(timeout=PATIENCE)


@pytest.fixture(scope="session")
def server(django_db_setup: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The product, served to all tests of this process that ask; they must commit (``transaction=True``)."""
    with serving(tmp_path_factory.mktemp("server") / "log") as running:
        yield running


@pytest.fixture(scope="session")
def faulty_server(django_db_setup: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The product with the faults of ``tests.proof.faulty_wsgi``, each asked for by the header ``X-Fault``."""
    log = tmp_path_factory.mktemp("faulty-server") / "log"
    with serving(log, application="tests.proof.faulty_wsgi", WEB_CONCURRENCY="1") as running:
        yield running


def _wait_until_ready(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while not _answers(port):
        if process.poll() is not None or time.monotonic() > deadline:
            pytest.fail(f"gunicorn did not start:\n{log.read_text()}")
        time.sleep(0.1)


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
