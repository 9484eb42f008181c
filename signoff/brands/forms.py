"""The form of a shop in the admin: logo and colours are checked before they are stored."""

import re
from functools import partial
from math import floor
from typing import Any

from django import forms
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from signoff.brands.rules import of_theme
from signoff.models import Shop
from signoff.pictures.clean import PictureRefused, clean_logo
from signoff.pictures.fields import ACCEPT
from signoff.web.colours import LEAST, ROLES, THEMES, Pair, derive, palette_of, too_weak

LABELS = {
    "light": {
        "accent": gettext_lazy("Buttons"),
        "hover": gettext_lazy("Buttons, pointed at"),
        "text": gettext_lazy("Links and focus"),
        "soft": gettext_lazy("Soft ground"),
        "deep": gettext_lazy("Head band"),
        "tint": gettext_lazy("Small words on the head band"),
    },
    "dark": {
        "accent": gettext_lazy("Buttons (dark)"),
        "hover": gettext_lazy("Buttons, pointed at (dark)"),
        "text": gettext_lazy("Links and focus (dark)"),
        "soft": gettext_lazy("Soft ground (dark)"),
        "deep": gettext_lazy("Head band (dark)"),
        "tint": gettext_lazy("Small words on the head band (dark)"),
    },
}
#: colours of every page, as they are called in a refusal
PAGE_COLOURS = {
    "white": pgettext_lazy("colour", "White words"),
    "surface": pgettext_lazy("colour", "cards"),
    "background": pgettext_lazy("colour", "the page"),
    "body": pgettext_lazy("colour", "Body text"),
    "muted": pgettext_lazy("colour", "Secondary text"),
}


class ColourField(forms.CharField):
    """A colour such as ``#0B5563``, also without the # or in three digits; cleaned to ``#0b5563`` or ""."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"size": 9, "spellcheck": "false", "autocomplete": "off"})
        super().__init__(required=False, widget=widget, **options)

    def to_python(self, value: Any) -> str:
        text = (super().to_python(value) or "").strip().lower().removeprefix("#")
        if re.fullmatch(r"[0-9a-f]{3}", text):
            text = "".join(digit * 2 for digit in text)
        if text and not re.fullmatch(r"[0-9a-f]{6}", text):
            raise forms.ValidationError(
                _("This is not a colour. Write it with six digits, such as #0b5563."), code="invalid"
            )
        return f"#{text}" if text else ""


class LogoField(forms.FileField):
    """An uploaded picture that the sandbox has drawn anew as a small square PNG; SVG and what is unreadable is refused.

    Cleaned to a file, ``False`` to remove the logo, or what was there before.
    """

    def clean(self, value: Any, initial: Any = None) -> Any:
        cleaned = super().clean(value, initial)
        if not isinstance(cleaned, UploadedFile):
            return cleaned
        try:
            return ContentFile(clean_logo(cleaned), name="logo.png")
        except PictureRefused as refusal:
            raise forms.ValidationError(str(refusal), code="invalid") from refusal


def field_name(theme: str, role: str) -> str:
    return f"{theme}_{role}"


def colour_fields(theme: str) -> list[str]:
    """The names of a theme's fields, in their order."""
    return [field_name(theme, role) for role in ROLES]


ColoursForm = type(
    "ColoursForm",
    (forms.Form,),
    {field_name(theme, role): ColourField(label=LABELS[theme][role]) for theme in THEMES for role in ROLES},
)


class ShopForm(forms.ModelForm, ColoursForm):  # type: ignore[misc,valid-type]  # made by type() above
    """A shop. One colour is enough: hand-picked ones replace derived ones and are refused if they cannot be read."""

    logo = LogoField(
        label=gettext_lazy("Logo"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPT}),
        help_text=gettext_lazy(
            "PNG, JPEG or WebP, best square. We draw it anew in 256 × 256 pixels; SVG isn't accepted."
        ),
    )
    colour = ColourField(
        label=gettext_lazy("Colour"),
        help_text=gettext_lazy("One colour is enough. All others follow from it, light enough or dark enough to read."),
    )

    class Meta:
        model = Shop
        fields = [
            "name", "slug", "currency", "country", "language", "time_zone", "email", "phone", "return_address",
            "legal_name", "postal_address", "returns_url", "privacy_url", "accessibility_url", "logo", "colour",
        ]  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.former_logo = self.instance.logo.name or ""
        for theme in THEMES:
            chosen = of_theme(self.instance.chosen_colours, theme)
            derived = derive(self.instance.colour, theme) if self.instance.colour else None
            for role in ROLES:
                field = self.fields[field_name(theme, role)]
                field.initial = chosen.get(role, "")
                field.widget.attrs["placeholder"] = getattr(derived, role, "")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        for theme in THEMES:
            self._check_contrast(theme, values.get("colour", ""))
        return values

    def save(self, commit: bool = True) -> Shop:
        """Store the hand-picked colours, and remove the file of a logo that was replaced once that is certain."""
        self.instance.chosen_colours = {
            f"{theme}.{role}": value for theme in THEMES for role, value in self._chosen(theme).items()
        }
        shop = super().save(commit)
        if self.former_logo and "logo" in self.changed_data:
            transaction.on_commit(partial(shop.logo.storage.delete, self.former_logo), robust=True)
        return shop

    def _chosen(self, theme: str) -> dict[str, str]:
        return {role: value for role in ROLES if (value := self.cleaned_data.get(field_name(theme, role), ""))}

    def _check_contrast(self, theme: str, colour: str) -> None:
        chosen = self._chosen(theme)
        if not chosen or any(field in self.errors for field in ("colour", *colour_fields(theme))):
            return
        if not colour:
            self.add_error(
                "colour", _("Choose the shop's colour first; hand-picked colours only replace what follows from it.")
            )
            return
        for pair in too_weak(palette_of(colour, chosen, theme), theme):
            role = pair.front if pair.front in chosen else pair.ground
            self.add_error(field_name(theme, role), _sentence(pair, theme))


def _sentence(pair: Pair, theme: str) -> str:
    names = PAGE_COLOURS | LABELS[theme]
    shown = floor(pair.contrast * 100) / 100  # 4.499 is not 4.50
    return pgettext(
        "contrast",
        "“%(front)s” on “%(ground)s” has a contrast of %(ratio).2f, which is %(gap).2f below %(least).1f. Choose "
        "another colour, or leave this empty.",
    ) % {
        "front": names[pair.front],
        "ground": names[pair.ground],
        "ratio": shown,
        "gap": LEAST - shown,
        "least": LEAST,
    }
