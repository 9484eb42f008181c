"""Finance's list, grouped by the way that the money takes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from refunds.models import Refund
from refunds.ways.text import WayHead, head_of, provider_of
from signoff.web.formatting import money


@dataclass
class WayCard:
    """The refunds of one way on this page, under its head."""

    way: str
    head: WayHead
    refunds: list[Refund] = field(default_factory=list)

    @property
    def totals(self) -> list[str]:
        """The sum of each currency; no two are added."""
        sums: dict[str, Decimal] = {}
        for refund in self.refunds:
            sums[refund.currency] = sums.get(refund.currency, Decimal(0)) + refund.amount
        return [money(amount, currency) for currency, amount in sums.items()]


def by_way(refunds: Iterable[Refund]) -> Sequence[WayCard]:
    """A card for each way, in the order of ``Refund.Gateway``; ways by hand have one for each provider."""
    cards: dict[tuple[str, str], WayCard] = {}
    for refund in refunds:
        named = refund.gateway in (Refund.Gateway.PLATFORM, Refund.Gateway.PROVIDER)
        key = (refund.gateway, provider_of(refund.gateway, refund.payment) if named else "")
        card = cards.setdefault(key, WayCard(refund.gateway, head_of(refund.gateway, refund.payment)))
        card.refunds.append(refund)
    order = [*ORDER, *sorted({way for way, _name in cards} - {*ORDER})]
    return [cards[key] for key in sorted(cards, key=lambda key: (order.index(key[0]), key[1]))]


#: what needs people at a marketplace or provider first, store credit last
ORDER = (
    Refund.Gateway.PLATFORM.value,
    Refund.Gateway.PROVIDER.value,
    Refund.Gateway.MANUAL.value,
    Refund.Gateway.STORE_CREDIT.value,
)
