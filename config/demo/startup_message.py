"""Text that ``make demo`` prints when everything runs: addresses, logins, orders to try."""

from django.core.management.base import OutputWrapper
from django.db.models import Exists, OuterRef

from config.demo.catalogue import PASSWORD, STAFF
from returns.models import Case
from signoff.db.required import required
from signoff.models import Order, Watch


def print_addresses(out: OutputWrapper, *, url: str) -> None:
    """Print the addresses and one login per role."""
    out.write(
        f"\nHomeward's demo is ready.\n\n  Shoppers   {url}/\n  Staff      {url}/desk/\n  Mail box   {url}/demo/mail/"
    )
    out.write(f"\nLogins (password {PASSWORD}):")
    seen: set[str] = set()
    for username, first, last, role in STAFF:
        if role not in seen:
            out.write(f"  {username:<11}{role:<15}{first} {last}")
            seen.add(role)
    out.write("")


def print_orders(out: OutputWrapper) -> None:
    """Print orders to try. Call it when the demo is complete: until then the loader may open cases about them."""
    out.write("Orders to try (number, e-mail):")
    for order in untouched_orders():
        customer = required(order.customer)
        out.write(f"  {order.number:<11}{customer.email:<38}{customer.name}")
    out.write("\nParcels to sign for (the mail box has the links):")
    for order in orders_to_sign_for():
        customer = required(order.customer)
        out.write(f"  {order.number:<11}{customer.email:<38}{customer.name}")
    out.write("")


def untouched_orders() -> list[Order]:
    """The two newest delivered orders of each shop that have no case."""
    free = Order.objects.filter(~Exists(Case.objects.filter(order=OuterRef("pk"))), parcels__delivered_at__isnull=False)
    orders: list[Order] = []
    for shop in free.values_list("shop", flat=True).distinct().order_by("shop"):
        orders += free.filter(shop=shop).select_related("customer").order_by("-placed_at")[:2]
    return orders


def orders_to_sign_for() -> list[Order]:
    """One order of each shop: the one whose shopper was notified last that the parcel waits for a signature."""
    waiting = Watch.objects.filter(sign_due_at__isnull=False, told_at__isnull=False, paused_at=None)
    orders: list[Order] = []
    for shop in waiting.values_list("parcel__order__shop", flat=True).distinct().order_by("parcel__order__shop"):
        newest = waiting.filter(parcel__order__shop=shop).order_by("-told_at").values("parcel__order")[:1]
        orders += Order.objects.filter(pk__in=newest).select_related("customer")
    return orders
