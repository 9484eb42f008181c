"""Configuration of the lowest floor, and windows on its rows. Nothing here moves or changes a case."""

from typing import Any

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.db.models import ForeignKey, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from simple_history.admin import SimpleHistoryAdmin

from signoff.actions.api_tokens import revoke
from signoff.models import (
    ApiToken,
    Customer,
    Discount,
    Order,
    OrderLine,
    Parcel,
    ParcelLine,
    Payment,
    ShippingCharge,
    Shop,
    SignOff,
    TrackingEvent,
)


class BoundedPaginator(Paginator):
    """Counts no further than ``reach`` rows: a window is not the place to leaf through a million."""

    reach = 5000

    @cached_property
    def count(self) -> int:
        return self.object_list.order_by()[: self.reach].count()


class ReadOnly:
    """What a window refuses; for inlines too."""

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyAdmin(ReadOnly, admin.ModelAdmin):
    """A window: everything can be looked at, nothing changed, and long tables stay quick."""

    actions = None
    list_per_page = 50
    paginator = BoundedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # they count every row


class ReadOnlyInline(ReadOnly, admin.TabularInline):
    """Rows that belong to a window's row."""

    extra = 0
    can_delete = False


class ConfiguredAdmin(SimpleHistoryAdmin):
    """What people configure here; every change is kept with who made it."""

    object_history_list_template = "signoff/desk/_history.html"  # the library's own has a style that our policy refuses

    def get_history_queryset(self, request: HttpRequest, history_manager: Any, pk_name: str, object_id: Any) -> Any:
        """Joined with the tracked foreign keys; the library asks for "all" where there is none."""
        rows = history_manager.filter(**{pk_name: object_id}).select_related("history_user")
        tracked = [field.name for field in history_manager.model.tracked_fields if isinstance(field, ForeignKey)]
        return rows.select_related(*tracked) if tracked else rows


@admin.register(Shop)
class ShopAdmin(ConfiguredAdmin):
    list_display = ["name", "slug", "currency", "country", "language", "email"]
    search_fields = ["name", "slug"]
    prepopulated_fields = {"slug": ["name"]}


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


class ParcelLineInline(ReadOnlyInline):
    model = ParcelLine


class TrackingInline(ReadOnlyInline):
    model = TrackingEvent


@admin.register(Parcel)
class ParcelAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "direction", "order", "shipped_at", "promised_on", "delivered_at"]
    list_filter = ["direction"]
    list_select_related = ["order"]
    search_fields = ["tracking_number"]
    ordering = ["-pk"]
    inlines = [ParcelLineInline, TrackingInline]


@admin.register(SignOff)
class SignOffAdmin(ReadOnlyAdmin):
    list_display = ["order", "parcel", "outcome", "channel", "signed_at", "recorded_by"]
    list_filter = ["outcome", "channel"]
    list_select_related = ["order", "parcel", "recorded_by"]
    ordering = ["-pk"]


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnlyAdmin):
    """Which programs may ask, and the one thing to do about it: revoke. ``create_api_token`` makes them."""

    list_display = ["name", "prefix", "shop", "scopes", "created_at", "expires_at", "last_used_at", "revoked_at"]
    list_select_related = ["shop"]
    search_fields = ["name", "prefix"]
    ordering = ["-pk"]
    actions = ["revoke_tokens"]

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("signoff.change_apitoken")

    @admin.action(description=_("Revoke: they open nothing any more"), permissions=["revoke"])
    def revoke_tokens(self, request: HttpRequest, queryset: QuerySet[ApiToken]) -> None:
        tokens = list(queryset)
        for token in tokens:
            revoke(token, by=request.user)
        told = ngettext("%(n)d token is revoked.", "%(n)d tokens are revoked.", len(tokens)) % {"n": len(tokens)}
        self.message_user(request, told, messages.SUCCESS)
