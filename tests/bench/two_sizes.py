"""The same pages on a small and on a large database, in turns, so that both see the same disturbances."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client
from django.test.utils import CaptureQueriesContext

from config.runtime import postgres
from tests.bench import bulk_rows

SMALL, LARGE = 1_000, int(os.environ.get("HOMEWARD_CASES", "1000000"))
TURNS = 30

type Address = str | Callable[[], str]


@dataclass
class Size:
    """One of the two databases, with the browsers that are signed in there."""

    cases: int
    connection: BaseDatabaseWrapper
    clients: dict[str, Client] = field(default_factory=dict)
    known: dict[Callable[[], str], str] = field(default_factory=dict)

    def use(self) -> None:
        """From now on Django's connection is this one."""
        connections["default"] = self.connection

    def get(self, who: str, address: Address, **headers: str) -> float:
        """Milliseconds for one page, as ``who``."""
        self.use()
        path = self.path(address)
        begun = perf_counter()
        response = self.clients[who].get(path, headers=headers)
        taken = perf_counter() - begun
        if response.status_code != 200:
            raise RuntimeError(f"{path}: {response.status_code}")
        return taken * 1000

    def part(self, who: str, address: Address) -> float:
        """Milliseconds for the part of the page that htmx asks for."""
        return self.get(who, address, **{"HX-Request": "true"})

    def queries(self, who: str, address: Address) -> int:
        """How often the database is asked for the page."""
        self.use()
        path = self.path(address)
        with CaptureQueriesContext(self.connection) as asked:
            self.get(who, path)
        return len(asked)

    def path(self, address: Address) -> str:
        """The address in this database; looked up once."""
        if isinstance(address, str):
            return address
        if address not in self.known:
            self.known[address] = address()
        return self.known[address]


def sizes() -> tuple[Size, Size]:
    """Both databases, copies of the migrated one, filled."""
    collect_static()
    connections.close_all()
    return _made(SMALL), _made(LARGE)


def _made(cases: int) -> Size:
    name = f"pages_{cases}"
    with psycopg.connect(**postgres.dsn("postgres"), autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name} TEMPLATE {postgres.DATABASE}")
    connection = connections.create_connection("default")
    connection.settings_dict = {**connection.settings_dict, "NAME": name}
    size = Size(cases, connection)
    size.use()
    bulk_rows.people()
    bulk_rows.fill(postgres.dsn(name), cases=cases)
    return size


def collect_static() -> None:
    """Files with names as in production; compressing them changes nothing here."""
    settings.STATIC_ROOT = Path(settings.DATA_DIR) / "static"
    backend = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": backend}}
    call_command("collectstatic", interactive=False, verbosity=0)


@dataclass(frozen=True)
class Times:
    """Milliseconds of one page, sorted."""

    all: list[float]

    def part(self, share: float) -> float:
        return self.all[min(len(self.all) - 1, int(len(self.all) * share))]

    @property
    def p50(self) -> float:
        return self.part(0.5)

    @property
    def p95(self) -> float:
        return self.part(0.95)


def turn_by_turn(small: Size, large: Size, who: str, address: Address, *, turns: int = TURNS) -> tuple[Times, Times]:
    """Times of the same page on both, one request each in turns, after one that fills the caches."""
    taken: dict[int, list[float]] = {small.cases: [], large.cases: []}
    for turn in range(turns + 1):
        for size in (small, large):
            milliseconds = size.get(who, address)
            if turn:
                taken[size.cases].append(milliseconds)
    return Times(sorted(taken[small.cases])), Times(sorted(taken[large.cases]))


def side_by_side(*pages: Callable[[], Any], turns: int = TURNS) -> list[Times]:
    """Times of different actions, turn by turn, after one turn that fills the caches."""
    taken: list[list[float]] = [[] for _page in pages]
    for turn in range(turns + 1):
        for place, page in enumerate(pages):
            begun = perf_counter()
            page()
            if turn:
                taken[place].append((perf_counter() - begun) * 1000)
    return [Times(sorted(times)) for times in taken]
