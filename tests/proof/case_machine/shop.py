"""A fresh database with one shop, its staff and two orders; and the clock of all actions."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.contrib.auth.models import User

from returns.logbook.writer import Actor
from returns.models import Case, Reason
from signoff.models import Customer, Order, OrderLine, Payment
from tests import fresh_database
from tests.factories import (
    PLACED,
    ApprovalTierFactory,
    CustomerFactory,
    OrderFactory,
    PaymentFactory,
    ReasonFactory,
    ShippingChargeFactory,
    ShopFactory,
    UserFactory,
)
from tests.proof.case_machine.expected_steps import STAFF, TIERS


class MachineShop:
    """Who and what there is before the first case."""

    def __init__(self) -> None:
        fresh_database.restore()
        self.now: datetime = PLACED + timedelta(days=5)
        shop = ShopFactory()
        for above, approvers in TIERS.items():
            ApprovalTierFactory(shop=shop, above=above, approvers=approvers)
        self.staff: dict[str, User] = {
            name: UserFactory(role="agent" if role == "gone" else role, is_active=role != "gone", password="")
            for name, role in STAFF.items()
        }
        self.names = {user.pk: name for name, user in self.staff.items()}
        self.stranger: Customer = CustomerFactory(shop=shop)
        self.orders: list[Order] = [self._paid_twice(), OrderFactory(shop=shop, lines=[(8, "9.90")])]
        self.lines: list[OrderLine] = list(OrderLine.objects.select_related("order").order_by("pk"))
        self.reasons: list[Reason] = [
            ReasonFactory(shop=shop),
            ReasonFactory(shop=shop, code="mind", liability=Reason.Liability.SHOPPER),
            ReasonFactory(shop=shop, code="missing", goods_come_back=False),
        ]

    def _paid_twice(self) -> Order:
        order = OrderFactory(lines=[(5, "20.00"), (4, "35.50")])
        ShippingChargeFactory(order=order)
        Payment.objects.filter(order=order).update(captured=Decimal("70.00"))
        PaymentFactory(order=order, captured=order.total + Decimal("4.95") - 70)
        return order

    def actor(self, name: str, case: Case | None = None) -> Actor:
        """The person behind a name; the shopper is the one whose case it is."""
        if name in self.staff:
            return self.staff[name]
        if name == "stranger":
            return self.stranger
        return case.customer if name == "shopper" and case else None
