"""``manage.py import_orders FILE --format online-retail [--shop S]``."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from signoff.imports import FORMATS, WRITTEN, Outcome, Table, Unreadable, import_orders
from signoff.imports.refused import RefusedFile
from signoff.models import Shop


class Command(BaseCommand):
    help = "Import orders from a CSV file (.csv or .csv.gz). Running it again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--format", required=True, choices=WRITTEN)
        parser.add_argument("--shop", help="short name of the shop; needed where there are several")
        parser.add_argument("--refused", type=Path, help="where to list refused rows (default: beside FILE)")

    def handle(
        self, *args: Any, file: Path, format: str, shop: str | None, refused: Path | None, **options: Any
    ) -> None:
        try:
            table = Table(file)
            reader = FORMATS[format](table)
        except Unreadable as why:
            raise CommandError(f"{file}: {why}") from why
        listed = RefusedFile(
            refused or file.with_name(f"{file.name}.refused.csv"),
            fallback=settings.DATA_DIR / "imports",
            header=table.header,
        )
        to_shop = self._shop(shop, format)
        with tqdm(total=reader.passes * table.lines, unit=" rows", unit_scale=True, disable=None) as bar:
            table.advance = bar.update
            outcome = import_orders(reader, shop=to_shop, source=format, refused=listed)
        self._tell(outcome)

    def _shop(self, slug: str | None, format: str) -> Shop:
        """The shop of that name, or the only one; the first shop of an empty house is made."""
        shops = {shop.slug: shop for shop in Shop.objects.order_by("slug")}
        if not shops:
            self.stdout.write(f"There was no shop yet: made “{slug or format}”.")
            return Shop.objects.create(
                slug=slug or format, name=slug or format, currency="GBP", country="GB", time_zone="Europe/London"
            )
        if slug is None and len(shops) == 1:
            return next(iter(shops.values()))
        if slug not in shops:
            raise CommandError(f"Name one of these shops by --shop: {', '.join(shops)}.")
        return shops[slug]

    def _tell(self, outcome: Outcome) -> None:
        self.stdout.write(json.dumps(outcome.report, indent=1, ensure_ascii=False))
        paid = ", ".join(f"{amount} {currency}" for currency, amount in outcome.paid.items()) or "nothing"
        self.stdout.write(
            f"{outcome.new} orders new with {outcome.lines} lines, {paid} paid for them; "
            f"{outcome.unchanged} orders were here already; 0 changed; {outcome.refused} rows refused."
        )
        if outcome.refused_file:
            self.stdout.write(f"Refused rows with their reasons: {outcome.refused_file}")
