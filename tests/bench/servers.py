"""Two gunicorns on the same embedded server: the product, and the plain app beside it."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.conf import settings

from config.runtime import postgres
from tests.bench.plain.settings import DATABASE

PATIENCE = 60  # seconds
PRODUCT, PLAIN = "config.wsgi", "tests.bench.plain.wsgi"


@contextmanager
def serving(application: str) -> Iterator[int]:
    """Serve ``application`` as the product is served, both alike; the port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--config", "config/runtime/gunicorn.py", application]
    own = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    server = subprocess.Popen(command, cwd=settings.BASE_DIR, env=own | {"PORT": str(port)})
    try:
        _wait(port, server)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=PATIENCE)


def prepare_plain() -> str:
    """The plain app's database, and the session of the person who calls it."""
    with psycopg.connect(**postgres.dsn("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {DATABASE}")
    prepare = [sys.executable, "-m", "tests.bench.plain.prepare"]
    made = subprocess.run(prepare, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True, check=True)
    return made.stdout.strip()


def _wait(port: int, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while server.poll() is None and time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5).close()
        except urllib.error.HTTPError:
            return  # it answers, be it with 404
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"gunicorn does not answer on {port}")
