"""Plans, approvals, refunds and goods that go out, row by row; ``refunds.settlement`` does whole settlements."""

from datetime import timedelta
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from refunds.ledger.booking import Occasion, Side, book
from refunds.models import Approval, ApprovalTier, Claim, Entry, Item, Payee, Refund, Replacement, Resolution
from returns.models import Case
from returns.models.reasons import Remedy
from tests.factories.parcels import ViolationFactory
from tests.factories.people import UserFactory
from tests.factories.returns import make_case
from tests.factories.signoff import PLACED, ShopFactory

PROPOSED = PLACED + timedelta(days=8)


class ResolutionFactory(DjangoModelFactory):
    """A plan of 20.00 in force, without items and without approvals."""

    class Meta:
        model = Resolution

    case = factory.LazyFunction(make_case)
    total = Decimal("20.00")
    proposed_by = factory.SubFactory(UserFactory, role="agent")
    proposed_at = PROPOSED


class ItemFactory(DjangoModelFactory):
    """Money back for all units of the case's first line."""

    class Meta:
        model = Item

    resolution = factory.SubFactory(ResolutionFactory)
    remedy = Remedy.REFUND
    line = factory.LazyAttribute(lambda item: item.resolution.case.lines.first())
    quantity = factory.LazyAttribute(lambda item: item.line.requested if item.line else 0)
    tax = Decimal(0)
    gross = factory.LazyAttribute(lambda item: item.resolution.total)
    net = factory.LazyAttribute(lambda item: item.gross - item.tax)


class ApprovalTierFactory(DjangoModelFactory):
    """Plans above 0 need one manager."""

    class Meta:
        model = ApprovalTier

    shop = factory.SubFactory(ShopFactory)
    above = Decimal(0)
    approvers = 1


class ApprovalFactory(DjangoModelFactory):
    """A manager's yes to somebody else's plan."""

    class Meta:
        model = Approval

    resolution = factory.SubFactory(ResolutionFactory)
    answer = Approval.Answer.APPROVED
    by = factory.SubFactory(UserFactory, role="manager")
    proposed_by = factory.SelfAttribute("resolution.proposed_by")
    at = PROPOSED + timedelta(hours=2)


class RefundFactory(DjangoModelFactory):
    """A refund that is due, of the plan's total against the order's first payment; nothing is reserved for it.

    At commit the database asks for the approval of ``approved_by``.
    """

    class Meta:
        model = Refund

    resolution = factory.SubFactory(ResolutionFactory)
    case = factory.SelfAttribute("resolution.case")
    payment = factory.LazyAttribute(lambda refund: refund.case.order.payments.first())
    amount = factory.SelfAttribute("resolution.total")
    currency = factory.SelfAttribute("case.order.currency")
    gateway = Refund.Gateway.MANUAL
    requested_by = factory.SelfAttribute("resolution.proposed_by")
    idempotency_key = factory.Sequence(lambda n: f"key-{n}")
    due_at = PROPOSED + timedelta(hours=3)


class ReplacementFactory(DjangoModelFactory):
    """The first line's units, owed and not sent yet."""

    class Meta:
        model = Replacement

    case = factory.LazyFunction(make_case)
    kind = Replacement.Kind.EXCHANGE
    sku = factory.LazyAttribute(lambda sent: sent.case.lines.first().order_line.sku)
    title = factory.LazyAttribute(lambda sent: sent.case.lines.first().order_line.title)
    quantity = 1


class PayeeFactory(DjangoModelFactory):
    """The IBAN that a shopper has named."""

    class Meta:
        model = Payee

    case = factory.LazyFunction(make_case)
    kind = Payee.Kind.IBAN
    name = "Anna Schmidt"
    account = "DE89370400440532013000"
    given_at = PROPOSED


def make_entry(case: Case | None = None, *, amount: str = "20.00") -> Entry:
    """The debit of a balanced voucher: entries are only ever booked together."""
    case, due = case or make_case(), Decimal(amount)
    sides = [Side(Entry.Account.RETURNS, due), Side(Entry.Account.PAYABLE, -due)]
    return book(case, sides=sides, currency=case.order.currency, occasion=Occasion.SETTLED)[0]


class ClaimFactory(DjangoModelFactory):
    """What a confirmed violation is worth."""

    class Meta:
        model = Claim

    violation = factory.SubFactory(ViolationFactory)
    against = "DHL"
    amount = Decimal("20.00")
    currency = "EUR"
    booked_at = PROPOSED
