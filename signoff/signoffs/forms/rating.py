"""Form of a shopper's rating: stars from 1 to 5 for shop and carrier, and a comment."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from signoff.models import Rating
from signoff.signoffs.ratings import Stars

About = Rating.About
MAX_COMMENT_LENGTH = 2000
STARS = {1: _("Very bad"), 2: _("Bad"), 3: _("Neutral"), 4: _("Good"), 5: _("Very good")}
QUESTIONS = {
    About.SHOP: _("How was the shop?"),
    About.CARRIER: _("How was the delivery?"),
}


class RatingForm(forms.Form):
    """Stars for the shop, and for the carrier if the parcel names one; at least one of them is required."""

    words = forms.CharField(
        label=_("Comment (optional)"),
        required=False,
        max_length=MAX_COMMENT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, carrier: bool = True, **options: Any) -> None:
        super().__init__(*args, **options)
        for about in (About.SHOP, About.CARRIER) if carrier else (About.SHOP,):
            self.fields[about] = forms.TypedChoiceField(
                label=QUESTIONS[about],
                choices=list(STARS.items()),
                coerce=int,
                empty_value=None,
                required=False,
                widget=forms.RadioSelect,
                error_messages={"invalid_choice": _("Choose one to five stars.")},
            )

    def stars(self) -> list[forms.BoundField]:
        """The star fields, the shop's first."""
        return [self[name] for name in self.fields if name != "words"]

    def clean(self) -> dict[str, Any]:
        if not self.errors and not any(self.cleaned_data.get(about) for about in About.values):
            self.add_error(None, _("Choose one to five stars for the shop or the delivery."))
        return self.cleaned_data

    def ratings(self) -> dict[str, Stars]:
        """Arguments for ``rate``; the comment belongs to the first rating."""
        data, comment = self.cleaned_data, self.cleaned_data["words"].strip()
        rated = [about for about in (About.SHOP, About.CARRIER) if data.get(about)]
        return {about: Stars(data[about], comment if about == rated[0] else "") for about in rated}
