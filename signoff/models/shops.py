"""A shop: the name that shoppers see, and the address for return parcels."""

from zoneinfo import available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords


def known_zone(name: str) -> None:
    """Validates a time zone: a shop's deadlines use it. Raises ``ValidationError``."""
    if name not in available_timezones():
        raise ValidationError(
            _("There is no time zone “%(zone)s”. Write it as in Europe/Berlin or Asia/Shanghai.") % {"zone": name}
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

    objects = ShopQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("shop")
        verbose_name_plural = _("shops")

    def __str__(self) -> str:
        return self.name
