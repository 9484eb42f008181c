"""Fill an empty database with the demo by the product's own actions; the same seed and day give the same data."""

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from django.contrib.auth.models import Group, User
from django.utils import timezone

from config.demo.catalogue import ORDERS, PASSWORD, SHOPS, STAFF, TERMS, TIERS, DemoShop
from config.demo.days import LATELY, Desk, Happening, expect_replacements, live, send_lately
from config.demo.imports import import_files
from config.demo.orders import Making, Purchase, make_customers, make_orders, plan_orders
from config.demo.past import deliver
from config.demo.playing import Cast, play
from config.demo.reasons import make_reasons
from config.demo.scores import judge, make_rules
from config.demo.stories import PUT_RIGHT, STORIES, Deed, Story
from refunds.models import ApprovalTier
from signoff.models import DeliveryTerms, Order, Shop

SEED = 20260
FRESH = timedelta(days=35)  # orders of these days come first, and the first cases are about them
FIRST_CASES = 10  # of each shop; with them the demo opens


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
    trades = []
    for at, demo in enumerate(SHOPS):
        making = Making(demo, make_shop(demo), random.Random(seed + at), today)
        trades.append(Trade(Desk(making, staff, put_right), orders[demo.slug], _by_turns(stories, at), done))
    for trade in trades:
        trade.open()
    coming: list[Happening] = []
    for trade in trades:
        coming += trade.go_on()
    live(coming, until=today, between=lambda: done(0))
    judge(by=staff["manager"], today=today)
    import_files({trade.desk.making.demo.slug: trade.desk for trade in trades}, by=staff["manager"], today=today)


def _by_turns(stories: Sequence[Story], at: int) -> list[Story]:
    """The stories of a shop, as often as it has them: each once, then the longer ones again."""
    shares = [(story, (story.count + 1 - at) // 2) for story in stories]
    turns = max((share for _story, share in shares), default=0)
    return [story for turn in range(turns) for story, share in shares if turn < share]


class Trade:
    """One shop's orders and cases: first a few of the last weeks, with which one can begin to look, then the rest."""

    def __init__(self, desk: Desk, count: int, stories: list[Story], done: Callable[[int], None]) -> None:
        self.desk, self.stories, self.done = desk, stories, done
        making = desk.making
        self.cast = Cast([], make_reasons(making.shop), desk.staff)
        self.customers = make_customers(making, count // 2)
        self.purchases = plan_orders(making, count)
        self.lately: list[Order] = []

    def open(self) -> None:
        """Fresh orders, and cases about some of them that need no dear order."""
        today = self.desk.making.today
        self._sell([one for one in self.purchases if today - FRESH < one[1] <= today - LATELY])
        first = [story for story in self.stories if not story.above][: min(FIRST_CASES, len(self.cast.orders) // 3)]
        for story in first:
            self.stories.remove(story)
            self._play(story)

    def go_on(self) -> list[Happening]:
        """All other orders and cases; returns what is still to happen to the latest orders."""
        self._sell(self.purchases)
        for story in self.stories:
            self._play(story)
        return [*send_lately(self.desk, self.lately), *expect_replacements(self.desk)]

    def _sell(self, purchases: list[Purchase]) -> None:
        """Make these orders; those of the past are delivered, and about those with nothing wrong a story may be."""
        self.purchases = [one for one in self.purchases if one not in purchases]
        for order in make_orders(self.desk.making, self.customers, purchases):
            if order.placed_at > self.desk.making.today - LATELY:
                self.lately.append(order)
            elif deliver(self.desk, order):
                self.cast.orders.append(order)
            self.done(1)
        self.cast.orders.sort(key=lambda order: order.placed_at)

    def _play(self, story: Story) -> None:
        play(self.desk.making, story, self.cast)
        self.done(1)


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
