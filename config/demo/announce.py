"""What ``make demo`` prints once everything runs."""

from django.core.management.base import OutputWrapper
from django.db.models import Exists, OuterRef

from config.demo.catalogue import PASSWORD, STAFF
from returns.models import Case
from signoff.models import Order


def announce(out: OutputWrapper, *, url: str) -> None:
    """Addresses, one login per role, and orders to try."""
    out.write(
        f"\nHomeward's demo is ready.\n\n  Shoppers   {url}/\n  Staff      {url}/desk/\n  Mail box   {url}/demo/mail/"
    )
    out.write(f"\nLogins (password {PASSWORD}):")
    seen: set[str] = set()
    for username, first, last, role in STAFF:
        if role not in seen:
            out.write(f"  {username:<11}{role:<15}{first} {last}")
            seen.add(role)
    out.write("\nOrders to try (number, e-mail):")
    for order in untouched_orders():
        out.write(f"  {order.number:<11}{order.customer.email:<38}{order.customer.name}")
    out.write("")


def untouched_orders() -> list[Order]:
    """Two delivered orders of each shop that no case is about yet, the newest."""
    free = Order.objects.filter(~Exists(Case.objects.filter(order=OuterRef("pk"))), parcels__delivered_at__isnull=False)
    found: list[Order] = []
    for shop in free.values_list("shop", flat=True).distinct().order_by("shop"):
        found += free.filter(shop=shop).select_related("customer").order_by("-placed_at")[:2]
    return found
