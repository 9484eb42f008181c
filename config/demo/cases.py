"""Make the demo's cases from stories, by the product's own actions, about orders that were delivered before."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile

from config.demo import texts
from config.demo.catalogue import DemoShop
from config.demo.drawings import photo
from config.demo.orders import ShopContext
from config.demo.stories import Story, StoryState, StoryStep
from config.demo.texts import text_in
from returns.intake.actions import Wish, open_case
from returns.models import Case, Contact, Draft, Evidence, Reason
from signoff.db.required import required
from signoff.models import Order, OrderLine
from signoff.pictures.clean import clean
from signoff.pictures.store import store

CALLS = 9  # one order in nine is about a call or chat, in which an agent opens the case
DAMAGE = {"damaged_in_transit": "crack", "defective": "dent", "poor_finish": "stain"}


@dataclass(frozen=True)
class StoryPool:
    """Orders, reasons and staff that the stories draw from; an order is used once."""

    orders: list[Order]
    reasons: dict[str, Reason]
    staff: dict[str, User]
    photos: list[bytes] = field(default_factory=list)  # those of the shoppers so far


def play_story(context: ShopContext, story: Story, pool: StoryPool) -> Case:
    """Make one case by running the steps of ``story``, about an order that was delivered before the case opened."""
    rng = context.rng
    ended = context.today - timedelta(hours=rng.uniform(0.4, story.waits))
    began = ended - timedelta(hours=sum(rng.uniform(3, 30) for _step in story.steps))
    order = _take_order(pool, context, story, began)
    case = _open_case(context, order, pool.reasons[rng.choice(story.reasons)], story, pool, now=began)
    return run_steps(context, case, story.steps, pool.staff, began=began, ended=ended)


def _take_order(pool: StoryPool, context: ShopContext, story: Story, began: datetime) -> Order:
    """Remove an order that suits the story from the pool, and return it.

    A visitor may have opened a case about it while the demo is being filled; such an order is passed over.
    """
    suitable = [order for order in pool.orders if _costs_enough(order, context.demo, story)]
    while True:
        order = _order_before(suitable, began, context.rng)
        suitable.remove(order)
        pool.orders.remove(order)
        if not order.cases.exists():
            return order


def run_steps(
    context: ShopContext,
    case: Case,
    steps: Sequence[StoryStep],
    staff: dict[str, User],
    *,
    began: datetime,
    ended: datetime,
) -> Case:
    """Run the steps at equal distances between ``began`` and ``ended``, the last one at ``ended``."""
    state = StoryState(case, context.demo, staff, context.rng, began)
    for at, step in enumerate(steps, start=1):
        state.now = began + (ended - began) * at / len(steps)
        state.case = Case.objects.select_related("customer", "order", "shop").get(pk=case.pk)
        step(state)
    return state.case


def _order_before(orders: list[Order], moment: datetime, rng: random.Random) -> Order:
    """A random one of the latest orders placed four days before ``moment``; the oldest if none is old enough."""
    ready = [order for order in orders if order.placed_at < moment - timedelta(days=4)]
    return rng.choice(ready[-60:]) if ready else orders[0]


def _costs_enough(order: Order, demo: DemoShop, story: Story) -> bool:
    return order.total - Decimal(demo.shipping) > story.above.get(order.currency, 0)


def _open_case(
    context: ShopContext, order: Order, reason: Reason, story: Story, pool: StoryPool, *, now: datetime
) -> Case:
    rng, language = context.rng, required(order.customer).language
    lines = list(order.lines.all())
    units = _all_units(lines) if story.above else _random_units(lines, rng)
    claim = text_in(texts.CLAIMS[reason.code], language)
    wishes = [Wish(line, quantity, reason, story.remedy, claim) for line, quantity in units]
    damage = DAMAGE.get(reason.code, "none")
    pictures = [
        evidence
        for wish in wishes
        if reason.photos_required
        for evidence in _photograph(wish.order_line, damage, rng, pool.photos)
    ]
    if order.pk % CALLS:
        channel = Case.Channel.PORTAL
        return open_case(
            order, wishes, by=order.customer, channel=channel, language=language, pictures=pictures, now=now
        )
    agent, channel = pool.staff["agent"], Case.Channel.PHONE if language == "en" else Case.Channel.WECHAT
    case = open_case(order, wishes, by=agent, channel=channel, language=language, pictures=pictures, now=now)
    contact = Contact.objects.create(channel=channel, caller=required(order.customer).name, started_by=agent)
    Contact.objects.filter(pk=contact.pk).update(started_at=now)
    Draft.objects.create(order=order, case=case, contact=contact)
    return case


def _all_units(lines: Sequence[OrderLine]) -> list[tuple[OrderLine, int]]:
    return [(line, line.quantity) for line in lines]


def _random_units(lines: Sequence[OrderLine], rng: random.Random) -> list[tuple[OrderLine, int]]:
    """One line, seldom two, with a random quantity of each."""
    picked = rng.sample(lines, min(len(lines), rng.choice((1, 1, 1, 2))))
    return [(line, rng.randint(1, line.quantity)) for line in picked]


REUSED, REUSED_IN = 1, 5  # one shopper sends the second photo of all once more, as the sixth


def _photograph(line: OrderLine, damage: str, rng: random.Random, photos: list[bytes]) -> Iterator[Evidence]:
    """One or two photos of the article, cleaned and stored like a shopper's; the rows are not saved yet."""
    drawing = line.picture.removeprefix("demo/").removesuffix(".svg")
    for _photo in range(rng.choice((1, 1, 2))):
        taken = photo(drawing, damage=damage, rng=rng)
        photos.append(photos[REUSED] if len(photos) == REUSED_IN else taken)
        upload = SimpleUploadedFile("IMG.jpg", photos[-1], "image/jpeg")
        yield store(Evidence(order_line=line), clean(upload))
