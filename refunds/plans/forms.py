"""Forms of a plan: the plan as a whole, a row per article, a row per shipping charge."""

from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from refunds.models import Refund
from refunds.pricing.price_plan import ItemDraft
from refunds.pricing.quote_input import cost_of_units
from returns.models import Line
from returns.models.reasons import Remedy
from signoff.models import ShippingCharge
from signoff.money import digits


class AmountField(forms.DecimalField):
    """An amount in whole coins of a currency; empty means all that is left."""

    def __init__(self, *, currency: str, **options: Any) -> None:
        super().__init__(
            min_value=Decimal(0), max_digits=14, decimal_places=digits(currency), required=False, **options
        )


#: what a row of the plan says of its line
DRAFTED = ("remedy", "quantity", "amount", "instead_item", "instead_option")


class LineForm(forms.Form):
    """The remedy for one line of the case."""

    remedy = forms.ChoiceField(
        label=_("Remedy"), choices=[("", _("no remedy for this item")), *Remedy.choices], required=False
    )
    quantity = forms.IntegerField(label=_("Quantity"), min_value=0, required=False)
    instead_item = forms.CharField(
        label=_("Exchange: item instead"),
        required=False,
        max_length=200,
        help_text=_("Leave empty for the same item."),
    )
    instead_option = forms.CharField(label=_("Exchange: option"), required=False, max_length=120)

    def __init__(self, data: QueryDict | None, *, line: Line, currency: str, draft: ItemDraft | None) -> None:
        self.line = line
        self.paid = cost_of_units(line.order_line, line.units, line.order_line.order).gross
        initial = {name: getattr(draft, name) for name in DRAFTED} if draft else {}
        super().__init__(data, prefix=f"line{line.pk}", initial=initial)
        self.fields["amount"] = AmountField(
            currency=currency, label=_("Amount"), help_text=_("Leave empty to refund everything that is left.")
        )
        self.fields["quantity"].widget.attrs["max"] = line.requested

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("remedy") and not data.get("quantity") and "quantity" not in self.errors:
            self.add_error("quantity", _("Enter how many, or choose “no remedy for this item”."))
        return data

    @property
    def item(self) -> ItemDraft | None:
        data = self.cleaned_data
        if not data.get("remedy"):
            return None
        return ItemDraft(line=self.line, **{name: data[name] for name in DRAFTED})


class ShippingForm(forms.Form):
    """Whether a shipping charge is refunded, and the amount."""

    refund = forms.BooleanField(label=_("Refund shipping"), required=False)

    def __init__(
        self, data: QueryDict | None, *, charge: ShippingCharge, currency: str, draft: ItemDraft | None
    ) -> None:
        self.charge = charge
        initial = {"refund": draft is not None, "amount": draft.amount if draft else None}
        super().__init__(data, prefix=f"shipping{charge.pk}", initial=initial)
        self.fields["amount"] = AmountField(
            currency=currency, label=_("Amount"), help_text=_("Leave empty to refund everything that is left.")
        )

    @property
    def item(self) -> ItemDraft | None:
        data = self.cleaned_data
        return ItemDraft(shipping=self.charge, amount=data["amount"]) if data.get("refund") else None


class PlanForm(forms.Form):
    """The plan as a whole."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    goods_come_back = forms.BooleanField(label=_("The goods come back"), required=False)
    gateway = forms.ChoiceField(label=_("Refund method"), choices=Refund.Gateway.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("Note for the approver"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )


class OfferForm(PlanForm):
    """A counter-offer, which the shopper accepts or declines."""

    words = forms.CharField(
        label=_("Message to the shopper"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Explain what you suggest and why. The amounts below are shown with it."),
    )


class SeenForm(forms.Form):
    """Acceptance of the shown offer; ``seen`` is the version of the case that was shown."""

    seen = forms.IntegerField(widget=forms.HiddenInput)


class DeclineForm(SeenForm):
    """Refusal of an offer, with an optional comment."""

    words = forms.CharField(
        label=_("What would you prefer instead?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
