"""Shops, customers, orders and payments: the models of the lowest app."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import factory
from factory.django import DjangoModelFactory

from signoff.models import (
    ApiToken,
    Attempt,
    Customer,
    Destination,
    Discount,
    EntryCode,
    ImportFile,
    KeptAnswer,
    Order,
    OrderAnomaly,
    OrderImport,
    OrderLine,
    Payment,
    RefusedAttempts,
    SavedMapping,
    Scope,
    ShippingCharge,
    Shop,
    ShopRefund,
)
from tests.factories.people import UserFactory

PLACED = datetime(2026, 3, 1, 10, tzinfo=UTC)


class ShopFactory(DjangoModelFactory):
    class Meta:
        model = Shop
        django_get_or_create = ("slug",)

    slug = "lantern"
    name = "Lantern & Loom"
    currency = "EUR"
    country = "DE"
    email = "help@lantern.example"
    return_address = "Lantern & Loom\nReturns\nHafenstr. 7\n20457 Hamburg"


class CustomerFactory(DjangoModelFactory):
    class Meta:
        model = Customer

    shop = factory.SubFactory(ShopFactory)
    name = factory.Sequence(lambda n: f"Anna Schmidt {n}")
    email = factory.Sequence(lambda n: f"anna{n}@shopper.example")
    phone = factory.Sequence(lambda n: f"+49 40 555 {n:04}")


class OrderFactory(DjangoModelFactory):
    """An order with one paid line of three units at 20.00, unless ``lines`` says otherwise."""

    class Meta:
        model = Order
        skip_postgeneration_save = True

    shop = factory.SubFactory(ShopFactory)
    customer = factory.SubFactory(CustomerFactory, shop=factory.SelfAttribute("..shop"))
    number = factory.Sequence(lambda n: f"L-{5000 + n}")
    placed_at = PLACED
    currency = "EUR"
    country = "DE"
    total = Decimal("60.00")

    @factory.post_generation
    def lines(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        for position, (quantity, price) in enumerate(extracted or [(3, "20.00")], start=1):
            OrderLineFactory(order=self, position=position, quantity=quantity, unit_price=Decimal(price))
        self.total = sum((line.gross for line in self.lines.all()), Decimal(0))
        self.save()
        PaymentFactory(order=self, captured=self.total)


class OrderLineFactory(DjangoModelFactory):
    class Meta:
        model = OrderLine

    order = factory.SubFactory(OrderFactory)
    position = factory.Sequence(lambda n: n + 1)
    sku = factory.Sequence(lambda n: f"LMP-{n}")
    title = "Paper lantern, large"
    category = "lamps"
    quantity = 3
    unit_price = Decimal("20.00")
    list_total = factory.LazyAttribute(lambda line: line.quantity * line.unit_price)
    gross = factory.LazyAttribute(lambda line: line.list_total)


class PaymentFactory(DjangoModelFactory):
    """A payment of 60.00; without ``order``, one beside that of an order of its own."""

    class Meta:
        model = Payment

    order = factory.SubFactory(OrderFactory)
    position = factory.LazyAttribute(lambda payment: payment.order.payments.count() + 1)
    method = Payment.Method.CARD
    captured = Decimal("60.00")


class ShopRefundFactory(DjangoModelFactory):
    """A refund of 20.00 that the shop reports; the counters of its payment stay as they are."""

    class Meta:
        model = ShopRefund

    payment = factory.SubFactory(PaymentFactory)
    amount = Decimal("20.00")
    reported_at = PLACED


class DiscountFactory(DjangoModelFactory):
    """A voucher over all lines; ``lines=[…]`` names the ones it covers. The lines' totals stay as they are."""

    class Meta:
        model = Discount
        skip_postgeneration_save = True

    order = factory.SubFactory(OrderFactory)
    code = "SPRING"
    amount = Decimal("5.00")

    @factory.post_generation
    def lines(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        self.lines.set(extracted or [])


class ShippingChargeFactory(DjangoModelFactory):
    """Delivery for 4.95. The order's total stays as it is."""

    class Meta:
        model = ShippingCharge

    order = factory.SubFactory(OrderFactory)
    title = "Standard"
    amount = Decimal("4.95")
    gross = factory.LazyAttribute(lambda charge: charge.amount - Decimal(charge.discount or 0))
    discount = Decimal(0)


class EntryCodeFactory(DjangoModelFactory):
    """A way in that was asked for and is not mailed yet."""

    class Meta:
        model = EntryCode

    order = factory.SubFactory(OrderFactory)
    browser_hash = factory.Sequence(lambda n: f"{n:064x}")
    created_at = PLACED
    expires_at = factory.LazyAttribute(lambda code: code.created_at + timedelta(minutes=10))


class AttemptFactory(DjangoModelFactory):
    class Meta:
        model = Attempt

    key_hash = factory.Sequence(lambda n: f"{n:064x}")
    at = PLACED


class RefusedAttemptsFactory(DjangoModelFactory):
    class Meta:
        model = RefusedAttempts

    hour = PLACED
    count = 3


class ApiTokenFactory(DjangoModelFactory):
    """A token that may ask for quotes of its shop; ``signoff.api.tokens`` makes one that can be used."""

    class Meta:
        model = ApiToken

    name = "web shop"
    shop = factory.SubFactory(ShopFactory)
    scopes = [Scope.QUOTES]
    prefix = "hw_abcdefg"
    digest = factory.Sequence(lambda n: f"{n:064x}")
    created_at = PLACED


class KeptAnswerFactory(DjangoModelFactory):
    class Meta:
        model = KeptAnswer

    token = factory.SubFactory(ApiTokenFactory)
    key = factory.Sequence(lambda n: f"key-{n}")
    fingerprint = factory.Sequence(lambda n: f"{n:064x}")
    status = 200
    body = "{}"
    created_at = PLACED


class DestinationFactory(DjangoModelFactory):
    class Meta:
        model = Destination

    order = factory.SubFactory(OrderFactory)
    name = "Anna Schmidt"
    street = "Hafenstr. 12"
    city = "Hamburg"
    postcode = "20457"
    country = "DE"


class OrderAnomalyFactory(DjangoModelFactory):
    class Meta:
        model = OrderAnomaly

    order = factory.SubFactory(OrderFactory)
    kind = OrderAnomaly.Kind.UNPAID
    facts = {"paid": "10.00", "total": "60.00"}
    found_at = PLACED


class OrderImportFactory(DjangoModelFactory):
    """A file was sent; nobody has looked at it yet."""

    class Meta:
        model = OrderImport

    shop = factory.SubFactory(ShopFactory)
    sent_by = factory.SubFactory(UserFactory, role="manager")
    sent_at = PLACED
    format = "shopify"


class ImportFileFactory(DjangoModelFactory):
    """The row of a file; there is none behind it."""

    class Meta:
        model = ImportFile

    of = factory.SubFactory(OrderImportFactory)
    name = "orders_export.csv"
    bytes = 2048


class SavedMappingFactory(DjangoModelFactory):
    class Meta:
        model = SavedMapping

    shop = factory.SubFactory(ShopFactory)
    titles = ["No", "Article", "Qty", "Price", "Date"]
    recipe = {"columns": {"number": "No", "article": "Article"}, "currency": "EUR"}
