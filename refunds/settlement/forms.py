"""Forms of the shipments page."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SendForm(forms.Form):
    """Carrier and tracking number of the replacement with the key ``replacement``."""

    replacement = forms.IntegerField(widget=forms.HiddenInput)
    carrier = forms.CharField(label=_("Carrier"), max_length=60)
    tracking_number = forms.CharField(label=_("Tracking number"), max_length=80)
