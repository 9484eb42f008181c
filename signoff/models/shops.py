"""A shop: what shoppers see of it, and the address for return parcels."""

import uuid
from zoneinfo import available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise
from simple_history.models import HistoricalRecords

from signoff.web.colours import COLOUR


def known_zone(name: str) -> None:
    """Validates a time zone: a shop's deadlines use it. Raises ``ValidationError``."""
    if name not in available_timezones():
        raise ValidationError(
            _("There is no time zone “%(zone)s”. Write it as in Europe/Berlin or Asia/Shanghai.") % {"zone": name}
        )


def logo_path(shop: "Shop", name: str) -> str:
    """A random place for the logo, so that each has its own address; the uploader's ``name`` is never used."""
    return f"logos/{uuid.uuid4().hex}.png"


def page_field(name: StrOrPromise) -> models.URLField:
    """A column for the address of a page of the shop, "" if it has none."""
    return models.URLField(
        name, blank=True, default="", db_default="", validators=[URLValidator(schemes=["https", "http"])]
    )


class ShopQuerySet(models.QuerySet["Shop"]):
    def only_one(self) -> "Shop | None":
        """The shop if there is exactly one, so that pages before sign-in can show its name."""
        shops = list(self[:2])
        return shops[0] if len(shops) == 1 else None


class Shop(models.Model):
    """One merchant's shop front. Orders, cases, reasons and tiers belong to one."""

    slug = models.SlugField(_("short name"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    currency = models.CharField(_("currency"), max_length=3, help_text=_("ISO 4217 code, such as GBP"))
    country = models.CharField(_("country"), max_length=2, help_text=_("ISO 3166 code, such as GB"))
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="en")
    time_zone = models.CharField(_("time zone"), max_length=40, default="UTC", validators=[known_zone])
    email = models.EmailField(_("customer service e-mail"), blank=True)
    phone = models.CharField(_("customer service phone"), max_length=40, blank=True)
    return_address = models.TextField(_("return address"), blank=True)
    legal_name = models.CharField(
        _("legal name"),
        max_length=160,
        blank=True,
        default="",
        db_default="",
        help_text=_("The company behind the shop, at the foot of its pages. Left empty, its name is shown."),
    )
    postal_address = models.TextField(
        _("postal address"),
        blank=True,
        default="",
        db_default="",
        help_text=_("At the foot of the shopper's pages, in one line."),
    )
    returns_url = page_field(_("returns policy page"))
    privacy_url = page_field(_("privacy page"))
    accessibility_url = page_field(_("accessibility page"))
    logo = models.FileField(_("logo"), upload_to=logo_path, max_length=200, blank=True, default="", db_default="")
    colour = models.CharField(
        _("colour"),
        max_length=7,
        blank=True,
        default="",
        db_default="",
        validators=[RegexValidator(rf"^{COLOUR.pattern}\Z")],
    )
    #: hand-picked colours in place of derived ones: "light.accent" → "#0b5563"; see ``signoff.brands``
    chosen_colours = models.JSONField(_("hand-picked colours"), default=dict, blank=True, db_default={})

    objects = ShopQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("shop")
        verbose_name_plural = _("shops")
        constraints = [  # it is written into the stylesheet of the shop's pages
            models.CheckConstraint(
                condition=models.Q(colour="") | models.Q(colour__regex=rf"^{COLOUR.pattern}$"),
                name="shop_colour_is_hex",
            )
        ]

    def __str__(self) -> str:
        return self.name
