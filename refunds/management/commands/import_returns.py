"""``manage.py import_returns FILE [--shop S]``."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from refunds.history_import.file import PastReturns
from refunds.history_import.parallel import replay
from refunds.history_import.replay import Replayed
from signoff.imports.files.csv import CsvTable
from signoff.imports.files.rejected import RejectedRowsFile
from signoff.imports.files.sniff import UnreadableFile
from signoff.models import Shop


class Command(BaseCommand):
    help = (
        "Replay a CSV file of past returns as cases: our own columns, or Amazon's FBA customer returns. Importing the "
        "same file again changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--shop", help="short name of the shop; needed if there are several")
        parser.add_argument("--refused", type=Path, help="file for the rejected rows (default: beside FILE)")
        parser.add_argument(
            "--workers", type=int, default=1, help="number of processes that replay returns in parallel"
        )

    def handle(
        self, *args: Any, file: Path, shop: str | None, refused: Path | None, workers: int, **options: Any
    ) -> None:
        to_shop = self._shop(shop)
        try:
            past = PastReturns(CsvTable(file), shop=to_shop)
        except UnreadableFile as why:
            raise CommandError(f"{file}: {why}") from why
        with tqdm(total=past.rows, unit=" rows", disable=None) as bar:
            replayed = replay(past, shop=to_shop, workers=workers, advance=bar.update)
        path = refused or file.with_name(f"{file.name}.refused.csv")
        self._print_result(replayed, self._write_rejected(replayed, path, past.header))
        if replayed.failed:
            raise CommandError(f"Rows not played to their end: {replayed.failed}; they are listed with the rest.")

    def _shop(self, slug: str | None) -> Shop:
        shops = {shop.slug: shop for shop in Shop.objects.order_by("slug")}
        if slug is None and len(shops) == 1:
            return next(iter(shops.values()))
        if not shops:
            raise CommandError("There is no shop yet. Import its orders first.")
        if slug not in shops:
            raise CommandError(f"Choose one of these shops with --shop: {', '.join(shops)}.")
        return shops[slug]

    def _write_rejected(self, replayed: Replayed, path: Path, header: list[str]) -> RejectedRowsFile:
        rejected_rows = RejectedRowsFile(path, fallback=settings.DATA_DIR / "imports", header=header)
        for row in sorted(replayed.refused, key=lambda rejected: rejected.row.line):
            rejected_rows.add(row)
        rejected_rows.close()
        return rejected_rows

    def _print_result(self, replayed: Replayed, rejected_rows: RejectedRowsFile) -> None:
        self.stdout.write(
            f"Accepted lines: {replayed.lines}. Cases: {replayed.cases} new, {replayed.known} imported earlier. "
            f"Rejected rows: {rejected_rows.count}."
        )
        if rejected_rows.count:
            self.stdout.write(f"Rejected rows with their reasons: {rejected_rows.path}")
