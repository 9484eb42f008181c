"""Rules of a plan: its allowed items, and the number of approvers. Error sentences say what to do instead."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from refunds.models import ApprovalTier, Refund
from refunds.models.approvals import WITHOUT_TIERS
from refunds.pricing.price_plan import ItemDraft
from returns.models import Case, Line
from returns.models.reasons import Remedy

#: the remedies for which the shop takes the goods back
NEEDS_GOODS = (Remedy.REFUND, Remedy.EXCHANGE, Remedy.REPAIR)


class PlanRefused(Exception):
    """A plan that cannot be made; the message is for the person who proposes it."""


def goods_are_here(lines: Sequence[Line]) -> bool:
    """Whether the bench has received any goods of these lines."""
    return any(line.received for line in lines)


def ceiling(line: Line, remedy: str, *, here: bool) -> int:
    """How many units of ``line`` may get ``remedy``: those accepted, once the goods are here and are needed."""
    return line.accepted if here and remedy in NEEDS_GOODS else line.requested


def check_plan(
    case: Case, items: Sequence[ItemDraft], *, lines: Sequence[Line], goods_come_back: bool, gateway: str
) -> None:
    """Raise ``PlanRefused`` for a plan that breaks a rule other than those of money; ``lines`` are the case's."""
    if not items:
        raise PlanRefused(_("Choose a remedy for at least one item, or refund shipping."))
    here = goods_are_here(lines)
    for item in items:
        _check_item(case, item, lines, here=here)
    for line in lines:
        _check_sum(line, [item for item in items if item.line == line])
    _check_goods(items, come_back=goods_come_back, here=here)
    _check_gateway(case, gateway)


def _check_item(case: Case, item: ItemDraft, lines: Sequence[Line], *, here: bool) -> None:
    if (item.line is None) == (item.shipping is None):
        raise PlanRefused(_("Each part of a plan must cover one item or shipping."))
    if item.shipping:
        _check_shipping(case, item, lines)
        return
    if item.line not in lines:
        raise PlanRefused(_("One of these items isn't part of this case. Reload the case."))
    if item.remedy not in Remedy.values:
        raise PlanRefused(_("Choose one of the remedies listed."))
    line = lines[lines.index(item.line)]
    _check_quantity(line, item, here=here)
    title = line.order_line.title or line.order_line.sku
    if item.remedy == Remedy.COMPENSATION and item.amount is None:
        raise PlanRefused(_("Enter the compensation for “%(title)s”.") % {"title": title})
    if not item.pays and item.amount is not None:
        raise PlanRefused(
            _("“%(title)s”: this remedy pays no money. Leave the amount empty or choose another remedy.")
            % {"title": title}
        )


def _check_shipping(case: Case, item: ItemDraft, lines: Sequence[Line]) -> None:
    orders = {case.order_id} | {line.order_line.order_id for line in lines}
    if item.shipping and item.shipping.order_id not in orders:
        raise PlanRefused(_("This shipping charge belongs to another order. Reload the case."))
    if item.remedy != Remedy.REFUND:
        raise PlanRefused(_("The only remedy for shipping is a refund."))


def _check_quantity(line: Line, item: ItemDraft, *, here: bool) -> None:
    if item.quantity < 1:
        raise PlanRefused(_("Enter a quantity of at least 1 for every item in the plan."))
    most = ceiling(line, item.remedy, here=here)
    if item.quantity <= most:
        return
    facts = {"title": line.order_line.title or line.order_line.sku, "most": most, "asked": item.quantity}
    if most < line.requested:
        raise PlanRefused(
            ngettext(
                "The bench accepted %(most)d unit of “%(title)s”, not %(asked)d. Lower the quantity or choose "
                "compensation.",
                "The bench accepted %(most)d units of “%(title)s”, not %(asked)d. Lower the quantity or choose "
                "compensation.",
                most,
            )
            % facts
        )
    raise PlanRefused(_too_many(most) % facts)


def _check_sum(line: Line, items: Sequence[ItemDraft]) -> None:
    requested = sum(item.quantity for item in items)
    if requested > line.requested:
        facts = {"title": line.order_line.title or line.order_line.sku, "most": line.requested, "asked": requested}
        raise PlanRefused(_too_many(line.requested) % facts)


def _too_many(most: int) -> str:
    return ngettext(
        "This case covers %(most)d unit of “%(title)s”, not %(asked)d. Lower the quantity.",
        "This case covers %(most)d units of “%(title)s”, not %(asked)d. Lower the quantity.",
        most,
    )


def _check_goods(items: Sequence[ItemDraft], *, come_back: bool, here: bool) -> None:
    remedies = {item.remedy for item in items if item.line}
    if come_back and not here and not remedies.intersection(NEEDS_GOODS):
        raise PlanRefused(_("This plan doesn't need the goods. Untick “The goods come back”."))
    if Remedy.REPAIR in remedies and not come_back and not here:
        raise PlanRefused(_("A repair needs the goods. Tick “The goods come back”, or choose another remedy."))


def _check_gateway(case: Case, gateway: str) -> None:
    """A plan without a gateway goes back as it was paid."""
    if gateway and gateway not in Refund.Gateway.values:
        raise PlanRefused(_("Choose how the refund is paid."))
    if gateway == Refund.Gateway.STORE_CREDIT and case.customer_id is None:
        raise PlanRefused(_("Store credit needs a customer, and this order has none. Choose another refund method."))


def needed_approvers(tiers: Iterable[ApprovalTier], total: Decimal) -> int:
    """The approvers of the highest of a shop's ``tiers`` that ``total`` reaches."""
    reached = [tier for tier in tiers if tier.above <= total]
    return max(reached, key=lambda tier: tier.above).approvers if reached else WITHOUT_TIERS
