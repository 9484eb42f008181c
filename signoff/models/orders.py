"""Orders, lines, discounts, shipping and payments. Totals are frozen on import; unit shares follow from them."""

import unicodedata
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TypedDict, Unpack

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise
from simple_history.models import HistoricalRecords

from signoff.api.models import ApiToken
from signoff.db.lookups import any_of
from signoff.db.search import SearchResult, search_places
from signoff.db.search_text import CjkNgrams, Fold, NumberKey, ReversedDigits, number_key, reversed_digits
from signoff.db.tokens import public_token
from signoff.models.customers import Customer
from signoff.models.order_search import order_places, phone_ends, phone_places
from signoff.models.shops import Shop


class MoneyOptions(TypedDict, total=False):
    """Options of ``money`` besides its name."""

    default: Decimal | int
    db_default: Decimal | int
    validators: Sequence[Callable[[Decimal], None]]


def money(name: StrOrPromise, **options: Unpack[MoneyOptions]) -> models.DecimalField:
    """A decimal column for an amount in the order's currency, up to three decimals (KWD)."""
    return models.DecimalField(name, max_digits=14, decimal_places=3, **options)


class OrderQuerySet(models.QuerySet["Order"]):
    def visible_to_entries(self, order_ids: list[int]) -> "OrderQuerySet":
        """Orders that this browser has opened (``signoff.lookup.session.entered_orders``)."""
        return self.filter(any_of("pk", order_ids))

    def visible_to_token(self, token: ApiToken) -> "OrderQuerySet":
        """Orders of the token's shop; all orders for a token without a shop."""
        return self.filter(shop=token.shop_id) if token.shop_id else self.all()

    def numbered(self, number: str) -> "OrderQuerySet":
        """Orders with this number as a person writes it; of those that differ only in spelling, the exact one.

        Two orders of a shop that share a normal form are found by their exact numbers only.
        """
        exact = models.Q(number__iexact=unicodedata.normalize("NFKC", number))
        if not (key := number_key(number)):
            return self.filter(exact)
        rows = self.annotate(number_key=NumberKey("number")).filter(number_key=key)
        same_key = self.model._default_manager.annotate(number_key=NumberKey("number")).filter(
            shop=models.OuterRef("shop"), number_key=models.OuterRef("number_key")
        )
        twins = same_key.exclude(pk=models.OuterRef("pk"))
        return rows.filter(exact | ~models.Exists(twins))

    def bought_by(self, number: str, contact: str) -> "OrderQuerySet":
        """Orders with this number and e-mail address or telephone number, the newest first.

        ``contact`` is annotated with which of the order's contacts it is, a value of ``EntryCode.Contact``.
        """
        tail = reversed_digits(contact)
        phone = phone_ends("customer__phone", tail) if tail else models.Q(pk__in=[])
        delivery_phone = phone_ends("destination__phone", tail) if tail else models.Q(pk__in=[])
        known = models.Case(
            models.When(customer__email__iexact=contact, then=models.Value("email")),
            models.When(phone, then=models.Value("phone")),
            models.When(delivery_phone, then=models.Value("delivery_phone")),
        )
        rows = self.numbered(number).annotate(contact=known).filter(contact__isnull=False)
        return rows.order_by("-placed_at", "-id")

    def for_list(self) -> "OrderQuerySet":
        """Joined with what every row of a list shows, the newest first."""
        return self.select_related("shop").prefetch_related("lines").order_by("-placed_at", "-id")

    def for_page(self) -> "OrderQuerySet":
        """Joined with single-valued relations; ``signoff.orders.queries`` prefetches the rest."""
        return self.select_related("shop")

    def for_desk_list(self) -> "OrderQuerySet":
        """Joined with what every row of the desk's list shows; the list sets the order."""
        return self.select_related("shop", "customer").prefetch_related("lines")

    def for_desk_page(self) -> "OrderQuerySet":
        """Joined with single-valued relations; ``signoff.orders.queries`` prefetches the rest."""
        return self.select_related("shop", "customer", "destination")

    def search(self, words: str) -> "OrderQuerySet":
        """Orders that match ``words``; lists use ``search_indexes``."""
        return self.search_indexes(words).matching(self) if words.strip() else self

    def search_indexes(self, words: str) -> SearchResult:
        """Search every place by its own index; see ``signoff.db.search``."""
        return search_places(order_places(self.model._default_manager.order_by(), words.strip()))

    def search_indexes_with_phones(self, words: str) -> SearchResult:
        """The same with telephone numbers, for users who may see them (``signoff.web.access``)."""
        orders, words = self.model._default_manager.order_by(), words.strip()
        return search_places([*order_places(orders, words), *phone_places(orders, words)])


