"""Admin: approval tiers are editable; plans, refunds and the ledger are read-only."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from refunds.models import Approval, ApprovalTier, Claim, Entry, Item, Refund, Replacement, Resolution
from signoff.web.admin import ConfiguredAdmin, ReadOnlyAdmin, ReadOnlyInline


@admin.register(ApprovalTier)
class ApprovalTierAdmin(ConfiguredAdmin):
    purpose = _("Amounts above which a plan needs somebody else to approve it.")
    list_display = ["shop", "above", "approvers"]
    list_filter = ["shop"]
    list_select_related = ["shop"]


class ItemInline(ReadOnlyInline):
    model = Item
    fields = ["remedy", "line", "shipping", "quantity", "net", "tax", "gross"]


class ApprovalInline(ReadOnlyInline):
    model = Approval
    fields = ["answer", "by", "note", "at"]


@admin.register(Resolution)
class ResolutionAdmin(ReadOnlyAdmin):
    list_display = ["case", "kind", "total", "proposed_by", "proposed_at", "approved_at", "superseded_at"]
    list_filter = ["kind", "goods_come_back", "gateway"]
    list_select_related = ["case", "proposed_by"]
    search_fields = ["case__number"]
    ordering = ["-proposed_at", "-id"]
    inlines = [ItemInline, ApprovalInline]


@admin.register(Item)
class ItemAdmin(ReadOnlyAdmin):
    list_display = ["resolution", "remedy", "line", "shipping", "quantity", "gross"]
    list_filter = ["remedy"]
    list_select_related = ["resolution", "line", "shipping"]
    ordering = ["-id"]


@admin.register(Approval)
class ApprovalAdmin(ReadOnlyAdmin):
    list_display = ["resolution", "answer", "by", "at"]
    list_filter = ["answer"]
    list_select_related = ["resolution", "by"]
    ordering = ["-at", "-id"]


@admin.register(Refund)
class RefundAdmin(ReadOnlyAdmin):
    list_display = ["case", "amount", "currency", "gateway", "status", "attempt", "due_at", "paid_at"]
    list_filter = ["status", "gateway", "currency"]
    list_select_related = ["case"]
    search_fields = ["case__number", "provider_reference"]
    ordering = ["-due_at", "-id"]


@admin.register(Entry)
class EntryAdmin(ReadOnlyAdmin):
    list_display = ["case", "voucher", "seq", "account", "amount", "currency", "at"]
    list_filter = ["account", "currency"]
    list_select_related = ["case"]
    search_fields = ["case__number"]
    ordering = ["-at", "-id"]


@admin.register(Replacement)
class ReplacementAdmin(ReadOnlyAdmin):
    list_display = ["case", "kind", "sku", "title", "quantity", "parcel", "sent_at"]
    list_filter = ["kind"]
    list_select_related = ["case", "parcel"]
    search_fields = ["case__number", "sku"]
    ordering = ["-id"]


@admin.register(Claim)
class ClaimAdmin(ReadOnlyAdmin):
    list_display = ["against", "amount", "currency", "violation", "booked_at"]
    list_filter = ["currency"]
    list_select_related = ["violation"]
    search_fields = ["against"]
    ordering = ["-booked_at", "-id"]
