"""Forms of a plan: the plan as a whole, a row per article, a row per shipping charge."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from refunds.models import Refund
from refunds.pricing.price_plan import ItemDraft
from refunds.pricing.quote_input import cost_of_units
from refunds.ways.text import payment_label
from returns.models import Line
from returns.models.reasons import EXCHANGE_FIELDS, Remedy
from signoff.models import Payment, ShippingCharge
from signoff.money import digits


class AmountField(forms.DecimalField):
    """An amount in whole coins of a currency; empty means all that is left."""

    def __init__(self, *, currency: str, **options: Any) -> None:
        super().__init__(
            min_value=Decimal(0), max_digits=14, decimal_places=digits(currency), required=False, **options
        )


#: what a row of the plan says of its line
DRAFTED = ("remedy", "quantity", "amount", *EXCHANGE_FIELDS)


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


#: what a person may choose instead of "as it was paid"
OTHER_WAYS = [
    (Refund.Gateway.STORE_CREDIT, _("Store credit")),
    (Refund.Gateway.MANUAL, _("Bank transfer to an account that the shopper names")),
]


WAYS = [(Refund.Gateway.PROVIDER, _("Refund by hand at the payment provider")), *OTHER_WAYS]


class PlanForm(forms.Form):
    """The plan as a whole.

    ``derived`` is what the remedies said about the goods when the form was drawn: as long as nobody has ticked
    otherwise, the box follows them. Each of ``undecided`` was paid in several ways: a person says how it goes back.
    """

    seen = forms.IntegerField(widget=forms.HiddenInput)
    derived = forms.BooleanField(widget=forms.HiddenInput, required=False)
    goods_come_back = forms.BooleanField(label=_("The goods come back"), required=False)
    gateway = forms.ChoiceField(
        label=_("Refund method"),
        choices=[("", _("As it was paid")), *OTHER_WAYS],
        required=False,
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("Note for the approver"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, undecided: Iterable[Payment] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.undecided = list(undecided)
        for payment in self.undecided:
            self.fields[f"way{payment.pk}"] = forms.ChoiceField(
                label=_("How “%(payment)s” goes back") % {"payment": payment_label(payment)},
                choices=[("", _("Choose one")), *WAYS],
                required=False,
                help_text=_("It was paid in several ways, and the shop doesn't say how much in each."),
            )

    @property
    def ways(self) -> dict[str, str]:
        """What a person chose for single payments: key of the payment → way."""
        chosen = {str(payment.pk): self.cleaned_data.get(f"way{payment.pk}", "") for payment in self.undecided}
        return {key: way for key, way in chosen.items() if way}

    @property
    def way_fields(self) -> list[Any]:
        """The bound fields of the undecided payments."""
        return [self[f"way{payment.pk}"] for payment in self.undecided]


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
