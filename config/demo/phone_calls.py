"""A telephone call of the demo about two orders of one shopper: two cases, linked, by the product's own actions."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby

from django.contrib.auth.models import User

from config.demo.texts import CLAIMS, text_in
from returns.intake import contacts
from returns.intake.drafts import describe
from returns.models import Case, Contact
from signoff.db.required import required
from signoff.models import Order, Shop

REASONS = ("missing", "late")  # of the first and the second order
EARLIER = timedelta(hours=3)


def take_a_call(shop: Shop, agent: User, *, today: datetime) -> list[Case]:
    """Open the cases three hours ago; none where no shopper of ``shop`` has two delivered orders without a case."""
    orders, now = _two_orders(shop), today - EARLIER
    if not orders:
        return []
    customer = required(orders[0].customer)
    chosen = {order: {required(order.lines.first()).pk: 1} for order in orders}
    contact = contacts.begin(chosen, by=agent, channel=Case.Channel.PHONE, caller=customer.name)
    Contact.objects.filter(pk=contact.pk).update(started_at=now)
    for draft, code in zip(contact.drafts.select_related("order__shop").order_by("pk"), REASONS, strict=True):
        line = draft.data["lines"][0]["line"]
        words = text_in(CLAIMS[code], customer.language)
        describe(draft, said={line: {"reason": code, "wish": "refund", "words": words}})
    return contacts.submit_all(contact, by=agent, promised={}, now=now)


def _two_orders(shop: Shop) -> Sequence[Order]:
    """The older two orders of the first shopper who has enough of them; nobody has asked about these yet."""
    free = Order.objects.filter(shop=shop, cases=None, threads=None, customer__isnull=False)
    delivered = free.filter(parcels__delivered_at__isnull=False, is_cancelled=False).distinct()
    rows = delivered.select_related("customer", "shop").order_by("customer", "placed_at", "pk")
    for _customer, orders in groupby(rows, key=lambda order: order.customer_id):
        if len(two := list(orders)[:2]) == 2:
            return two
    return []
