"""What the shopper gets: amount, way, who pays the way back; the same on pages, in mails and on the slip."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from refunds.models import Resolution
from refunds.money import QuoteRefused
from refunds.plans.limits import within_what_is_left
from refunds.plans.queries import lines_of
from refunds.plans.suggestion import as_wished
from refunds.pricing.breakdown import payments_of_plan
from refunds.pricing.price_plan import price_items
from refunds.pricing.queries import payments_by_key, payments_of, plan_with_payments
from refunds.ways.rules import way_for
from refunds.ways.text import method_for_mail, way_for_shopper
from returns.intake.freight import freight_sentence, freight_words, travelling
from returns.lifecycle.states import STATES
from returns.models import Case, Line
from signoff.models import Payment
from signoff.web.formatting import join_list, money

NOTHING = Decimal(0)
type Share = tuple[Payment, Decimal]


@dataclass(frozen=True)
class Promise:
    """What the shopper gets if all goes as planned.

    ``is_agreed``: an approved plan promises it; else it is what the request, or the plan, would give.
    """

    amount: Decimal
    currency: str
    shares: Sequence[Share]
    plan: Resolution
    lines: Sequence[Line]
    is_agreed: bool
    goods_come_back: bool

    @property
    def shown(self) -> str:
        return money(self.amount, self.currency)

    @property
    def ways(self) -> list[str]:
        """Amount and way of each payment, as sentences for the shopper."""
        return [
            f"{money(amount, self.currency)} {way_for_shopper(way_for(self.plan, payment), payment)}"
            for payment, amount in self.shares
        ]

    @property
    def method(self) -> str:
        """The ways as nouns, for a mail."""
        names = dict.fromkeys(method_for_mail(way_for(self.plan, payment), payment) for payment, _amount in self.shares)
        return join_list(names)

    @property
    def freight(self) -> str:
        """Who pays the way back, for a mail; "" where nothing comes back."""
        return freight_words(travelling(self.lines)) if self.goods_come_back else ""

    @property
    def freight_sentence(self) -> str:
        return freight_sentence(travelling(self.lines)) if self.goods_come_back else ""


def promise_of(case: Case) -> Promise | None:
    """What the shopper of ``case`` gets by its plan, or would get if all is approved; None at the end."""
    if STATES[case.status].is_finished and case.status != Case.Status.RESOLVED:
        return None
    lines = lines_of(case)
    plan = plan_with_payments(case)
    if plan is None or (plan.kind == Resolution.Kind.OFFER and plan.approved_at is None):
        return _as_wished(case, lines)  # of a counter-offer the shopper hears once it is approved
    agreed = plan.approved_at is not None and plan.kind == Resolution.Kind.PLAN
    shares = payments_of_plan(plan)
    return Promise(plan.total, case.order.currency, shares, plan, lines, agreed, plan.goods_come_back)


def _as_wished(case: Case, lines: Sequence[Line]) -> Promise | None:
    items, _reasons = within_what_is_left(case, [as_wished(line) for line in lines], lines)
    try:
        quoted = price_items(case, items, lines=lines).quote
    except QuoteRefused:
        return None
    paid = {str(payment.pk): payment for payment in payments_of(case.order)}
    if any(tender.id not in paid for tender in quoted.payments):  # lines of several orders
        paid = {str(key): row for key, row in payments_by_key([int(tender.id) for tender in quoted.payments]).items()}
    shares = [(paid[tender.id], tender.amount) for tender in quoted.payments]
    return Promise(
        quoted.total,
        case.order.currency,
        shares,
        Resolution(),
        lines,
        is_agreed=False,
        goods_come_back=bool(travelling(lines)),
    )


def slip_rows(case: Case) -> list[tuple[str, str]]:
    """What the slip of a return says about money: what comes back, and by which way."""
    promise = promise_of(case)
    if promise is None or not promise.amount:
        return []
    return [(_("Your refund"), " · ".join(promise.ways) or promise.shown)]
