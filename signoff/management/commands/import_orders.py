"""``manage.py import_orders FILE [FILE …] [--format shopify] [--shop S]``."""

import json
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from signoff.imports.files.encodings import ENCODING_NAMES
from signoff.imports.files.rejected import RejectedRowsFile
from signoff.imports.files.sniff import UnreadableFile
from signoff.imports.files.uploaded import Source, open_source, require_encoding
from signoff.imports.formats.registry import FORMATS, Format, recognise
from signoff.imports.orders.run import ImportResult, import_orders
from signoff.models import Shop

SHOP = {"currency": "GBP", "country": "GB", "time_zone": "Europe/London"}


class Command(BaseCommand):
    help = (
        "Import orders from the files of one export (CSV, XLSX or JSON, gzipped or not). Importing them again "
        "changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
        parser.add_argument(
            "--format", choices=FORMATS, help="format of the export (default: recognised by its content)"
        )
        parser.add_argument(
            "--encoding", choices=ENCODING_NAMES, default="", help="encoding of text files (default: detected)"
        )
        parser.add_argument("--shop", help="short name of the shop; needed if there are several")
        parser.add_argument("--refused", type=Path, help="file for the rejected rows (default: beside the first FILE)")

    def handle(
        self,
        *args: Any,
        files: list[Path],
        format: str | None,
        encoding: str,
        shop: str | None,
        refused: Path | None,
        **options: Any,
    ) -> None:
        source, format_ = self._open(files, format, encoding)
        try:
            reader = format_(source)
            rejected_rows = RejectedRowsFile(
                refused or files[0].with_name(f"{files[0].name}.refused.csv"),
                fallback=settings.DATA_DIR / "imports",
                header=source.header,
            )
            to_shop = self._shop(shop, format_.key)
            total = reader.passes * source.lines or None
            with tqdm(total=total, unit=" rows", unit_scale=True, disable=None) as bar:
                result = import_orders(
                    reader, shop=to_shop, source=format_.key, rejected_rows=rejected_rows, on_progress=bar.update
                )
        except UnreadableFile as why:
            raise CommandError(f"{', '.join(map(str, files))}: {why}") from why
        self._print_result(result)

    def _open(self, files: Sequence[Path], format: str | None, encoding: str) -> tuple[Source, Format]:
        try:
            source = open_source(*files, encoding=encoding)
            require_encoding(source)
            return source, FORMATS[format] if format else recognise(source)
        except UnreadableFile as why:
            raise CommandError(f"{', '.join(map(str, files))}: {why}") from why

    def _shop(self, slug: str | None, format: str) -> Shop:
        """The shop with this slug, or the only one; if there is no shop, it is created."""
        shops = {shop.slug: shop for shop in Shop.objects.order_by("slug")}
        if not shops:
            self.stdout.write(f"Created the shop “{slug or format}”, because there was none.")
            return Shop.objects.create(slug=slug or format, name=slug or format, **SHOP)
        if slug is None and len(shops) == 1:
            return next(iter(shops.values()))
        if slug not in shops:
            raise CommandError(f"Choose one of these shops with --shop: {', '.join(shops)}.")
        return shops[slug]

    def _print_result(self, result: ImportResult) -> None:
        self.stdout.write(json.dumps(result.report, indent=1, ensure_ascii=False))
        paid = ", ".join(f"{amount} {currency}" for currency, amount in result.paid.items()) or "nothing"
        self.stdout.write(
            f"Orders: {result.new} new, {result.changed} changed, {result.unchanged} unchanged. "
            f"Lines of new orders: {result.lines}; paid for them: {paid}. Rejected rows: {result.rejected}."
        )
        if result.anomalies:
            self.stdout.write(f"New order anomalies to check on the page “Order anomalies”: {result.anomalies}.")
        if result.rejected_file:
            self.stdout.write(f"Rejected rows with their reasons: {result.rejected_file}")
