"""``manage.py real_year FILE``: import a real year of orders and returns and compare the figures with known facts.

``make real-year`` runs it in a data folder of its own. By default the returns are ``linked_returns.csv`` beside FILE,
and the facts are those of 2010–11 in ``real_year_facts.json``.
"""

import json
import os
import resource
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Sum
from tqdm import tqdm

from refunds.history_import.file import PastReturns
from refunds.history_import.parallel import replay
from refunds.history_import.replay import Replayed
from refunds.models import Refund
from signoff.imports.files.csv import CsvTable
from signoff.imports.files.rejected import RejectedRowsFile
from signoff.imports.formats.registry import FORMATS
from signoff.imports.orders.run import ImportResult, import_orders
from signoff.models import Shop

MAX_LISTED, UNKNOWN = 200, "unknown"
type Figure = tuple[str, Any, Any]
KNOWN = Path(__file__).resolve().parents[2] / "real_year_facts.json"


class Command(BaseCommand):
    help = "Import a year of Online Retail, play its returns, prove the books and compare with the facts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--returns", type=Path, help="the file of past returns (default: beside FILE)")
        parser.add_argument("--facts", type=Path, default=KNOWN, help="JSON with the figures to compare with")

    def handle(self, *args: Any, file: Path, returns: Path | None, facts: Path, **options: Any) -> None:
        returns = returns or file.with_name("linked_returns.csv")
        if missing := [str(path) for path in (file, returns, facts) if not path.is_file()]:
            raise CommandError(f"There is no such file: {', '.join(missing)}. Say where it is by RETURNS= or FACTS=.")
        known_facts = json.loads(facts.read_text(encoding="utf-8"))
        started = time.monotonic()
        shop, _ = Shop.objects.get_or_create(
            slug="online-retail",
            defaults={"name": "Online Retail", "currency": "GBP", "country": "GB", "time_zone": "Europe/London"},
        )
        orders, replayed = self._orders(file, shop), self._returns(returns, shop)
        self.stdout.write("Once more, to see that nothing is taken twice:")
        second_run = self._orders(file, shop)
        call_command("verify_logbook", stdout=self.stdout)
        call_command("verify_ledger", stdout=self.stdout)
        order_facts = _section(known_facts, "rows", orders.report["rows"])
        return_facts = _section(known_facts, "return_lines", replayed.lines + len(replayed.refused))
        wrong = self._compare(
            [
                *_order_figures(orders, order_facts),
                *_return_figures(replayed, return_facts),
                ("orders new in a second run", 0, second_run.new),
            ]
        )
        self._print_cost(time.monotonic() - started)
        self._end(wrong, replayed.failed, has_facts=bool(order_facts and return_facts), facts=facts)

    def _end(self, wrong: int, failed: int, *, has_facts: bool, facts: Path) -> None:
        """Exit with 1 if something is wrong, with 2 if nothing is known to be wrong because no facts are known."""
        if failed:
            raise CommandError(f"Rows of returns not played to their end: {failed}; see the list above.")
        if wrong:
            raise CommandError(f"Figures that differ from the facts: {wrong}.")
        if not has_facts:
            raise CommandError(f"{facts} has no facts about these files, so not all could be compared.", returncode=2)

    def _orders(self, file: Path, shop: Shop) -> ImportResult:
        table = CsvTable(file)
        reader = FORMATS["online-retail"](table)
        rejected_rows = RejectedRowsFile(_rejected_rows_path(file), fallback=settings.DATA_DIR, header=table.header)
        with tqdm(total=reader.passes * table.lines, desc="Orders", unit=" rows", unit_scale=True, disable=None) as bar:
            table.progress_callback = bar.update
            return import_orders(reader, shop=shop, source="online-retail", rejected_rows=rejected_rows)

    def _returns(self, file: Path, shop: Shop) -> Replayed:
        past = PastReturns(CsvTable(file), shop=shop)
        with tqdm(total=past.rows, desc="Returns", unit=" rows", disable=None) as bar:
            replayed = replay(past, shop=shop, workers=os.cpu_count() or 1, advance=bar.update)
        for row in sorted(replayed.refused, key=lambda rejected: rejected.row.line)[:MAX_LISTED]:
            self.stdout.write(f"  line {row.row.line}, {row.column}: {row.sentence}")
        return replayed

    def _compare(self, figures: list[Figure]) -> int:
        """Print every figure beside its fact; returns how many differ."""
        self.stdout.write(f"\n{'':<64}{'fact':>14}{'here':>14}")
        for name, fact, here in figures:
            self.stdout.write(
                f"{name[:62]:<64}{fact!s:>14}{here!s:>14}{'' if fact in (here, UNKNOWN) else '  differs'}"
            )
        return sum(fact not in (here, UNKNOWN) for _name, fact, here in figures)

    def _print_cost(self, seconds: float) -> None:
        kilobytes = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        self.stdout.write(f"\n{seconds / 60:.1f} minutes, at most {kilobytes / 1024:.0f} MB in one process.")


def _order_figures(result: ImportResult, expected: dict[str, Any]) -> Iterator[Figure]:
    for name, fact in _flatten(expected):
        yield name, fact, dict(_flatten(result.report)).get(name)
    yield "rows refused", 0, result.rejected


def _return_figures(replayed: Replayed, expected: dict[str, Any]) -> Iterator[Figure]:
    paid = Refund.objects.filter(status=Refund.Status.PAID).aggregate(total=Sum("amount"))["total"] or Decimal(0)
    for name, fact, here in (
        ("return lines accepted", "accepted", replayed.lines),
        ("return lines refused", "refused_more_than_bought", len(replayed.refused)),
        ("cases", "cases", replayed.cases + replayed.known),
        ("refunded, GBP", "refunded_gbp", f"{paid:.2f}"),
    ):
        yield name, expected.get(fact, UNKNOWN), here


def _section(facts: dict[str, Any], name: str, figure: int) -> dict[str, Any]:
    """The section of facts about Online Retail in which ``name`` is ``figure``; empty if none is about this file."""
    sections = (part for key, part in facts.items() if key.startswith("online_retail") and isinstance(part, dict))
    return next((part for part in sections if part.get(name) == figure), {})


def _flatten(report: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """The single figures of a report, each under one name; lists are left out, tests compare them."""
    for name, value in report.items():
        if isinstance(value, dict):
            yield from _flatten(value, f"{prefix}{name} · ")
        elif not isinstance(value, list):
            yield f"{prefix}{name}", value


def _rejected_rows_path(file: Path) -> Path:
    return settings.DATA_DIR / "imports" / f"{file.name}.refused.csv"
