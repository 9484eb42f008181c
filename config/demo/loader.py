"""Load the demo into an empty database by the product's own actions; the same seed and day give the same data."""

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from django.contrib.auth.models import Group, User
from django.core.files.base import ContentFile
from django.utils import timezone

from config.demo.cases import StoryPool, play_story
from config.demo.catalogue import ORDERS, PASSWORD, SHOPS, STAFF, TEAMS, TERMS, TIERS, DemoShop
from config.demo.conversations import write_conversations
from config.demo.drawings import logo
from config.demo.imports import import_files
from config.demo.mails_in import write_mails_in
from config.demo.orders import PlannedOrder, ShopContext, make_customers, make_orders, plan_orders
from config.demo.past_deliveries import deliver_past_order
from config.demo.phone_calls import take_a_call
from config.demo.reasons import make_reasons
from config.demo.recent_days import (
    RECENT_DAYS,
    Desk,
    ScheduledEvent,
    run_events,
    schedule_replacements,
    send_recent_orders,
)
from config.demo.scores import decide_violations, make_rules
from config.demo.stories import FAULT_STEPS, STORIES, Story, StoryStep
from config.demo.teamwork import share_work
from config.demo.unknown_parcels import leave_parcels
from refunds.models import ApprovalTier
from signoff.models import DeliveryTerms, Order, Shop, Team

SEED = 20260
FIRST_ORDERS_PERIOD = timedelta(days=35)  # orders of these days are made first, and the first cases are about them
FIRST_CASES = 10  # of each shop; visitors can begin with them


def load_demo(
    *,
    seed: int = SEED,
    orders: Mapping[str, int] = ORDERS,
    stories: Sequence[Story] = STORIES,
    fault_steps: Sequence[StoryStep] = FAULT_STEPS,
    today: datetime | None = None,
    done: Callable[[int], None] = lambda steps: None,
) -> None:
    """Make staff, shops, parcels, cases and ``orders`` (a number for each shop's slug).

    ``fault_steps`` are the steps of cases that past deliveries opened. ``done`` is called with the number of orders
    and stories that became ready since its last call.
    """
    today = today or timezone.now()
    staff = make_staff()
    loaders = []
    for at, demo in enumerate(SHOPS):
        context = ShopContext(demo, make_shop(demo), random.Random(seed + at), today)
        loaders.append(
            ShopLoader(Desk(context, staff, fault_steps), orders[demo.slug], _stories_by_turns(stories, at), done)
        )
    for loader in loaders:
        loader.load_first()
    events: list[ScheduledEvent] = []
    for loader in loaders:
        events += loader.load_rest()
    run_events(events, until=today, between=lambda: done(0))
    decide_violations(by=staff["manager"], today=today)
    share_work(staff, today=today)
    write_conversations([loader.desk.context.shop for loader in loaders], staff, today=today)
    write_mails_in(today=today)
    take_a_call(loaders[0].desk.context.shop, staff["agent"], today=today)
    leave_parcels(staff["inspector"], today=today, seed=seed)
    import_files({loader.desk.context.demo.slug: loader.desk for loader in loaders}, by=staff["manager"], today=today)


def _stories_by_turns(stories: Sequence[Story], at: int) -> list[Story]:
    """The stories of a shop, each as often as its share: first every story once, then the frequent ones again."""
    shares = [(story, (story.count + 1 - at) // 2) for story in stories]
    turns = max((share for _story, share in shares), default=0)
    return [story for turn in range(turns) for story, share in shares if turn < share]


class ShopLoader:
    """Makes the orders and cases of one shop: first a few of the last weeks, so that visitors can begin, then the rest."""

    def __init__(self, desk: Desk, count: int, stories: list[Story], done: Callable[[int], None]) -> None:
        self.desk, self.stories, self.done = desk, stories, done
        context = desk.context
        self.pool = StoryPool([], make_reasons(context.shop), desk.staff)
        self.customers = make_customers(context, count // 2)
        self.planned_orders = plan_orders(context, count)
        self.recent_orders: list[Order] = []

    def load_first(self) -> None:
        """Make recent orders, and cases about some of them, without the stories that need an expensive order."""
        today = self.desk.context.today
        first_orders = [
            (number, placed)
            for number, placed in self.planned_orders
            if today - FIRST_ORDERS_PERIOD < placed <= today - RECENT_DAYS
        ]
        self._make_orders(first_orders)
        first_stories = [story for story in self.stories if not story.above][
            : min(FIRST_CASES, len(self.pool.orders) // 3)
        ]
        for story in first_stories:
            self.stories.remove(story)
            self._play(story)

    def load_rest(self) -> list[ScheduledEvent]:
        """Make all other orders and cases; returns the events of the recent orders' parcels."""
        self._make_orders(self.planned_orders)
        for story in self.stories:
            self._play(story)
        return [*send_recent_orders(self.desk, self.recent_orders), *schedule_replacements(self.desk)]

    def _make_orders(self, planned_orders: list[PlannedOrder]) -> None:
        """Make these orders and deliver the past ones; those without a fault go to the pool that stories draw from."""
        self.planned_orders = [planned for planned in self.planned_orders if planned not in planned_orders]
        for order in make_orders(self.desk.context, self.customers, planned_orders):
            if order.placed_at > self.desk.context.today - RECENT_DAYS:
                self.recent_orders.append(order)
            elif deliver_past_order(self.desk, order):
                self.pool.orders.append(order)
            self.done(1)
        self.pool.orders.sort(key=lambda order: order.placed_at)

    def _play(self, story: Story) -> None:
        play_story(self.desk.context, story, self.pool)
        self.done(1)


def make_staff() -> dict[str, User]:
    """One user per login, in the group of their role; administrator and managers may enter the admin."""
    people = {}
    for username, first, last, role in STAFF:
        user = User(username=username, first_name=first, last_name=last, email=f"{username}@homeward.example")
        user.is_staff = role in ("administrator", "manager")
        user.set_password(PASSWORD)
        user.save()
        user.groups.add(Group.objects.get(name=role))
        people[username] = user
    for name, members in TEAMS.items():
        Team.objects.create(name=name).members.set(people[username] for username in members)
    return people


def make_shop(demo: DemoShop) -> Shop:
    """The shop with its look, approval tiers, delivery terms and delivery quality rules."""
    fields = (
        "slug", "name", "currency", "country", "language", "time_zone", "email", "phone", "return_address", "legal_name",
        "postal_address", "colour", "chosen_colours",
    )  # fmt: skip
    pages = {f"{name}_url": f"{demo.site}/{name}/" for name in ("returns", "privacy", "accessibility")}
    shop = Shop(**{name: getattr(demo, name) for name in fields}, **pages)
    shop.logo = ContentFile(logo(demo.slug), name="logo.png")
    shop.save()
    for above, approvers in TIERS[demo.currency]:
        ApprovalTier.objects.create(shop=shop, above=Decimal(above), approvers=approvers)
    DeliveryTerms.objects.create(shop=shop, **TERMS[demo.country])
    make_rules(shop)
    return shop
