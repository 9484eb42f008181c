"""``manage.py run``: web, workers, scheduler and database in one terminal, for the demo or a small shop."""

import errno
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from threading import Thread
from typing import Any

import httpx
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, connections

from config.demo import progress
from config.demo.startup_message import print_addresses, print_orders
from config.i18n.catalogues import compile_stale
from config.runtime import data_folder, postgres, supervisor
from signoff.models import Order

HOST = "127.0.0.1"
WATCH_EVERY, WARN_EVERY = 1.0, 3600.0  # seconds
CELERY = [sys.executable, "-W", "ignore:You're running the worker", "-m", "celery", "--quiet", "-A", "config"]
LONE = ["--without-gossip", "--without-mingle", "--without-heartbeat"]  # there is no other worker to talk to
FILL = [sys.executable, "manage.py", "load_demo"]  # then becomes the worker, which must not see an incomplete past
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
        os.chdir(settings.BASE_DIR)
        os.environ["PORT"] = str(port)
        data_folder.keep_private()
        try:
            with data_folder.claimed(f"http://{HOST}:{port}/"):
                _check_port_is_free(port)
                self._run_alone(port)
        except data_folder.AlreadyRuns as error:
            raise CommandError(str(error)) from error

    def _run_alone(self, port: int) -> None:
        """Run until the end; stops the database unless it ran before."""
        found_running = postgres.is_running()
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.default_int_handler)
        try:
            self._run(port, COMMANDS | self._prepare())
        except postgres.EmbeddedDatabaseError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            self.stdout.write("\nStopped before it had begun.")
        finally:
            if not (os.environ.get("DATABASE_URL") or found_running):
                postgres.stop()

    def _prepare(self) -> dict[str, list[str]]:
        """Migrate the database; returns the commands that replace those of ``COMMANDS`` at this start."""
        postgres.ensure()
        compile_stale()
        if not connection.introspection.table_names():
            self.stdout.write("Setting up the database (the first time only) …")
            self.stdout.flush()
        call_command("migrate", verbosity=0)
        fill_first = self._needs_filling() if settings.DEMO else False
        connections.close_all()
        return {"worker": [*FILL, *COMMANDS["worker"]]} if fill_first else {}

    def _run(self, port: int, commands: dict[str, list[str]]) -> None:
        watch = Thread(daemon=True, target=lambda: None)

        def when_started(all_run: Callable[[], bool]) -> None:
            nonlocal watch
            watch = Thread(daemon=True, target=self._watch, args=[all_run])
            watch.start()
            try:
                if _wait_for_web(port, all_run) and _wait_until(progress.can_be_viewed, all_run):
                    self._print_addresses(port)
                    if _wait_until(progress.is_complete, all_run):
                        self._print_orders()
            finally:
                connections.close_all()

        connections.close_all()  # the processes are forked from this one
        ended = supervisor.run(commands, when_started=when_started, when_signalled=self._print_stopping)
        if watch.ident is not None:
            watch.join(timeout=postgres.START_TIMEOUT)  # it must not start the database that is about to be stopped
        if ended:
            raise CommandError(f"The {ended} process ended by itself, so everything was stopped. Its words are above.")
        self.stdout.write("Stopped: web, worker, scheduler. Nothing is lost.")
        if settings.DEMO and not progress.is_complete():
            self.stdout.write("The demo was not filled to its end; the next start begins it anew.")

    def _watch(self, all_run: Callable[[], bool]) -> None:
        """Start the embedded database again when it has died, and warn while there is little room on the disk."""
        warn_at = 0.0
        while all_run():
            if not os.environ.get("DATABASE_URL") and not postgres.is_running() and all_run():
                self._say("The database had stopped. It is being started again …")
                try:
                    postgres.ensure()
                except postgres.EmbeddedDatabaseError as error:
                    self._say(str(error))
            if time.monotonic() >= warn_at and (warning := data_folder.low_space(low=settings.DISK_LOW)):
                self._say(warning)
                warn_at = time.monotonic() + WARN_EVERY
            time.sleep(WATCH_EVERY)

    def _say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()

    def _needs_filling(self) -> bool:
        """Whether to load the demo: into an empty database, and again after a load that did not complete."""
        if not progress.is_complete() and User.objects.exists():
            if os.environ.get("DATABASE_URL"):
                raise CommandError(
                    "The demo in this database was not filled to its end. Empty the database, or remove the file "
                    f"{progress.marker_file()} to go on with what is there."
                )
            self.stdout.write("The demo was not filled to its end; it begins anew.")
            connections.close_all()
            postgres.recreate_database()
            call_command("migrate", verbosity=0)
        if Order.objects.exists():
            return False
        self.stdout.write("Filling the demo's shops with orders and cases (the first time only) …")
        self.stdout.flush()
        progress.marker_file().touch()  # the first page shows it already
        return True

    def _print_addresses(self, port: int) -> None:
        """Print the address; in the demo also its logins."""
        if settings.DEMO:
            print_addresses(self.stdout, url=f"http://{HOST}:{port}")
        else:
            self.stdout.write(f"\nHomeward is at http://{HOST}:{port}/ (staff: /desk/).")
        self.stdout.write("Ctrl-C stops everything.\n")
        self.stdout.flush()

    def _print_orders(self) -> None:
        if settings.DEMO:
            print_orders(self.stdout)
            self.stdout.flush()
            connections.close_all()

    def _print_stopping(self) -> None:
        self.stdout.write("\nStopping; the workers finish what they have begun …")
        self.stdout.flush()


def _wait_until(condition: Callable[[], bool], all_run: Callable[[], bool]) -> bool:
    """Poll ``condition`` until it holds; False when a process ended before. Outside the demo there is no wait."""
    while settings.DEMO and not condition():
        if not all_run():
            return False
        time.sleep(0.2)
    connections.close_all()
    return True


def _check_port_is_free(port: int) -> None:
    """Raise ``CommandError`` when another program listens on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
                raise
            hint = f"Stop what is using it, or choose another: PORT={port + 1 if port >= 1024 else 8001} make demo"
            raise CommandError(f"Port {port} is not free. {hint}") from error


def _wait_for_web(port: int, all_run: Callable[[], bool]) -> bool:
    """Wait until the web process answers; False when a process ended before."""
    while all_run():
        try:
            httpx.get(f"http://{HOST}:{port}/healthz", timeout=5, trust_env=False).raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.2)
        else:
            return True
    return False
