"""The product as it is served, for a benchmark: gunicorn with its own configuration over the benchmark's own data."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from django.conf import settings

PATIENCE = 60


@dataclass(frozen=True)
class Web:
    """Where it listens, and its first process."""

    host: str
    master: int

    @property
    def url(self) -> str:
        return f"http://{self.host}"

    def workers(self) -> list[int]:
        """The processes that answer."""
        return [child.pid for child in psutil.Process(self.master).children()]


@contextmanager
def served(log: Path, **environment: str) -> Iterator[Web]:
    """Serve until the block ends; a worker is not replaced after some thousand requests."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    here = {"PORT": str(port), "SITE_URL": f"http://127.0.0.1:{port}"}
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--config",
        "config/runtime/gunicorn.py",
        "--max-requests",
        "0",
        "config.wsgi",
    ]
    with log.open("w") as words:
        process = subprocess.Popen(
            command, cwd=settings.BASE_DIR, env=os.environ | here | environment, stdout=words, stderr=words
        )
    try:
        web = Web(f"127.0.0.1:{port}", process.pid)
        _wait(web)
        yield web
    finally:
        process.terminate()
        process.wait()


def _wait(web: Web) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            urllib.request.urlopen(f"{web.url}/healthz", timeout=5).close()  # noqa: S310 - our own
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            return
