"""Plans made by the product's own actions."""

from decimal import Decimal
from typing import Any

from inspection.actions import FindingDraft, conclude, receive
from inspection.models import Finding
from refunds.approvals.actions import approve
from refunds.models import ApprovalTier
from refunds.money import Quote
from refunds.plans.actions import offer, propose
from refunds.plans.suggestion import draft_plan
from refunds.pricing.price_plan import ItemDraft, price_items
from returns.lifecycle.queries import lines_with_orders
from returns.models import Case
from signoff.models import ShippingCharge
from tests.factories import UserFactory


def propose_plan(case: Case, **options: Any) -> Case:
    """The case with its suggested plan proposed, by the system unless ``by`` says who."""
    return propose(case, **(_suggested(case) | options))


def propose_offer(case: Case, **options: Any) -> Case:
    """The case with a counter-offer that waits for approval."""
    return offer(case, **(_suggested(case) | {"words": "What about this?"} | options))


def offer_plan(case: Case, **options: Any) -> Case:
    """The case with a counter-offer that is approved, so that the shopper is asked."""
    case = propose_offer(case, **options)
    while case.status == Case.Status.AWAITING_APPROVAL:
        case = approve(case, by=UserFactory(role="manager"))
    return case


def draft_items(case: Case, **options: Any) -> list[ItemDraft]:
    """A draft for every line of the case, for all units unless ``quantity`` says otherwise."""
    return [ItemDraft(**({"line": line, "quantity": line.requested} | options)) for line in case.lines.all()]


def quote_for(case: Case, items: list[ItemDraft]) -> Quote:
    """What the drafts give back, after all that went back before."""
    return price_items(case, items, lines=lines_with_orders(case)).quote


def make_tier(case: Case, above: str, approvers: int) -> ApprovalTier:
    return ApprovalTier.objects.create(shop=case.shop, above=Decimal(above), approvers=approvers)


def add_shipping(case: Case, amount: str = "4.95") -> ShippingCharge:
    """A shipping charge that was paid with the order."""
    charge = ShippingCharge.objects.create(order=case.order, title="Standard", amount=amount, gross=amount)
    payment = case.order.payments.get()
    payment.captured += Decimal(amount)
    payment.save()
    return charge


def inspect_case(case: Case, verdict: str = Finding.Verdict.AS_CLAIMED, **options: Any) -> Case:
    """An authorised case whose goods came in and got their verdict."""
    lines = list(case.lines.all())
    receive(case, by=None, counted={line.pk: line.requested for line in lines})
    findings = [
        FindingDraft(line=line, verdict=verdict, **({"disposition": Finding.Disposition.RESTOCK} | options))
        for line in lines
    ]
    conclude(case, by=None, findings=findings)
    return Case.objects.get(pk=case.pk)


def _suggested(case: Case) -> dict[str, Any]:
    found = draft_plan(case)
    return {"by": None, "items": found.items, "goods_come_back": found.goods_come_back, "gateway": found.gateway}
