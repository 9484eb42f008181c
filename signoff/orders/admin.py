"""Admin of shops, and read-only admin of orders and customers."""

from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from signoff.brands.forms import ShopForm, colour_fields
from signoff.models import Customer, Discount, Order, OrderLine, Payment, ShippingCharge, Shop
from signoff.web.admin import ConfiguredAdmin, ReadOnlyAdmin, ReadOnlyInline

PAGE_LINKS = ("returns_url", "accessibility_url", "privacy_url")


@admin.register(Shop)
class ShopAdmin(ConfiguredAdmin):
    purpose = _(
        "Name, logo, colours, language, time zone and address: what shoppers see and which clock their dates follow."
    )
    list_display = ["name", "slug", "currency", "country", "language", "email"]
    search_fields = ["name", "slug"]
    prepopulated_fields = {"slug": ["name"]}
    form = ShopForm
    fieldsets = [
        (None, {"fields": ["name", "slug", "currency", "country", "language", "time_zone"]}),
        (_("Customer service"), {"fields": ["email", "phone", "return_address"]}),
        (_("Shopper's pages"), {"fields": ["logo", "colour", "legal_name", "postal_address", *PAGE_LINKS]}),
        (_("Hand-picked colours, light"), {"fields": colour_fields("light"), "classes": ["collapse"]}),
        (_("Hand-picked colours, dark"), {"fields": colour_fields("dark"), "classes": ["collapse"]}),
    ]

    def view_on_site(self, obj: Shop) -> str:
        """The shop's own start page."""
        return reverse("signoff:find-in-shop", args=[obj.slug])


@admin.register(Customer)
class CustomerAdmin(ReadOnlyAdmin):
    list_display = ["name", "email", "shop", "language", "erased_at"]
    list_filter = ["shop", "language"]
    list_select_related = ["shop"]
    search_fields = ["name", "email"]
    ordering = ["-pk"]


class LineInline(ReadOnlyInline):
    model = OrderLine
    fields = ["position", "sku", "title", "quantity", "unit_price", "gross", "returning", "returned", "refunded"]


class PaymentInline(ReadOnlyInline):
    model = Payment


class ShippingInline(ReadOnlyInline):
    model = ShippingCharge


class DiscountInline(ReadOnlyInline):
    model = Discount
    fields = ["code", "amount"]


@admin.register(Order)
class OrderAdmin(ReadOnlyAdmin):
    list_display = ["number", "shop", "customer", "placed_at", "total", "currency", "source"]
    list_filter = ["shop", "currency"]
    list_select_related = ["shop", "customer"]
    search_fields = ["number"]
    ordering = ["-placed_at", "-id"]
    inlines = [LineInline, PaymentInline, ShippingInline, DiscountInline]
