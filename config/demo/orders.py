"""Paid orders of the demo: customers, order lines, discounts, payments, addresses and the shop's own ids."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from django.db import transaction

from config.demo.catalogue import Article, DemoShop
from config.demo.places import COUNTRIES, make_destination
from signoff.db.history import save_with_history
from signoff.models import Customer, Discount, Order, OrderLine, Payment, ShippingCharge, Shop
from signoff.money import Frozen, Priced, Reduction, freeze, freeze_amount

type PlannedOrder = tuple[str, datetime]

Method = Payment.Method
#: method of payment, what the shop calls it, and how its references begin
PAYMENTS = (
    (Method.CARD, "Stripe", "ch_3Q"),
    (Method.CARD, "Stripe", "ch_3Q"),
    (Method.WALLET, "PayPal", "7XK"),
    (Method.BANK, "Bank transfer", "BACS-"),
)
PAYMENTS_IN_CHINA = ((Method.WALLET, "支付宝", "2026"), (Method.WALLET, "微信支付", "4200"))
#: where the demo's orders come from: the shops themselves, and a marketplace that holds the money
SOURCES = (OWN, MARKETPLACE) = ("demo", "taobao")


@dataclass(frozen=True)
class ShopContext:
    """What every function that makes demo data needs: the shop, its row, the random generator, the time of loading."""

    demo: DemoShop
    shop: Shop
    rng: random.Random
    today: datetime


def make_customers(context: ShopContext, count: int) -> list[Customer]:
    """``count`` shoppers; in the Chinese shop a third read Traditional Chinese."""
    demo, rng = context.demo, context.rng
    people = []
    for n in range(1, count + 1):
        first, last = rng.choice(demo.first_names), rng.choice(demo.last_names)
        name = f"{last}{first}" if demo.country == "CN" else f"{first} {last}"
        language = rng.choice(("zh-hans", "zh-hans", "zh-hant")) if demo.country == "CN" else "en"
        people.append(
            Customer(
                shop=context.shop,
                external_id=f"{demo.prefix}C{n:04}",
                name=name,
                email=f"shopper{n}@{demo.slug}.example",
                phone=f"1380013{n:04}" if demo.country == "CN" else f"+44 7700 90{n:04}",
                language=language,
            )
        )
    return Customer.objects.bulk_create(people)


def plan_orders(context: ShopContext, count: int) -> list[PlannedOrder]:
    """Number and time of ``count`` orders spread over ninety days, the oldest first; numbers run on from 10001."""
    ages = sorted((context.rng.uniform(1.5, 90) for _order in range(count)), reverse=True)
    return [
        (f"{context.demo.prefix}{n}", context.today - timedelta(days=age)) for n, age in enumerate(ages, start=10001)
    ]


def make_orders(context: ShopContext, customers: list[Customer], purchases: list[PlannedOrder]) -> Iterator[Order]:
    for number, placed in purchases:
        yield _make_order(context, context.rng.choice(customers), number=number, placed=placed)


@transaction.atomic
def _make_order(context: ShopContext, customer: Customer, *, number: str, placed: datetime) -> Order:
    demo, rng = context.demo, context.rng
    picked = rng.sample(demo.articles, rng.choice((1, 1, 2, 2, 3)))
    rate = Decimal(demo.tax_rate)
    priced = [
        Priced(str(at), rng.choice((1, 1, 1, 2, 3)), Decimal(article.price), rate)
        for at, article in enumerate(picked, 1)
    ]
    value = sum((line.quantity * line.unit_price for line in priced), Decimal(0))
    reductions = [Reduction((value / 10).quantize(Decimal("0.01")))] if rng.random() < 0.3 else []
    frozen = freeze(priced, reductions, currency=demo.currency, tax_included=True)
    shipping = freeze_amount(
        Decimal(demo.shipping), Decimal(0), quantity=1, tax_rate=rate, currency=demo.currency, tax_included=True
    )
    order = Order(
        shop=context.shop,
        number=number,
        customer=customer,
        placed_at=placed,
        currency=demo.currency,
        country=demo.country,
        total=sum((line.gross for line in frozen), shipping.gross),
        source=MARKETPLACE if demo.country == "CN" and rng.random() < 0.4 else OWN,
        external_id=f"{demo.long_ids}{rng.randrange(10**9, 10**10)}",
    )
    save_with_history(order, by=None, now=placed)
    rows = enumerate(zip(picked, priced, frozen, strict=True), start=1)
    OrderLine.objects.bulk_create(_line(order, demo, *facts, at=at) for at, facts in rows)
    ShippingCharge.objects.create(
        order=order, amount=shipping.list_total, tax_rate=rate, tax=shipping.tax, gross=shipping.gross
    )
    Discount.objects.bulk_create(
        Discount(order=order, code="WELCOME10", amount=reduction.amount) for reduction in reductions
    )
    _pay(order, demo, rng)
    make_destination(order, customer, demo, rng).save(force_insert=True)
    return order


def _pay(order: Order, demo: DemoShop, rng: Random) -> None:
    method, provider, start = rng.choice(PAYMENTS_IN_CHINA if demo.country == "CN" else PAYMENTS)
    Payment.objects.create(
        order=order,
        method=method,
        provider=provider,
        reference=f"{start}{rng.randrange(10**9, 10**10)}",
        captured=order.total,
    )


def _line(order: Order, demo: DemoShop, article: Article, line: Priced, cost: Frozen, *, at: int) -> OrderLine:
    return OrderLine(
        order=order,
        position=at,
        sku=article.sku,
        title=article.title,
        category=article.category,
        picture=f"demo/{article.drawing}.svg",
        quantity=line.quantity,
        unit_price=line.unit_price,
        tax_rate=line.tax_rate,
        list_total=cost.list_total,
        discount=cost.discount,
        tax=cost.tax,
        gross=cost.gross,
        external_id=f"{order.external_id}-{at}",
        supplier=COUNTRIES[demo.country].suppliers[article.category],
    )