class Order(models.Model):
    """An order. ``total`` is what the shopper paid for goods, charges and shipping, tax included."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="orders", verbose_name=_("shop"))
    number = models.CharField(_("number"), max_length=80)
    token = models.CharField(max_length=32, unique=True, default=public_token, editable=False)
    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, blank=True, related_name="orders", verbose_name=_("customer")
    )
    placed_at = models.DateTimeField(_("placed on"))
    currency = models.CharField(_("currency"), max_length=3)
    country = models.CharField(_("country"), max_length=2, blank=True)
    prices_include_tax = models.BooleanField(_("prices include tax"), default=True)
    total = money(_("paid"))
    source = models.CharField(_("came from"), max_length=40, blank=True)
    external_id = models.CharField(_("id at the shop"), max_length=80, blank=True, default="", db_default="")
    shop_status = models.CharField(_("state at the shop"), max_length=80, blank=True, default="", db_default="")
    is_cancelled = models.BooleanField(_("cancelled at the shop"), default=False, db_default=False)

    objects = OrderQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        constraints = [
            models.UniqueConstraint(fields=["shop", "number"], name="one_order_per_number"),
            models.CheckConstraint(condition=models.Q(total__gte=0), name="order_total_not_negative"),
        ]
        indexes = [
            models.Index(fields=["-placed_at", "-id"], name="order_newest"),
            GinIndex(OpClass(Upper("number"), name="gin_trgm_ops"), name="order_number_words"),
            models.Index(NumberKey("number"), name="order_number_key"),
            models.Index(Upper("external_id"), condition=~models.Q(external_id=""), name="order_external_id"),
        ]

    def __str__(self) -> str:
        return self.number


class OrderLine(models.Model):
    """One line of an order with its frozen totals (currency of the order).

    ``list_total`` = quantity × unit price to the coin; ``gross`` = list_total − discount (+ tax where
    prices exclude it); net = gross − tax. The share of unit i (1-based) is computed from these totals by
    ``signoff.money`` and never stored. ``returning`` counts units in open cases, ``returned`` those of
    resolved cases, ``refunded`` the money refunded for the line.
    """

    class Kind(models.TextChoices):
        GOODS = "goods", _("goods")
        CHARGE = "charge", _("charge")

    order = models.ForeignKey(Order, models.CASCADE, related_name="lines", db_index=False, verbose_name=_("order"))
    position = models.PositiveIntegerField(_("position"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.GOODS)
    sku = models.CharField(_("SKU"), max_length=80)
    title = models.CharField(_("item"), max_length=250, blank=True)
    category = models.CharField(_("category"), max_length=80, blank=True)
    picture = models.CharField(max_length=200, blank=True, help_text=_("static path of the item's picture"))
    quantity = models.PositiveIntegerField(_("quantity"))
    unit_price = money(_("unit price"))
    tax_rate = models.DecimalField(_("tax rate"), max_digits=6, decimal_places=5, default=Decimal(0))
    list_total = money(_("list total"))
    discount = money(_("discount"), default=Decimal(0))
    tax = money(_("tax"), default=Decimal(0))
    gross = money(_("paid for the line"))
    returning = models.PositiveIntegerField(default=0)
    returned = models.PositiveIntegerField(default=0)
    refunded = money(_("refunded"), default=Decimal(0))
    external_id = models.CharField(_("id at the shop"), max_length=80, blank=True, default="", db_default="")
    supplier = models.CharField(_("supplier"), max_length=80, blank=True, default="", db_default="")

    class Meta:
        verbose_name = _("order line")
        verbose_name_plural = _("order lines")
        ordering = ["order", "position"]
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="one_line_per_position"),
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="line_quantity_positive"),
            models.CheckConstraint(
                condition=models.Q(quantity__gte=models.F("returning") + models.F("returned")),
                name="line_units_within_bought",
            ),
            models.CheckConstraint(
                condition=models.Q(refunded__gte=0, refunded__lte=models.F("gross")),
                name="line_refunded_within_paid",
            ),
            models.CheckConstraint(
                condition=models.Q(list_total__gte=0, discount__gte=0, tax__gte=0, gross__gte=0),
                name="line_amounts_not_negative",
            ),
        ]
        indexes = [
            GinIndex(OpClass(Fold("title"), name="gin_trgm_ops"), name="order_line_title_words"),
            GinIndex(CjkNgrams(Fold("title")), name="order_line_title_pieces"),
            models.Index(OpClass(Upper("sku"), name="text_pattern_ops"), name="order_line_sku"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.title or self.sku}"

    @property
    def available(self) -> int:
        """Units in no case."""
        return self.quantity - self.returning - self.returned

    @property
    def refundable(self) -> Decimal:
        """Money of the line that was not refunded."""
        return self.gross - self.refunded


class Destination(models.Model):
    """The address of an order's parcels. Personal data, so without history, and erasable."""

    order = models.OneToOneField(
        Order, models.CASCADE, primary_key=True, related_name="destination", verbose_name=_("order")
    )
    name = models.CharField(_("full name"), max_length=200, blank=True)
    company = models.CharField(_("company"), max_length=200, blank=True)
    street = models.TextField(_("street"), blank=True)
    city = models.CharField(_("city"), max_length=120, blank=True)
    region = models.CharField(_("region"), max_length=120, blank=True)
    postcode = models.CharField(_("postcode"), max_length=40, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("destination")
        verbose_name_plural = _("destinations")
        indexes = [
            GinIndex(OpClass(Fold("name"), name="gin_trgm_ops"), name="destination_name_words"),
            GinIndex(CjkNgrams(Fold("name")), name="destination_name_pieces"),
            models.Index(OpClass(ReversedDigits("phone"), name="text_pattern_ops"), name="destination_phone_tail"),
        ]

    def __str__(self) -> str:
        return f"{self.postcode} {self.city}".strip()


class Discount(models.Model):
    """A reduction of the order; without ``lines`` it covers all of them."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="discounts", verbose_name=_("order"))
    code = models.CharField(_("code"), max_length=80)
    amount = money(_("amount"))
    lines = models.ManyToManyField(OrderLine, blank=True, related_name="discounts", verbose_name=_("order lines"))

    class Meta:
        verbose_name = _("discount")
        verbose_name_plural = _("discounts")
        constraints = [models.CheckConstraint(condition=models.Q(amount__gte=0), name="discount_not_negative")]

    def __str__(self) -> str:
        return self.code


class ShippingCharge(models.Model):
    """The delivery charge of an order. ``gross`` = amount − discount (+ tax where prices exclude it)."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="shipping", verbose_name=_("order"))
    title = models.CharField(_("title"), max_length=120, blank=True)
    amount = money(_("amount"))
    discount = money(_("discount"), default=Decimal(0))
    tax_rate = models.DecimalField(_("tax rate"), max_digits=6, decimal_places=5, default=Decimal(0))
    tax = money(_("tax"), default=Decimal(0))
    gross = money(_("paid"))
    refunded = money(_("refunded"), default=Decimal(0))

    class Meta:
        verbose_name = _("shipping charge")
        verbose_name_plural = _("shipping charges")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(refunded__gte=0, refunded__lte=models.F("gross")),
                name="shipping_refunded_within_paid",
            ),
        ]

    def __str__(self) -> str:
        return self.title or str(_("Shipping"))

    @property
    def refundable(self) -> Decimal:
        """Money of the charge that was not refunded."""
        return self.gross - self.refunded


