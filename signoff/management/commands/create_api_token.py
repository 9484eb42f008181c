"""``manage.py create_api_token NAME --scope quotes [--shop S] [--days N]``."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from signoff.api.tokens import create_token
from signoff.models import Scope, Shop


class Command(BaseCommand):
    help = "Make a token for the API and print it, once: the last line of the output is the token alone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="which program it is for")
        parser.add_argument("--scope", action="append", required=True, choices=Scope.values, help="what it may do")
        parser.add_argument("--shop", help="short name of the shop it speaks for; without, the only shop, or all")
        parser.add_argument("--days", type=int, default=365, help="how long it is valid (default 365); 0 for ever")

    def handle(self, *args: Any, name: str, scope: list[str], shop: str | None, days: int, **options: Any) -> None:
        if not 0 < len(name) <= 80 or not name.isprintable():
            raise CommandError("Give the token a name of at most 80 characters.")
        if not 0 <= days <= 36500:
            raise CommandError("--days lies between 0 (for ever) and 36500.")
        speaks_for = self._shop(shop)
        row, token = create_token(name, scopes=scope, shop=speaks_for, lasts=timedelta(days=days) if days else None)
        until = f"until {row.expires_at:%Y-%m-%d}" if row.expires_at else "for ever"
        self.stderr.write(
            f"“{row.name}” may do {', '.join(row.scopes)} for {speaks_for or 'every shop'}, {until}. "
            "Keep the token now; it is not shown again:"
        )
        self.stdout.write(token)

    def _shop(self, slug: str | None) -> Shop | None:
        """The shop of that name, else the only one; none where there is none or where there are several."""
        if slug is None:
            return Shop.objects.only_one()
        try:
            return Shop.objects.get(slug=slug)
        except Shop.DoesNotExist as unknown:
            slugs = ", ".join(Shop.objects.order_by("slug").values_list("slug", flat=True)) or "none yet"
            raise CommandError(f"There is no shop “{slug}”. Shops here: {slugs}.") from unknown
