"""``manage.py run``: the whole product in one terminal, for a demo, a small shop or a developer."""

import errno
import os
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, connections

from config.demo.announce import announce
from config.i18n.catalogues import compile_stale
from config.runtime import postgres, supervisor
from signoff.models import Order

HOST = "127.0.0.1"
CELERY = [sys.executable, "-W", "ignore:You're running the worker", "-m", "celery", "--quiet", "-A", "config"]
LONE = ["--without-gossip", "--without-mingle", "--without-heartbeat"]  # it has no other worker to talk to
COMMANDS = {
    "web": [sys.executable, "-m", "gunicorn", "--config", "config/runtime/gunicorn.py", "config.wsgi"],
    "worker": [*CELERY, "worker", "-c", "2", "-l", "WARNING", *LONE],
    "scheduler": [*CELERY, "beat", "-l", "WARNING"],
}


class Command(BaseCommand):
    help = "Run web, workers, scheduler and the embedded database until Ctrl-C."
    requires_system_checks: list[str] = []  # the web process makes them

    def handle(self, *args: Any, **options: Any) -> None:
        port = int(os.environ.get("PORT", "8000"))
        _refuse_taken(port)
        os.chdir(settings.BASE_DIR)
        os.environ["PORT"] = str(port)
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.default_int_handler)
        try:
            self._prepare()
            self._run(port)
        except postgres.EmbeddedDatabaseError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            self.stdout.write("\nStopped before it had begun.")
        finally:
            if not os.environ.get("DATABASE_URL"):
                postgres.stop()

    def _prepare(self) -> None:
        postgres.ensure()
        compile_stale()
        if not connection.introspection.table_names():
            self.stdout.write("Setting up the database (the first time only) …")
            self.stdout.flush()
        call_command("migrate", verbosity=0)
        if settings.DEMO:
            self._fill()

    def _run(self, port: int) -> None:
        def when_started(all_run: Callable[[], bool]) -> None:
            if _answers(port, all_run):
                self._announce(port)

        ended = supervisor.run(COMMANDS, when_started=when_started, when_told=self._say_goodbye)
        if ended:
            raise CommandError(f"The {ended} process ended by itself, so everything was stopped. Its words are above.")
        self.stdout.write("Stopped: web, worker, scheduler. Nothing is lost.")

    def _fill(self) -> None:
        """Load the demo shop into an empty database; one that was interrupted is begun anew."""
        half = settings.DATA_DIR / "demo-half-loaded"
        if half.exists() and not os.environ.get("DATABASE_URL"):
            connections.close_all()
            postgres.recreate_database()
            call_command("migrate", verbosity=0)
        if not Order.objects.exists():
            self.stdout.write("Filling the demo's shops with orders and cases (the first time only) …")
            self.stdout.flush()
            half.touch()
            call_command("load_demo")
            half.unlink()
        connections.close_all()

    def _announce(self, port: int) -> None:
        """The demo tells its addresses, people and order numbers; every other installation its address."""
        if settings.DEMO:
            announce(self.stdout, url=f"http://{HOST}:{port}")
        else:
            self.stdout.write(f"\nHomeward is at http://{HOST}:{port}/ (staff: /desk/).")
        self.stdout.write("Ctrl-C stops everything.\n")
        self.stdout.flush()

    def _say_goodbye(self) -> None:
        self.stdout.write("\nStopping; the workers finish what they have begun …")
        self.stdout.flush()


def _refuse_taken(port: int) -> None:
    """Fail with a sentence when somebody listens there already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
                raise
            hint = f"Stop what is using it, or choose another: PORT={port + 1 if port >= 1024 else 8001} make demo"
            raise CommandError(f"Port {port} is not free. {hint}") from error


def _answers(port: int, all_run: Callable[[], bool]) -> bool:
    """Wait until the web process answers; False when a process ended before."""
    while all_run():
        try:
            with urllib.request.urlopen(f"http://{HOST}:{port}/healthz", timeout=5):
                return True
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    return False
