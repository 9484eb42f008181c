"""Who bought: found by the shop's own number, else by e-mail, or made. What their newest order says of them holds."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Max
from django.db.models.functions import Lower
from django.utils.translation import get_supported_language_variant

from signoff.db.copy import copy, keys_for
from signoff.imports.orders.parsed import Buyer, SoldOrder
from signoff.models import Customer, Order, Shop

CONTACT_FIELDS = ("name", "email", "phone", "address", "language")
COLUMNS = ("id", "shop_id", "external_id", *CONTACT_FIELDS)
BATCH_SIZE = 500

type CustomerOrders = list[tuple[Customer, list[SoldOrder]]]
"""Customers with their orders of this batch, the newest last."""


def save_customers(orders: Sequence[SoldOrder], shop: Shop) -> list[int | None]:
    """The key of each order's customer, made or brought up to date; ``None`` where the file says nothing of one.

    Somebody who was erased keeps their orders and gets no data again.
    """
    people = _CustomerIndex(orders, shop)
    found: dict[int, Customer | None] = {}
    heard: dict[int, tuple[Customer, list[SoldOrder]]] = {}
    for order in sorted(orders, key=lambda order: order.placed_at):
        found[id(order)] = customer = people.who(order.buyer)
        if customer:
            heard.setdefault(id(customer), (customer, []))[1].append(order)
    _insert_customers(people.new, [heard[id(customer)][1] for customer in people.new])
    _update_customers([one for one in heard.values() if not people.is_new(one[0]) and not one[0].erased_at])
    return [customer.pk if (customer := found[id(order)]) else None for order in orders]


class _CustomerIndex:
    """The customers of a batch, by what they are found by."""

    def __init__(self, orders: Sequence[SoldOrder], shop: Shop) -> None:
        self.shop = shop
        self.new: list[Customer] = []
        self._made: set[int] = set()
        names = {order.buyer.external_id for order in orders} - {""}
        mails = {valid_email(order.buyer).lower() for order in orders} - {""}
        ours = Customer.objects.filter(shop=shop)
        self._named = {one.external_id: one for one in ours.filter(external_id__in=names)} if names else {}
        self._mailed: dict[str, Customer] = {}
        if mails:
            same = {one.pk: one for one in self._named.values()}
            for one in ours.alias(mail=Lower("email")).filter(mail__in=mails, erased_at=None).order_by("-pk"):
                self._mailed[one.email.lower()] = same.get(one.pk, one)

    def is_new(self, customer: Customer) -> bool:
        """Whether the customer is made for this batch."""
        return id(customer) in self._made

    def who(self, buyer: Buyer) -> Customer | None:
        if not (buyer.external_id or buyer.email or buyer.name or buyer.phone):
            return None
        customer = self._named.get(buyer.external_id) or self._same_mail(buyer) or self._made_for(buyer)
        if buyer.external_id:
            self._named[buyer.external_id] = customer
        if (mail := valid_email(buyer).lower()) and not customer.erased_at:
            self._mailed.setdefault(mail, customer)
        return customer

    def _same_mail(self, buyer: Buyer) -> Customer | None:
        """Who had no number yet gets it later; two numbers are two customers."""
        customer = self._mailed.get(valid_email(buyer).lower())
        return None if customer and buyer.external_id and customer.external_id else customer

    def _made_for(self, buyer: Buyer) -> Customer:
        customer = Customer(shop=self.shop, external_id=buyer.external_id, language=self.shop.language)
        self.new.append(customer)
        self._made.add(id(customer))
        return customer


def _insert_customers(customers: Sequence[Customer], heard: Sequence[Sequence[SoldOrder]]) -> None:
    if not customers:
        return
    for customer, key, orders in zip(customers, keys_for(Customer, len(customers)), heard, strict=True):
        customer.pk = key
        for order in orders:
            _apply_contacts(customer, order.buyer)
    copy(Customer, COLUMNS, (tuple(getattr(one, name) for name in COLUMNS) for one in customers))


def _update_customers(heard: CustomerOrders) -> None:
    """An order older than one that is here already only fills in what is not known."""
    news = [one for one in heard if any(_differs(one[0], order.buyer) for order in one[1])]
    if not news:
        return
    newest = _newest_order_times([customer.pk for customer, _orders in news])
    for customer, orders in news:
        for order in orders:
            latest = newest.get(customer.pk)
            _apply_contacts(customer, order.buyer, over=latest is None or order.placed_at >= latest)
    Customer.objects.bulk_update(
        [customer for customer, _orders in news], ["external_id", *CONTACT_FIELDS], batch_size=BATCH_SIZE
    )


def _newest_order_times(customers: Sequence[int]) -> dict[int, datetime]:
    rows = Order.objects.filter(customer__in=customers).order_by().values_list("customer")
    return dict(rows.annotate(newest=Max("placed_at")))


def _differs(customer: Customer, buyer: Buyer) -> bool:
    return any(getattr(customer, name) != value for name, value in _contact_values(buyer))


def _apply_contacts(customer: Customer, buyer: Buyer, *, over: bool = True) -> None:
    for name, value in _contact_values(buyer):
        if (over and name != "external_id") or not getattr(customer, name):
            setattr(customer, name, value)


def _contact_values(buyer: Buyer) -> Iterator[tuple[str, str]]:
    """The columns of which the file says something."""
    address = "\n".join(buyer.address.lines()) if buyer.address else ""
    for name, value in (
        ("external_id", buyer.external_id),
        ("name", buyer.name[:200]),
        ("email", valid_email(buyer)),
        ("phone", buyer.phone[:40]),
        ("address", address),
        ("language", supported_language(buyer.language)),
    ):
        if value:
            yield name, value


def valid_email(buyer: Buyer) -> str:
    """The e-mail address, or an empty text where what stands there is none."""
    return _validate_email(buyer.email) if buyer.email else ""


@lru_cache(maxsize=4096)
def _validate_email(text: str) -> str:
    try:
        validate_email(text)
    except ValidationError:
        return ""
    return text if len(text) <= 254 else ""


@lru_cache(maxsize=256)
def supported_language(tag: str) -> str:
    """The house's language for a tag such as ``zh-CN``; empty where it speaks none of the kind."""
    try:
        return get_supported_language_variant(tag.lower().replace("_", "-")) if tag else ""
    except LookupError:
        return ""
