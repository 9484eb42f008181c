"""What is unusual about a plan, for the approver: sentences in amber, never a refusal."""

from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import gettext as _

from refunds.models import Item, Resolution
from refunds.pricing.price_plan import PAYS
from refunds.pricing.quote_input import cost_of_units
from refunds.pricing.rules import NEEDS_GOODS
from returns.intake.reasons import remedies_for
from returns.models import Line, Reason
from returns.models.reasons import Remedy


def unusual(plan: Resolution, items: Iterable[Item], lines: Sequence[Line]) -> list[str]:
    """A sentence for each thing about ``plan`` that an approver should look at twice."""
    by_key = {line.pk: line for line in lines}
    return [
        sentence for item in items if (line := by_key.get(item.line_id or 0)) for sentence in _about(plan, item, line)
    ]


def _about(plan: Resolution, item: Item, line: Line) -> Iterator[str]:
    facts = {
        "title": line.order_line.title or line.order_line.sku,
        "reason": line.reason.title,
        "remedy": item.get_remedy_display(),
    }
    stays = item.remedy in NEEDS_GOODS and not plan.goods_come_back and line.reason.goods_come_back
    worth = cost_of_units(line.order_line, item.units or line.units, line.order_line.order).gross
    if stays and item.remedy == Remedy.REFUND and worth and item.gross == worth and _changed_mind(line):
        yield _("“%(title)s”: refund in full, the goods stay, reason “%(reason)s”.") % facts
    elif stays:
        yield _("“%(title)s”: the goods stay, although they usually come back for “%(reason)s”.") % facts
    if item.remedy not in remedies_for(line.reason):
        yield _("“%(title)s”: %(remedy)s is unusual for “%(reason)s”.") % facts
    if item.remedy in PAYS and worth and not item.gross:
        yield _("“%(title)s”: nothing is refunded, because nothing is left.") % facts


def _changed_mind(line: Line) -> bool:
    return line.reason.liability == Reason.Liability.SHOPPER
