"""Play the demo's cases by the product's own actions: each story is about an order that was delivered before."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile

from config.demo import words
from config.demo.catalogue import DemoShop
from config.demo.drawings import photo
from config.demo.orders import Making
from config.demo.stories import Deed, Stage, Story
from config.demo.words import said
from returns.intake.actions import Wish, open_case
from returns.models import Case, Evidence, Reason
from signoff.db.required import required
from signoff.models import Order, OrderLine
from signoff.pictures.clean import clean
from signoff.pictures.store import store

DAMAGE = {"damaged_in_transit": "crack", "defective": "dent", "poor_finish": "stain"}


@dataclass(frozen=True)
class Cast:
    """Who and what the stories are played with; an order is used once."""

    orders: list[Order]
    reasons: dict[str, Reason]
    staff: dict[str, User]


def play(making: Making, story: Story, cast: Cast) -> Case:
    """One case of ``story``, about an order that was delivered before the case began."""
    rng = making.rng
    ended = making.today - timedelta(hours=rng.uniform(0.4, story.waits))
    began = ended - timedelta(hours=sum(rng.uniform(3, 30) for _deed in story.deeds))
    order = _take(cast, making, story, began)
    case = _open(making, order, cast.reasons[rng.choice(story.reasons)], story, now=began)
    return go_through(making, case, story.deeds, cast.staff, began=began, ended=ended)


def _take(cast: Cast, making: Making, story: Story, began: datetime) -> Order:
    """An order for the story; not one about which a visitor of the half-filled demo has opened a case."""
    fits = [order for order in cast.orders if _dear_enough(order, making.demo, story)]
    while True:
        order = _order_before(fits, began, making.rng)
        fits.remove(order)
        cast.orders.remove(order)
        if not order.cases.exists():
            return order


def go_through(
    making: Making, case: Case, deeds: Sequence[Deed], staff: dict[str, User], *, began: datetime, ended: datetime
) -> Case:
    """Take the steps one after the other, the last when it ``ended``."""
    stage = Stage(case, making.demo, staff, making.rng, began)
    for at, deed in enumerate(deeds, start=1):
        stage.now = began + (ended - began) * at / len(deeds)
        stage.case = Case.objects.select_related("customer", "order", "shop").get(pk=case.pk)
        deed(stage)
    return stage.case


def _order_before(free: list[Order], moment: datetime, rng: random.Random) -> Order:
    """An order delivered well before ``moment``. The oldest where none is old enough."""
    ready = [order for order in free if order.placed_at < moment - timedelta(days=4)]
    return rng.choice(ready[-60:]) if ready else free[0]


def _dear_enough(order: Order, demo: DemoShop, story: Story) -> bool:
    return order.total - Decimal(demo.shipping) > story.above.get(order.currency, 0)


def _open(making: Making, order: Order, reason: Reason, story: Story, *, now: datetime) -> Case:
    rng, language = making.rng, required(order.customer).language
    lines = list(order.lines.all())
    units = _whole(lines) if story.above else _some(lines, rng)
    claim = said(words.CLAIMS[reason.code], language)
    wishes = [Wish(line, quantity, reason, story.remedy, claim) for line, quantity in units]
    damage = DAMAGE.get(reason.code, "none")
    pictures = [one for wish in wishes if reason.photos_required for one in _photos(wish.order_line, damage, rng)]
    channel = Case.Channel.PORTAL
    return open_case(order, wishes, by=order.customer, channel=channel, language=language, pictures=pictures, now=now)


def _whole(lines: Sequence[OrderLine]) -> list[tuple[OrderLine, int]]:
    return [(line, line.quantity) for line in lines]


def _some(lines: Sequence[OrderLine], rng: random.Random) -> list[tuple[OrderLine, int]]:
    """Units of one line, seldom of two."""
    picked = rng.sample(lines, min(len(lines), rng.choice((1, 1, 1, 2))))
    return [(line, rng.randint(1, line.quantity)) for line in picked]


def _photos(line: OrderLine, damage: str, rng: random.Random) -> Iterator[Evidence]:
    """One or two photos of the article, through the same pipeline as a shopper's; stored, not saved yet."""
    drawing = line.picture.removeprefix("demo/").removesuffix(".svg")
    for _photo in range(rng.choice((1, 1, 2))):
        upload = SimpleUploadedFile("IMG.jpg", photo(drawing, damage=damage, rng=rng), "image/jpeg")
        yield store(Evidence(order_line=line), clean(upload))
