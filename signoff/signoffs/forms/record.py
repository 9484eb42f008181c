"""Forms for recording a sign-off that the desk received by telephone, by e-mail or at the counter."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from signoff.models import Order, SignOff
from signoff.parcels.contents import Content
from signoff.pictures.fields import PicturesField
from signoff.signoffs.forms.parcel_check import (
    PLAIN,
    CountForm,
    LineForm,
    ReportForms,
    WholeForm,
    radio_field,
    text_field,
)
from signoff.signoffs.rules import WRONG
from signoff.web.fields import ZonedDateTimeField

Channel, Who = SignOff.Channel, SignOff.Who
#: channels of a sign-off that staff record
DESK_CHANNELS = (Channel.PHONE, Channel.EMAIL, Channel.COUNTER)
AHEAD = timedelta(minutes=5)  # clocks differ


class RecordForm(forms.Form):
    """Who reported the delivery, when and how; fields are named like the arguments of ``sign``, except ``pictures``."""

    channel = forms.ChoiceField(
        label=_("How did you hear about it?"),
        choices=[(channel, channel.label) for channel in DESK_CHANNELS],
        error_messages={
            "required": _("Choose how you heard about it."),
            "invalid_choice": _("Choose how you heard about it."),
        },
    )
    said_by = forms.ChoiceField(
        label=_("Who accepted the parcel?"),
        choices=Who.choices,
        error_messages={
            "required": _("Choose who accepted the parcel."),
            "invalid_choice": _("Choose who accepted the parcel."),
        },
    )
    name = forms.CharField(
        label=_("Name, if it was not the buyer"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    signed_at = ZonedDateTimeField(
        label=_("When?"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={
            "required": _("Enter the date and time."),
            "invalid": _("Enter the date and time, as in 2026-03-31 14:30."),
        },
    )
    pictures = PicturesField(label=_("Pictures from the shopper"), required=False)

    def __init__(
        self,
        data: QueryDict | None = None,
        files: MultiValueDict | None = None,
        *,
        order: Order,
        corrected: SignOff | None,
    ) -> None:
        super().__init__(data, files, initial=_initial(corrected))
        self.order = order
        signed_at = self.fields["signed_at"]
        if isinstance(signed_at, ZonedDateTimeField):
            signed_at.use_zone(order.shop.time_zone)

    def clean_signed_at(self) -> datetime:
        moment = self.cleaned_data["signed_at"]
        if moment > timezone.now() + AHEAD:
            raise forms.ValidationError(_("That is in the future. Enter when the parcel was accepted."))
        if moment < self.order.placed_at:
            raise forms.ValidationError(_("That is before the order was placed. Enter when the parcel was accepted."))
        return moment

    def facts(self) -> dict[str, Any]:
        """Keyword arguments for ``sign`` and ``correct``."""
        return {name: self.cleaned_data[name] for name in ("channel", "said_by", "name", "signed_at")}


class DeskWholeForm(WholeForm):
    """Form of the whole parcel for the desk, where a refusal is a field instead of a page."""

    refused_for = radio_field(
        _("Was the whole parcel refused at the door?"),
        [("", _("No, it was accepted")), *((kind, PLAIN[kind]) for kind in WRONG)],
    )
    words = text_field(_("Comments on the whole parcel"), rows=3)
    field_order = ["words", "refused_for"]


class DeskReportForms(ReportForms):
    """Forms for the desk, where all lines share the columns of one table."""

    whole_form = DeskWholeForm

    def line_form(self, content: Content) -> type[LineForm]:
        return CountForm


def _initial(corrected: SignOff | None) -> dict[str, Any]:
    if corrected is None:
        return {"signed_at": timezone.now(), "said_by": Who.BUYER}
    channel = corrected.channel if corrected.channel in DESK_CHANNELS else Channel.PHONE
    return {"signed_at": corrected.signed_at, "said_by": corrected.said_by or Who.BUYER, "channel": channel}