class Payment(models.Model):
    """A payment. ``refunded`` is reserved, paid back here or refunded by the shop; it never exceeds ``captured``.

    ``reported`` is what the shop says it has refunded (rows in ``ShopRefund``): ``elsewhere`` of it is counted in
    ``refunded``, ``ours`` is known to be refunds made here, and the rest is still undecided. ``provider`` is
    the shop's name of the way it was paid.
    """

    class Method(models.TextChoices):
        CARD = "card", _("card")
        BANK = "bank", _("bank transfer")
        WALLET = "wallet", _("wallet")
        STORE_CREDIT = "store_credit", _("store credit")
        OTHER = "other", _("other")

    order = models.ForeignKey(Order, models.PROTECT, related_name="payments", verbose_name=_("order"))
    position = models.PositiveSmallIntegerField(default=1)
    method = models.CharField(_("method"), max_length=20, choices=Method, default=Method.OTHER)
    provider = models.CharField(_("paid with"), max_length=120, blank=True, default="", db_default="")
    reference = models.CharField(_("reference"), max_length=120, blank=True)
    captured = money(_("captured"))
    refunded = money(_("refunded"), default=Decimal(0))
    reported = money(_("refunded at the shop"), default=Decimal(0), db_default=Decimal(0))
    elsewhere = money(_("refunded by the shop itself"), default=Decimal(0), db_default=Decimal(0))
    ours = money(_("refunded here and reported by the shop"), default=Decimal(0), db_default=Decimal(0))

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ["order", "position"]
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="one_payment_per_position"),
            models.CheckConstraint(
                condition=models.Q(refunded__gte=0, refunded__lte=models.F("captured")),
                name="payment_refunded_within_captured",
            ),
            models.CheckConstraint(
                condition=models.Q(elsewhere__gte=0, elsewhere__lte=models.F("refunded")),
                name="payment_elsewhere_is_refunded",
            ),
            models.CheckConstraint(
                condition=models.Q(ours__gte=0, reported__gte=models.F("elsewhere") + models.F("ours")),
                name="payment_reported_is_counted_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_method_display()} {self.captured}"

    @property
    def undecided(self) -> Decimal:
        """What the shop reports as refunded and nobody has compared with the refunds made here yet."""
        return self.reported - self.elsewhere - self.ours

    @property
    def refundable(self) -> Decimal:
        """The amount that can still be refunded to this payment; what is undecided counts as gone."""
        return max(self.captured - self.refunded - self.undecided, Decimal(0))
