"""Admin of delivery terms, and read-only admin of parcels, watches, exceptions and tracking messages."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from signoff.models import DeliveryTerms, Parcel, ParcelException, ParcelLine, TrackingEvent, TrackingMessage, Watch
from signoff.parcels.forms import DeliveryTermsForm
from signoff.web.admin import ConfiguredAdmin, ReadOnlyAdmin, ReadOnlyInline


@admin.register(DeliveryTerms)
class DeliveryTermsAdmin(ConfiguredAdmin):
    purpose = _("When a parcel counts as late or lost, and for which exceptions a case is opened.")
    form = DeliveryTermsForm
    list_display = ["shop", "sign_within_days", "carrier_proof_signs", "quiet_days", "case_for"]
    list_select_related = ["shop"]


@admin.register(ParcelException)
class ParcelExceptionAdmin(ReadOnlyAdmin):
    list_display = ["parcel", "kind", "since", "found_at", "told_at", "settled_at", "settled_as", "settled_by"]
    list_filter = ["kind", "settled_as"]
    list_select_related = ["parcel", "settled_by"]
    search_fields = ["parcel__tracking_number"]
    ordering = ["-found_at", "-id"]


@admin.register(Watch)
class WatchAdmin(ReadOnlyAdmin):
    list_display = ["parcel", "begun_at", "heard_at", "next_poll_at", "sign_due_at", "warned_at", "paused_at"]
    list_select_related = ["parcel"]
    search_fields = ["parcel__tracking_number"]
    ordering = ["-pk"]


@admin.register(TrackingMessage)
class TrackingMessageAdmin(ReadOnlyAdmin):
    """Hides the message body, which may name the recipient and is deleted once processed."""

    list_display = ["provider", "received_at", "read_at", "attempts", "parcels", "problem"]
    list_filter = ["provider"]
    exclude = ["body"]
    ordering = ["-pk"]


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
