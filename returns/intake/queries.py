"""What intake reads: orders, drafts, reasons and pictures; which orders have a request or an open case."""

from collections.abc import Collection, Sequence

from django.contrib.auth.models import User

from returns.models import Case, Contact, Draft, Evidence, Reason
from signoff.db.lookups import any_of
from signoff.db.prepared.compiled import CompiledQuery
from signoff.models import Order, OrderLine

_ORDER = CompiledQuery(
    lambda entries, token: (
        Order.objects.visible_to_entries(entries).select_related("shop", "customer").filter(token=token)
    )
)
_CASE = CompiledQuery(
    lambda entries, number: (
        Case.objects.visible_to_entries(entries).select_related("shop", "customer", "order").filter(number=number)
    )
)
_DRAFT = CompiledQuery(lambda order, token: Draft.objects.select_related("case").filter(order_id=order, token=token))
_LOCKED_DRAFT = CompiledQuery(lambda key: Draft.objects.select_for_update().filter(pk=key))
_PICTURES = CompiledQuery(lambda draft: Evidence.objects.filter(draft_id=draft).order_by("pk"))
_REASONS = CompiledQuery(lambda shop: Reason.objects.filter(shop_id=shop))
_GOODS = CompiledQuery(lambda order: OrderLine.objects.filter(order_id=order, kind=OrderLine.Kind.GOODS))
_LINES = CompiledQuery(lambda keys: OrderLine.objects.filter(any_of("pk", keys)))
_LINES_OF_ORDER = CompiledQuery(lambda keys, order: OrderLine.objects.filter(any_of("pk", keys), order_id=order))


def find_order(entries: Collection[int], token: str) -> Order | None:
    """The order with this token, its shop and customer, if it is among ``entries`` (primary keys)."""
    return _ORDER.first(entries, token)


def find_case(entries: Collection[int], number: str) -> Case | None:
    """The case with this number, its shop, customer and order, if its order is among ``entries``."""
    return _CASE.first(entries, number)


def find_draft(order: Order, token: str) -> Draft | None:
    """The draft of ``order`` with this token, and the case that it may have become."""
    return _DRAFT.first(order.pk, token, order=order)


def lock_draft(draft: Draft) -> Draft:
    """The draft as it is now, its row locked."""
    return _LOCKED_DRAFT.get(draft.pk)


def lock_contact(contact: Contact) -> Contact:
    """The contact as it is now, its row locked. Raises ``Contact.DoesNotExist`` if it was discarded."""
    return Contact.objects.select_for_update().get(pk=contact.pk)


def lock_lines_of_drafts(drafts: Collection[Draft]) -> None:
    """Lock the order lines of all these drafts in the order of their keys (``returns.logbook.locks``)."""
    keys = {entry["line"] for draft in drafts if draft.case_id is None for entry in draft.data.get("lines", [])}
    list(OrderLine.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))


OPEN_CONTACTS = 8
FURTHER_ORDERS = 8


def open_contacts(user: User) -> list[Contact]:
    """Contacts that this agent began and whose cases are not open yet, newest first, with their drafts and orders."""
    waiting = Contact.objects.filter(pk__in=Draft.objects.filter(case=None, contact__started_by=user).values("contact"))
    return list(waiting.prefetch_related("drafts__order__shop").order_by("-pk")[:OPEN_CONTACTS])


def further_orders(order: Order) -> list[Order]:
    """The newest other orders of the same shopper, with their lines."""
    if order.customer_id is None:
        return []
    others = Order.objects.filter(customer=order.customer_id).exclude(pk=order.pk)
    return list(others.select_related("shop").order_by("-placed_at", "-pk")[:FURTHER_ORDERS])


def pictures_of(draft: Draft) -> list[Evidence]:
    """The pictures of a draft, oldest first."""
    return _PICTURES.all(draft.pk, draft=draft)


def reasons_of(shop: int) -> list[Reason]:
    """All reasons of the shop with this primary key, in their order."""
    return _REASONS.all(shop)


def goods_of(order: Order) -> list[OrderLine]:
    """The lines of an order that are goods."""
    return _GOODS.all(order.pk, order=order)


def order_lines(keys: Sequence[int]) -> list[OrderLine]:
    """The order lines with these primary keys."""
    return _LINES.all(keys)


def lines_of_order(order: Order, keys: Sequence[int]) -> list[OrderLine]:
    """Those of the order lines with these primary keys that belong to ``order``."""
    return _LINES_OF_ORDER.all(keys, order.pk, order=order)


def orders_with_requests(orders: Collection[int]) -> set[int]:
    """Those with a case or a draft: an import may not remove lines that are named there."""
    cases = Case.objects.filter(order__in=orders).order_by().values_list("order")
    drafts = Draft.objects.filter(order__in=orders).order_by().values_list("order")
    return {order for (order,) in cases.union(drafts)}


def orders_with_open_cases(orders: Collection[int]) -> set[int]:
    """Those with a case on which somebody still has to act."""
    return set(Case.objects.open().filter(order__in=orders).order_by().values_list("order", flat=True).distinct())
