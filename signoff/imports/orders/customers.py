"""Finds or creates the customers of a batch: by the shop's customer number, else by e-mail. The newest order wins."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache

from django.db.models import Max
from django.db.models.functions import Lower
from django.utils.translation import get_supported_language_variant

from signoff.db.copy import copy, reserve_keys
from signoff.imports.files.contacts import read_emails
from signoff.imports.orders.parsed import Buyer, SoldOrder
from signoff.models import Customer, Order, Shop

CONTACT_FIELDS = ("name", "email", "phone", "address", "language")
COLUMNS = ("id", "shop_id", "external_id", *CONTACT_FIELDS)
BATCH_SIZE = 500

type CustomerOrders = list[tuple[Customer, list[SoldOrder]]]
"""Customers with their orders of this batch, the newest last."""


def save_customers(orders: Sequence[SoldOrder], shop: Shop) -> list[int | None]:
    """Insert or update the customers of the orders; returns a primary key for each, or ``None`` for no buyer.

    An erased customer keeps their orders and is never filled with personal data again.
    """
    index = _CustomerIndex(orders, shop)
    customers: dict[int, Customer | None] = {}
    by_customer: dict[int, tuple[Customer, list[SoldOrder]]] = {}
    for order in sorted(orders, key=lambda order: order.placed_at):
        customers[id(order)] = customer = index.find_or_create(order.buyer)
        if customer:
            by_customer.setdefault(id(customer), (customer, []))[1].append(order)
    _insert_customers(index.new, [by_customer[id(customer)][1] for customer in index.new])
    _update_customers([pair for pair in by_customer.values() if not index.is_new(pair[0]) and not pair[0].erased_at])
    return [customer.pk if (customer := customers[id(order)]) else None for order in orders]


class _CustomerIndex:
    """The customers of a batch by customer number and by e-mail; one query each."""

    def __init__(self, orders: Sequence[SoldOrder], shop: Shop) -> None:
        self.shop = shop
        self.new: list[Customer] = []
        self._new_ids: set[int] = set()
        names = {order.buyer.external_id for order in orders} - {""}
        emails = {valid_email(order.buyer).lower() for order in orders} - {""}
        queryset = Customer.objects.filter(shop=shop)
        self._by_number = (
            {customer.external_id: customer for customer in queryset.filter(external_id__in=names)} if names else {}
        )
        self._by_email: dict[str, Customer] = {}
        if emails:
            customers = {customer.pk: customer for customer in self._by_number.values()}
            # the last one stays in the dict: of several customers with one address the oldest is found
            for customer in queryset.alias(mail=Lower("email")).filter(mail__in=emails, erased_at=None).order_by("-pk"):
                self._by_email[customer.email.lower()] = customers.get(customer.pk, customer)

    def is_new(self, customer: Customer) -> bool:
        """Whether the customer is created by this batch."""
        return id(customer) in self._new_ids

    def find_or_create(self, buyer: Buyer) -> Customer | None:
        if not (buyer.external_id or buyer.email or buyer.name or buyer.phone):
            return None
        customer = self._by_number.get(buyer.external_id) or self._find_by_email(buyer) or self._create(buyer)
        if buyer.external_id:
            self._by_number[buyer.external_id] = customer
        if (email := valid_email(buyer).lower()) and not customer.erased_at:
            self._by_email.setdefault(email, customer)
        return customer

    def _find_by_email(self, buyer: Buyer) -> Customer | None:
        """A customer with this address, unless both have a number: two numbers are two customers."""
        customer = self._by_email.get(valid_email(buyer).lower())
        return None if customer and buyer.external_id and customer.external_id else customer

    def _create(self, buyer: Buyer) -> Customer:
        customer = Customer(shop=self.shop, external_id=buyer.external_id, language=self.shop.language)
        self.new.append(customer)
        self._new_ids.add(id(customer))
        return customer


def _insert_customers(customers: Sequence[Customer], orders_of_each: Sequence[Sequence[SoldOrder]]) -> None:
    if not customers:
        return
    for customer, key, orders in zip(customers, reserve_keys(Customer, len(customers)), orders_of_each, strict=True):
        customer.pk = key
        for order in orders:
            _apply_contacts(customer, order.buyer)
    copy(Customer, COLUMNS, (tuple(getattr(customer, name) for name in COLUMNS) for customer in customers))


def _update_customers(pairs: CustomerOrders) -> None:
    """Write contact data that differs. An order older than a stored one only fills in empty fields."""
    outdated = [pair for pair in pairs if any(_differs(pair[0], order.buyer) for order in pair[1])]
    if not outdated:
        return
    newest = _newest_order_times([customer.pk for customer, _orders in outdated])
    for customer, orders in outdated:
        for order in orders:
            latest = newest.get(customer.pk)
            _apply_contacts(customer, order.buyer, overwrite=latest is None or order.placed_at >= latest)
    Customer.objects.bulk_update(
        [customer for customer, _orders in outdated], ["external_id", *CONTACT_FIELDS], batch_size=BATCH_SIZE
    )


def _newest_order_times(customers: Sequence[int]) -> dict[int, datetime]:
    rows = Order.objects.filter(customer__in=customers).order_by().values_list("customer")
    return dict(rows.annotate(newest=Max("placed_at")))


def _differs(customer: Customer, buyer: Buyer) -> bool:
    return any(getattr(customer, name) != value for name, value in _contact_values(buyer))


def _apply_contacts(customer: Customer, buyer: Buyer, *, overwrite: bool = True) -> None:
    for name, value in _contact_values(buyer):
        if (overwrite and name != "external_id") or not getattr(customer, name):
            setattr(customer, name, value)


def _contact_values(buyer: Buyer) -> Iterator[tuple[str, str]]:
    """Pairs of field and value for every field that the file fills."""
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
    """The first usable e-mail address, or an empty text."""
    return read_emails(buyer.email).address if buyer.email else ""


@lru_cache(maxsize=256)
def supported_language(tag: str) -> str:
    """The code in ``LANGUAGES`` for a tag such as ``zh-CN``; empty if the product has no such language."""
    try:
        return get_supported_language_variant(tag.lower().replace("_", "-")) if tag else ""
    except LookupError:
        return ""
