"""Rows for tests, made the way the product makes them: cases are opened by the deed that opens cases."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import factory
from django.contrib.auth.models import Group, User
from factory.django import DjangoModelFactory

from returns.actions import Wish, open_case
from returns.models import Case, Reason
from signoff.models import Customer, Order, OrderLine, Payment, Shop

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
        Payment.objects.create(order=self, captured=self.total, method=Payment.Method.CARD)


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


class ReasonFactory(DjangoModelFactory):
    class Meta:
        model = Reason
        django_get_or_create = ("shop", "code")

    shop = factory.SubFactory(ShopFactory)
    code = "defective"
    title_en = "It does not work"
    title_zh_hans = "商品有质量问题"
    title_zh_hant = "商品有品質問題"
    liability = Reason.Liability.SHOP
    freight_bearer = Reason.Liability.SHOP


class UserFactory(DjangoModelFactory):
    """A member of staff; ``UserFactory(role="agent")``."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"staff{n}")
    first_name = "Mei"
    last_name = "Sato"
    email = factory.LazyAttribute(lambda user: f"{user.username}@lantern.example")
    password = factory.django.Password("correct horse")

    @factory.post_generation
    def role(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        if extracted:
            self.groups.add(Group.objects.get(name=extracted))


def make_case(*, order: Order | None = None, quantity: int = 1, remedy: str = "refund", **options: Any) -> Case:
    """A submitted case about ``quantity`` units of the order's first line, opened by its customer."""
    order = order or OrderFactory()
    line = order.lines.first()
    wish = Wish(line, quantity, options.pop("reason", None) or ReasonFactory(shop=order.shop), remedy)
    return open_case(order, [wish], by=order.customer, channel=Case.Channel.PORTAL, **options)
