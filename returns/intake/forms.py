"""Forms of a request: which items, and what is wrong with each."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_stubs_ext import StrOrPromise

from returns.intake.reasons import choices, remedies_for
from returns.lifecycle.unit_reservation import too_many
from returns.models import Case, Reason
from returns.models.cases import BY_AGENT
from returns.models.reasons import EXCHANGE_FIELDS, Remedy
from signoff.models import Order, OrderLine
from signoff.web.fields import choice_field
from signoff.web.formatting import join_list

WORDS = 2000
WISHES = (
    (Remedy.REFUND, gettext_lazy("Refund")),
    (Remedy.EXCHANGE, gettext_lazy("Exchange")),
    (Remedy.REPAIR, gettext_lazy("Repair")),
    (Remedy.RESEND, gettext_lazy("Send the missing items")),
    (Remedy.COMPENSATION, gettext_lazy("Keep it for a partial refund")),
)
WISH_LABELS: dict[str, StrOrPromise] = dict(WISHES)
CONTACT_LABELS: dict[str, StrOrPromise] = {
    Case.Channel.PHONE: gettext_lazy("Telephone"),
    Case.Channel.WECHAT: gettext_lazy("WeChat"),
    Case.Channel.EMAIL: gettext_lazy("E-mail"),
    Case.Channel.COUNTER: gettext_lazy("At the counter"),
}


class ItemsForm(forms.Form):
    """Which order lines, and how many units of each. Fields are named by the line's position in the order."""

    def __init__(
        self, *args: Any, lines: Sequence[OrderLine], chosen: dict[int, int] | None = None, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.lines = [line for line in lines if line.available > 0]
        chosen = chosen or {}
        for line in self.lines:
            self.fields[f"pick-{line.position}"] = forms.BooleanField(
                label=line.title or line.sku, required=False, initial=line.pk in chosen or len(self.lines) == 1
            )
            self.fields[f"quantity-{line.position}"] = forms.IntegerField(
                label=_("How many?"),
                required=False,
                initial=chosen.get(line.pk, 1),
                error_messages={"invalid": _("Enter the number of items in digits.")},
                widget=forms.NumberInput(attrs={"min": 1, "max": line.available, "inputmode": "numeric"}),
            )

    def rows(self) -> list[dict[str, Any]]:
        """For the template: each line with its two fields."""
        return [
            {"line": line, "pick": self[f"pick-{line.position}"], "quantity": self[f"quantity-{line.position}"]}
            for line in self.lines
        ]

    def clean(self) -> dict[str, Any]:
        picked = [line for line in self.lines if self.cleaned_data.get(f"pick-{line.position}")]
        if not picked:
            self._refuse_nothing()
        for line in picked:
            self._check_quantity(line)
        self.quantities = {line.pk: self.cleaned_data.get(f"quantity-{line.position}") or 1 for line in picked}
        return self.cleaned_data

    def _refuse_nothing(self) -> None:
        raise forms.ValidationError(_("Choose at least one item."))

    def _check_quantity(self, line: OrderLine) -> None:
        name = f"quantity-{line.position}"
        quantity = self.cleaned_data.get(name)
        if quantity is not None and quantity < 1:
            self.add_error(name, _("Enter at least 1, or untick the item."))
        if quantity is not None and quantity > line.available:
            self.add_error(name, too_many(line, quantity))


class ItemsOfOrderForm(ItemsForm):
    """The same for one of several orders, of which some stay out of the request; ``order`` names its fields."""

    def __init__(self, *args: Any, order: Order, chosen: dict[int, int] | None = None, **options: Any) -> None:
        super().__init__(*args, prefix=order.token, chosen=chosen, **options)
        self.order = order
        if chosen is not None:  # one line alone is no reason to choose its order
            for line in self.lines:
                self.fields[f"pick-{line.position}"].initial = line.pk in chosen

    def _refuse_nothing(self) -> None:
        """The page asks for one item of all orders."""


class ContactForm(forms.Form):
    """How the shopper has reached the agent, and who it was, as the name was said."""

    channel = forms.ChoiceField(
        label=gettext_lazy("How did they reach us?"),
        choices=[(channel.value, CONTACT_LABELS[channel]) for channel in BY_AGENT],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose how they reached us.")},
    )
    caller = forms.CharField(
        label=gettext_lazy("Who is it?"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("The name as they say it. Only staff see it."),
    )


#: the answers about a line that a draft keeps as text
ANSWERS = ("reason", "wish", *EXCHANGE_FIELDS, "words")


class DetailsForm(forms.Form):
    """Reason, wish and words for one line. With fewer ``photos`` than needed the shopper may explain why."""

    reason = forms.ChoiceField(
        label=gettext_lazy("What's wrong?"),
        error_messages={"required": gettext_lazy("Choose what fits best.")},
    )
    wish = forms.ChoiceField(
        label=gettext_lazy("What would you like us to do?"),
        choices=WISHES,
        initial=Remedy.REFUND,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what you would like us to do.")},
    )
    instead_item = forms.CharField(
        label=gettext_lazy("Which item would you like instead?"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("Leave both fields empty for the same item again."),
    )
    instead_option = forms.CharField(
        label=gettext_lazy("Size, colour or other option"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    words = forms.CharField(
        label=gettext_lazy("Describe the problem"),
        required=False,
        max_length=WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "What happened, since when, and which part? The more we know, the fewer questions we'll ask."
        ),
    )
    without_photos = forms.BooleanField(label=gettext_lazy("Continue without photos"), required=False)

    def __init__(self, *args: Any, reasons: Iterable[Reason], photos: int = 0, **options: Any) -> None:
        super().__init__(*args, **options)
        reasons = list(reasons)
        self.photos = photos
        self.needed = {reason.code: reason.photos_required for reason in reasons}
        self.remedies = {reason.code: remedies_for(reason) for reason in reasons}
        self.photos_missing = False
        choice_field(self, "reason").choices = choices(reasons)
        self.fields["wish"].widget.choices = self._fitting_wishes()

    def _fitting_wishes(self) -> list[tuple[str, StrOrPromise]]:
        """The wishes that fit the reason, once that is known; all of them before."""
        fitting = self.remedies.get(self["reason"].value() or "")
        return [(wish, label) for wish, label in WISHES if fitting is None or wish in fitting]

    def clean(self) -> dict[str, Any]:
        reason, wish = (self.cleaned_data.get(name, "") for name in ("reason", "wish"))
        if reason and wish and wish not in self.remedies.get(reason, ()):
            labels = join_list(WISH_LABELS[fitting] for fitting in self.remedies[reason])
            self.add_error("wish", _("For this reason you can choose: %(wishes)s.") % {"wishes": labels})
        needed = self.needed.get(self.cleaned_data.get("reason", ""), 0)
        if self.photos < needed:
            self.photos_missing = True
            self._ask_for_photos(needed)
        return self.cleaned_data

    def answers(self) -> dict[str, Any]:
        """The valid answers, to be saved in the draft even where others are missing."""
        answers = {name: self.cleaned_data[name] for name in ANSWERS if name in self.cleaned_data}
        for name in EXCHANGE_FIELDS:
            if not answers.get(name):
                answers.pop(name, None)
        return answers | {"without_photos": self.cleaned_data.get("without_photos", False)}

    def _ask_for_photos(self, needed: int) -> None:
        if self.cleaned_data.get("without_photos"):
            if not self.cleaned_data.get("words"):
                self.add_error("words", _("Tell us briefly why you can't add photos, and we'll continue without them."))
            return
        self.add_error(
            "without_photos",
            ngettext(
                "We need %(needed)d photo of this. Add it, or tick this box and explain in the description why "
                "you can't.",
                "We need %(needed)d photos of this. Add them, or tick this box and explain in the description "
                "why you can't.",
                needed,
            )
            % {"needed": needed},
        )
