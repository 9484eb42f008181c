"""Forms for a parcel to the shopper, for settling an exception, and for delivery terms."""

import unicodedata
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from signoff.models import DeliveryTerms, ExceptionKind, Order, OrderLine, Parcel, ParcelException
from signoff.parcels.actions import Sending, version_of
from signoff.parcels.numbers import normal_number

FURTHEST = timedelta(days=366)
DAY = _("Enter a date, as in 2026-03-31.")
WHOLE = _("Enter a whole number; 0 if there are none.")


def day(label: Any, help_text: Any) -> forms.DateField:
    """An optional date field."""
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": DAY},
    )


def units_of(line: OrderLine, inside: int) -> forms.IntegerField:
    """Field for the units of a line in the parcel."""
    return forms.IntegerField(
        label=line.title or line.sku,
        help_text=_("of %(units)d bought") % {"units": line.quantity},
        min_value=0,
        max_value=line.quantity,
        required=False,
        initial=inside,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={"invalid": WHOLE, "min_value": WHOLE, "max_value": _("At most %(limit_value)s were bought.")},
    )


class ParcelForm(forms.Form):
    """Shipment and contents of a parcel; ``parcel`` is the one to correct, None for a new one."""

    carrier = forms.CharField(label=_("Carrier"), max_length=60, error_messages={"required": _("Enter the carrier.")})
    tracking_number = forms.CharField(
        label=_("Tracking number"),
        required=False,
        max_length=80,
        help_text=_("Without it, the parcel can't be tracked."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    sent_on = day(_("Sent on"), _("Leave empty until it is sent."))
    promised_on = day(_("Promised by"), _("The date promised to the shopper."))
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None = None, *, order: Order, parcel: Parcel | None = None) -> None:
        self.order, self.parcel, self.zone = order, parcel, ZoneInfo(order.shop.time_zone)
        self.goods = [line for line in order.lines.all() if line.kind == OrderLine.Kind.GOODS]
        super().__init__(data, initial=self._begin())
        inside = {line.order_line_id: line.quantity for line in parcel.lines.all()} if parcel else {}
        for line in self.goods:
            self.fields[f"units-{line.position}"] = units_of(line, inside.get(line.pk, 0))

    @property
    def units(self) -> Iterator[forms.BoundField]:
        """The bound unit fields of the lines."""
        return (self[f"units-{line.position}"] for line in self.goods)

    def clean_tracking_number(self) -> str:
        """The tracking number without the spaces that are printed on labels; empty for a mere "N/A"."""
        number = "".join(unicodedata.normalize("NFKC", self.cleaned_data["tracking_number"]).split())
        return number if normal_number(number) else ""

    def clean_sent_on(self) -> date | None:
        sent_on = self.cleaned_data["sent_on"]
        if sent_on and sent_on > self._today():
            raise forms.ValidationError(_("That is in the future. Leave it empty until the parcel is sent."))
        if not sent_on and self.parcel and self.parcel.shipped_at:
            raise forms.ValidationError(_("The parcel has been sent. Enter the date."))
        return sent_on

    def clean_promised_on(self) -> date | None:
        promised = self.cleaned_data["promised_on"]
        placed = timezone.localdate(self.order.placed_at, self.zone)
        if promised and not placed <= promised <= self._today() + FURTHEST:
            raise forms.ValidationError(
                _("That is before the order was placed or more than a year ahead. Check the date.")
            )
        return promised

    def sending(self) -> Sending:
        """The data for ``add_parcel`` and ``change_parcel``."""
        data = self.cleaned_data
        units = {line.pk: data.get(f"units-{line.position}") or 0 for line in self.goods}
        return Sending(
            data["carrier"], data["tracking_number"], data["promised_on"], self._moment(data["sent_on"]), units
        )

    def _begin(self) -> dict[str, Any]:
        if self.parcel is None:
            return {"sent_on": self._today()}
        shipped_at = self.parcel.shipped_at
        return {
            "carrier": self.parcel.carrier,
            "tracking_number": self.parcel.tracking_number,
            "promised_on": self.parcel.promised_on,
            "sent_on": timezone.localdate(shipped_at, self.zone) if shipped_at else None,
            "seen": version_of(self.parcel),
        }

    def _moment(self, sent_on: date | None) -> datetime | None:
        """A time on that day: the known one, now if it is today, else noon in the shop's zone."""
        shipped_at = self.parcel.shipped_at if self.parcel else None
        if sent_on is None or (shipped_at and timezone.localdate(shipped_at, self.zone) == sent_on):
            return shipped_at if sent_on else None
        if sent_on == self._today():
            return timezone.now()
        return datetime.combine(sent_on, time(12), self.zone).astimezone(UTC)

    def _today(self) -> date:
        return timezone.localdate(timezone=self.zone)


MAX_NOTE_LENGTH = 2000
Settled = ParcelException.Settled
#: what a person may say; a case settles it by itself
OUTCOMES = (Settled.ANSWERED, Settled.ARRIVED, Settled.MISTAKEN)


class SettleForm(forms.Form):
    as_ = forms.ChoiceField(
        label=_("What was the outcome?"),
        choices=[(outcome, outcome.label) for outcome in OUTCOMES],
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose the outcome."),
            "invalid_choice": _("Choose one of the outcomes listed."),
        },
    )
    words = forms.CharField(
        label=_("Note for colleagues"),
        required=False,
        max_length=MAX_NOTE_LENGTH,
        error_messages={"max_length": _("Use at most %(limit_value)d characters.")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )


CASE_FOR = DeliveryTerms._meta.get_field("case_for")


class DeliveryTermsForm(forms.ModelForm):
    """Kinds of exceptions as check boxes."""

    case_for = forms.MultipleChoiceField(
        label=CASE_FOR.verbose_name,
        help_text=CASE_FOR.help_text,
        choices=ExceptionKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = DeliveryTerms
        fields = ["shop", "sign_within_days", "carrier_proof_signs", "quiet_days", "case_for"]
