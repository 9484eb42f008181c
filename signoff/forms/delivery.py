"""How a shop's delivery terms are configured."""

from django import forms

from signoff.models import DeliveryTerms, Trouble

CASE_FOR = DeliveryTerms._meta.get_field("case_for")


class DeliveryTermsForm(forms.ModelForm):
    """Troubles are boxes to tick."""

    case_for = forms.MultipleChoiceField(
        label=CASE_FOR.verbose_name,
        help_text=CASE_FOR.help_text,
        choices=Trouble.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = DeliveryTerms
        fields = ["shop", "sign_within_days", "carrier_proof_signs", "quiet_days", "case_for"]
