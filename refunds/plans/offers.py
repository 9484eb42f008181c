"""Counter-offers for the pages of the shopper."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from refunds.models import Item, Resolution
from refunds.pricing.breakdown import Money, in_short, money_of, payments_of_plan
from refunds.ways.rules import way_for
from refunds.ways.text import way_for_shopper
from returns.intake.freight import freight_sentence
from returns.lifecycle.queries import lines_with_orders
from returns.models import Case, Statement
from returns.models.reasons import Remedy
from signoff.db.required import required
from signoff.web.formatting import money

#: what each remedy means for the shopper
REMEDY_LABELS: dict[str, StrOrPromise] = {
    Remedy.REFUND: _("refund"),
    Remedy.EXCHANGE: _("exchanged for a new one"),
    Remedy.REPAIR: _("repaired and sent back to you"),
    Remedy.RESEND: _("sent to you again"),
    Remedy.COMPENSATION: _("you keep it and get part of the price back"),
}


@dataclass(frozen=True)
class Gain:
    """The remedy and amount for one article, or for shipping."""

    label: str
    remedy: StrOrPromise
    amount: Decimal


@dataclass(frozen=True)
class Offer:
    """The offer that waits for an answer."""

    plan: Resolution
    words: str
    gains: list[Gain]
    money: Money
    ways: list[str]
    freight: str
    until: datetime | None


def offer_of(case: Case) -> Offer | None:
    """The open offer to the shopper of ``case``, if there is one."""
    if case.status != Case.Status.OFFERED:
        return None
    plan = case.resolutions.filter(superseded_at=None, kind=Resolution.Kind.OFFER).first()
    if plan is None:
        return None
    statement = case.statements.filter(topic=Statement.Topic.OFFER).last()
    items = plan.items.select_related("line__order_line", "shipping")
    return Offer(
        plan,
        statement.words if statement else "",
        [_gain(item) for item in items],
        in_short(money_of(plan)),
        [
            f"{money(amount, case.order.currency)} {way_for_shopper(way_for(plan, payment), payment)}"
            for payment, amount in payments_of_plan(plan)
        ],
        freight_sentence(line.reason for line in lines_with_orders(case)) if plan.goods_come_back else "",
        case.due_at,
    )


def _gain(item: Item) -> Gain:
    if item.shipping:
        return Gain(gettext("Shipping: %(title)s") % {"title": item.shipping}, REMEDY_LABELS[Remedy.REFUND], item.gross)
    article = required(item.line).order_line
    title = article.title or article.sku
    remedy = REMEDY_LABELS[item.remedy]
    if item.instead:
        remedy = gettext("exchanged for: %(instead)s") % {"instead": item.instead}
    return Gain(f"{item.quantity} × {title}", remedy, item.gross)
