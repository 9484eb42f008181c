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
from refunds.history_import.replay_case import Stuck
from signoff.imports.files.csv import CsvTable
from signoff.imports.files.rejected import RejectedRowsFile
from signoff.imports.files.sniff import UnreadableFile
from signoff.models import Shop


class Command(BaseCommand):
    help = "Play a CSV file of past returns as cases. Running it again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--shop", help="short name of the shop; needed where there are several")
        parser.add_argument("--refused", type=Path, help="where to list refused rows (default: beside FILE)")

        parser.add_argument("--workers", type=int, default=1, help="how many processes play returns side by side")

    def handle(
        self, *args: Any, file: Path, shop: str | None, refused: Path | None, workers: int, **options: Any
    ) -> None:
        to_shop = self._shop(shop)
        try:
            past = PastReturns(CsvTable(file), shop=to_shop)
        except UnreadableFile as why:
            raise CommandError(f"{file}: {why}") from why
        try:
            with tqdm(total=past.rows, unit=" rows", disable=None) as bar:
                done = replay(past, shop=to_shop, workers=workers, advance=bar.update)
        except Stuck as why:
            raise CommandError(str(why)) from why
        listed = refused or file.with_name(f"{file.name}.refused.csv")
        self._tell(done, self._write(done, listed, past.header))

    def _shop(self, slug: str | None) -> Shop:
        shops = {shop.slug: shop for shop in Shop.objects.order_by("slug")}
        if slug is None and len(shops) == 1:
            return next(iter(shops.values()))
        if not shops:
            raise CommandError("There is no shop yet. Import its orders first.")
        if slug not in shops:
            raise CommandError(f"Name one of these shops by --shop: {', '.join(shops)}.")
        return shops[slug]

    def _write(self, done: Replayed, path: Path, header: list[str]) -> RejectedRowsFile:
        listed = RejectedRowsFile(path, fallback=settings.DATA_DIR / "imports", header=header)
        for row in sorted(done.refused, key=lambda refused: refused.row.line):
            listed.add(row)
        listed.close()
        return listed

    def _tell(self, done: Replayed, listed: RejectedRowsFile) -> None:
        self.stdout.write(
            f"{done.lines} lines accepted; {done.cases} cases new, {done.known} were here already; "
            f"{listed.count} rows refused."
        )
        if listed.count:
            self.stdout.write(f"Refused rows with their reasons: {listed.path}")
