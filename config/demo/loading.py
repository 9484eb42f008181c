"""Filling an empty database with the demo, by the product's own deeds; the same from the same seed and day."""

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.contrib.auth.models import Group, User
from django.utils import timezone

from config.demo.catalogue import PASSWORD, SHOPS, STAFF, TERMS, TIERS, DemoShop
from config.demo.days import LATELY, Desk, Happening, expect_replacements, live, send_lately
from config.demo.imports import import_files
from config.demo.orders import Making, make_customers, make_orders
from config.demo.past import deliver
from config.demo.playing import Cast, play
from config.demo.reasons import make_reasons
from config.demo.scores import judge, make_rules
from config.demo.stories import PUT_RIGHT, STORIES, Deed, Story
from refunds.models import ApprovalTier
from signoff.models import DeliveryTerms, Order, Shop

SEED = 20260
ORDERS = {"kiln-and-kettle": 240, "guiyan": 160}


def load(
    *,
    seed: int = SEED,
    orders: Mapping[str, int] = ORDERS,
    stories: Sequence[Story] = STORIES,
    put_right: Sequence[Deed] = PUT_RIGHT,
    today: datetime | None = None,
    done: Callable[[int], None] = lambda steps: None,
) -> None:
    """Make staff, shops, orders (so many by shop), parcels and cases; ``put_right`` are the steps of those cases that
    parcels of the past have opened. ``done`` is told how many orders and stories are ready.
    """
    today = today or timezone.now()
    staff = make_staff()
    coming: list[Happening] = []
    desks: dict[str, Desk] = {}
    for at, demo in enumerate(SHOPS):
        making = Making(demo, make_shop(demo), random.Random(seed + at), today)
        desk = desks[demo.slug] = Desk(making, staff, put_right)
        reasons = make_reasons(making.shop)
        past, lately = _trade(desk, orders[demo.slug], done)
        cast = Cast(past, reasons, staff)
        for story in stories:
            for _case in range((story.count + 1 - at) // 2):
                play(making, story, cast)
                done(1)
        coming += [*send_lately(desk, lately), *expect_replacements(desk)]
    live(coming, until=today)
    judge(by=staff["manager"], today=today)
    import_files(desks, by=staff["manager"], today=today)


def _trade(desk: Desk, count: int, done: Callable[[int], None]) -> tuple[list[Order], list[Order]]:
    """So many orders: those of the past, as far as nothing was wrong with them on delivery, and those of late."""
    making, past, lately = desk.making, list[Order](), list[Order]()
    customers = make_customers(making, count // 2)
    for order in make_orders(making, customers, count):
        if order.placed_at > making.today - LATELY:
            lately.append(order)
        elif deliver(desk, order):
            past.append(order)
        done(1)
    return past, lately


def make_staff() -> dict[str, User]:
    """One person per login, in their role's group; the administrator may enter the admin."""
    people = {}
    for username, first, last, role in STAFF:
        user = User(username=username, first_name=first, last_name=last, email=f"{username}@homeward.example")
        user.is_staff = role in ("administrator", "manager")
        user.set_password(PASSWORD)
        user.save()
        user.groups.add(Group.objects.get(name=role))
        people[username] = user
    return people


def make_shop(demo: DemoShop) -> Shop:
    """The shop's row with its approval tiers, delivery terms and rules about quality."""
    fields = ("slug", "name", "currency", "country", "language", "time_zone", "email", "phone", "return_address")
    shop = Shop.objects.create(**{name: getattr(demo, name) for name in fields})
    for above, approvers in TIERS[demo.currency]:
        ApprovalTier.objects.create(shop=shop, above=Decimal(above), approvers=approvers)
    DeliveryTerms.objects.create(shop=shop, **TERMS[demo.country])
    make_rules(shop)
    return shop
