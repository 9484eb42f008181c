"""All forms of the plan page: they turn typed values into items with their price."""

import functools
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import prefetch_related_objects
from django.http import QueryDict

from refunds.money import QuoteRefused
from refunds.plans.actions import price_plan
from refunds.plans.forms import LineForm, PlanForm, ShippingForm
from refunds.plans.queries import offer_sent_back, refundable_charges
from refunds.plans.suggestion import Suggestion, goods_come_back
from refunds.pricing.breakdown import Money, money_of_draft, refunded_elsewhere
from refunds.pricing.price_plan import ItemDraft, PricedPlan
from refunds.pricing.queries import payments_of
from refunds.pricing.rules import NEEDS_GOODS, PlanRefused, goods_are_here
from refunds.ways.rules import way_of
from returns.lifecycle.queries import lines_with_orders
from returns.models import Case, Line
from signoff.models import Payment, ShippingCharge


class PlanSheet:
    """The forms of the plan page. ``suggestion`` has the initial values."""

    def __init__(
        self, case: Case, suggestion: Suggestion, *, plan_form: type[PlanForm], data: QueryDict | None = None
    ) -> None:
        self.case, self.suggestion, self.data = case, suggestion, data
        lines = lines_with_orders(case)
        self.here = goods_are_here(lines)
        initial = self._initial() | ({"words": offer_sent_back(case)} if "words" in plan_form.base_fields else {})
        self.plan = plan_form(data, initial=initial, undecided=undecided_payments(case, lines))
        currency = case.order.currency
        self.lines = [LineForm(data, line=line, currency=currency, draft=self._draft(line=line)) for line in lines]
        self.shipping = [
            ShippingForm(data, charge=charge, currency=currency, draft=self._draft(shipping=charge))
            for charge in refundable_charges(case, lines)
        ]

    @property
    def items(self) -> list[ItemDraft]:
        return [form.item for form in self._rows if form.item]

    @property
    def forms(self) -> list[Any]:
        """All forms, the plan as a whole first."""
        return [self.plan, *self._rows]

    @functools.cached_property
    def goods_come_back(self) -> bool:
        """Whether the goods come back; always true if they are here already.

        The box follows the remedies until the agent has ticked otherwise.
        """
        derived = self.derived
        if self.here or self.data is None:
            return self.here or self.suggestion.goods_come_back
        ticked, before = (self.plan.cleaned_data.get(name, False) for name in ("goods_come_back", "derived"))
        return ticked if ticked != before else derived

    @functools.cached_property
    def derived(self) -> bool:
        """What the remedies say about the goods now, for the next time that the form is sent."""
        if self.data is None:
            return self.suggestion.derived
        if not self._rows_are_valid:
            return self.plan.cleaned_data.get("derived", False)
        return goods_come_back(self.items)

    @functools.cached_property
    def _rows_are_valid(self) -> bool:
        self.plan.is_valid()
        answers = [form.is_valid() for form in self._rows]  # validate all of them: each shows its errors
        return all(answers)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why less than what was paid is suggested, and what the shop has refunded itself."""
        told = refunded_elsewhere(payments_of(self.case.order), self.case.order)
        reasons = self.suggestion.reasons if self.data is None else ()
        return reasons or ((told,) if told else ())

    def money(self) -> Money:
        """The price of the typed or suggested items; a refusal is added to the forms and set as ``refusal``."""
        if self.data is None:
            return self._priced(self.suggestion.items, self.suggestion.goods_come_back, self.suggestion.gateway, {})
        if not self._rows_are_valid or "gateway" in self.plan.errors:
            return Money(self.case.order.currency)
        money = self._priced(self.items, self.goods_come_back, self.plan.cleaned_data["gateway"], self.plan.ways)
        if money.refusal:
            self.refuse(money.refusal)
        return money

    @property
    def is_sound(self) -> bool:
        """Whether every form is valid; the action checks whether the plan is allowed."""
        return not any(form.errors for form in self.forms)

    @property
    def arguments(self) -> dict[str, Any]:
        """Arguments of the action."""
        typed: dict[str, Any] = {
            name: self.plan.cleaned_data[name]
            for name in ("seen", "gateway", "note", "words")
            if name in self.plan.fields
        }
        return {
            **typed,
            "items": self.items,
            "goods_come_back": self.goods_come_back,
            "ways": self.plan.ways,
        }

    def look_up_findings(self) -> None:
        """Attach the bench's finding to each line, for the page."""
        if self.here:
            prefetch_related_objects([form.line for form in self.lines], "findings")

    def refuse(self, sentence: str) -> None:
        """Add the sentence to the form at fault: the row that is refused alone, else the plan."""
        for form in self._rows:
            item = form.item
            if item and (refusal := self._priced([item], item.remedy in NEEDS_GOODS, "", {}).refusal):
                form.add_error("amount" if item.pays else "quantity", refusal)
                return
        self.plan.add_error(None, sentence)

    def _priced(
        self, items: Sequence[ItemDraft], goods_come_back: bool, gateway: str, ways: Mapping[str, str]
    ) -> Money:
        try:
            priced: PricedPlan = price_plan(self.case, items=items, goods_come_back=goods_come_back, gateway=gateway)
        except (PlanRefused, QuoteRefused) as refusal:
            return Money(self.case.order.currency, refusal=str(refusal))
        return money_of_draft(priced, self.case.order, gateway=gateway, ways=ways)

    @property
    def _rows(self) -> list[Any]:
        return [*self.lines, *self.shipping]

    def _initial(self) -> dict[str, Any]:
        return {
            "seen": self.case.seq,
            "derived": self.suggestion.derived,
            "goods_come_back": self.suggestion.goods_come_back,
            "gateway": self.suggestion.gateway,
        }

    def _draft(self, **subject: Line | ShippingCharge) -> ItemDraft | None:
        return next(
            (
                item
                for item in self.suggestion.items
                if all(getattr(item, name) == value for name, value in subject.items())
            ),
            None,
        )


def undecided_payments(case: Case, lines: Sequence[Line]) -> list[Payment]:
    """Payments of the case's orders that were made in several ways and have something left."""
    orders = {case.order_id: case.order} | {line.order_line.order_id: line.order_line.order for line in lines}
    payments = (payment for order in orders.values() for payment in payments_of(order))
    return [payment for payment in payments if payment.refundable and not way_of(payment)]
