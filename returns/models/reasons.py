"""Reasons of a request: a tree, of which the shopper chooses a leaf."""

from typing import Any

from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from signoff.models import Shop

#: what an exchange gives instead, in words; nothing for the same again
EXCHANGE_FIELDS = ("instead_item", "instead_option")


class Remedy(models.TextChoices):
    """Remedies, the choices of a shopper's wish and of a plan."""

    REFUND = "refund", _("refund")
    EXCHANGE = "exchange", _("exchange")
    REPAIR = "repair", _("repair")
    RESEND = "resend", _("resend")
    COMPENSATION = "compensation", _("compensation, keep the item")


def instead_of(remedy: str, item: str, option: str) -> str:
    """What an exchange gives instead, in words: "Mug “Tide”, size L"; "" for the same again or another remedy."""
    return ", ".join(filter(None, [item, option])) if remedy == Remedy.EXCHANGE else ""


def exchange_values(remedy: str, source: object) -> dict[str, Any]:
    """The ``EXCHANGE_FIELDS`` of ``source`` as keyword arguments; "" for another remedy."""
    return {name: getattr(source, name) if remedy == Remedy.EXCHANGE else "" for name in EXCHANGE_FIELDS}


class Reason(models.Model):
    """A reason of one shop; only leaves (without children) are offered."""

    class Liability(models.TextChoices):
        SHOP = "shop", _("shop")
        CARRIER = "carrier", _("carrier")
        SUPPLIER = "supplier", _("supplier")
        SHOPPER = "shopper", _("shopper")

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="reasons", verbose_name=_("shop"))
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("parent reason")
    )
    code = models.SlugField(_("code"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    title_en = models.CharField(_("title in English"), max_length=120)
    title_zh_hans = models.CharField(_("title in Simplified Chinese"), max_length=120)
    title_zh_hant = models.CharField(_("title in Traditional Chinese"), max_length=120)
    liability = models.CharField(_("liable party"), max_length=10, choices=Liability)
    freight_bearer = models.CharField(_("who pays return shipping"), max_length=10, choices=Liability)
    default_remedy = models.CharField(_("default remedy"), max_length=12, choices=Remedy, default=Remedy.REFUND)
    photos_required = models.PositiveSmallIntegerField(_("photos required"), default=0)
    goods_come_back = models.BooleanField(_("goods must be returned"), default=True)
    active = models.BooleanField(pgettext_lazy("reason", "active"), default=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("reason")
        verbose_name_plural = _("reasons")
        ordering = ["shop", "position", "id"]
        constraints = [models.UniqueConstraint(fields=["shop", "code"], name="one_reason_per_code")]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The title in the language of the page."""
        return {"zh-hans": self.title_zh_hans, "zh-hant": self.title_zh_hant}.get(get_language() or "", self.title_en)
