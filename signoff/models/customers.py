"""Customers and their sign-in codes. Personal data, so without history, and erasable."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Lower, Upper
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from signoff.db.search_text import CjkNgrams, Fold, ReversedDigits
from signoff.models.shops import Shop


class Customer(models.Model):
    """A customer of a shop; ``external_id`` is the number in the shop's system."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="customers", verbose_name=_("shop"))
    external_id = models.CharField(_("customer number at the shop"), max_length=80, blank=True)
    name = models.CharField(_("full name"), max_length=200, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    address = models.TextField(_("address"), blank=True)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="en")
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True)

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "external_id"], condition=~models.Q(external_id=""), name="one_customer_per_external_id"
            ),
        ]
        indexes = [
            models.Index(Lower("email"), name="customer_email"),
            GinIndex(OpClass(Fold("name"), name="gin_trgm_ops"), name="customer_name_words"),
            GinIndex(CjkNgrams(Fold("name")), name="customer_name_pieces"),
            GinIndex(OpClass(Upper("email"), name="gin_trgm_ops"), name="customer_email_words"),
            models.Index(OpClass(ReversedDigits("phone"), name="text_pattern_ops"), name="customer_phone_tail"),
        ]

    def __str__(self) -> str:
        return self.name or self.external_id or gettext("Shopper")  # not the e-mail address: not all staff see it


class EntryCode(models.Model):
    """A one-time code and link by which a shopper opens an order: valid ten minutes, five tries.

    Both are drawn by the worker that sends them (``sent_at``), stored as keyed hashes, and count only in
    the browser that asked (``browser_hash``). A row is written for a miss too (``order`` empty), so that
    hit and miss cost the same. A link that an agent made (``made_by``) has no code and counts in any browser, once.
    A row is ``withheld`` when its order had enough messages in the last hour: to the browser it is like a miss.
    """

    class Contact(models.TextChoices):
        EMAIL = "email", _("e-mail")
        PHONE = "phone", _("phone")
        DELIVERY_PHONE = "delivery_phone", _("delivery phone")

    order = models.ForeignKey("signoff.Order", models.CASCADE, null=True, related_name="+", verbose_name=_("order"))
    code_hash = models.CharField(max_length=64, blank=True)
    link_hash = models.CharField(max_length=64, unique=True, null=True)  # noqa: DJ001 - empty ones are not equal
    contact = models.CharField(max_length=14, choices=Contact, default=Contact.EMAIL, db_default=Contact.EMAIL)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    browser_hash = models.CharField(max_length=64, db_index=True, blank=True)
    machine_hash = models.CharField(max_length=64, blank=True, default="", db_default="")
    withheld = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["id"], condition=models.Q(sent_at__isnull=True), name="entry_code_unsent")]
        constraints = [models.CheckConstraint(condition=models.Q(tries__lte=5), name="entry_code_five_tries")]

    def __str__(self) -> str:
        return f"entry code {self.pk}"
