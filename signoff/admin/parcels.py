"""Windows on parcels."""

from django.contrib import admin

from signoff.admin.windows import ReadOnlyAdmin, ReadOnlyInline
from signoff.models import Parcel, ParcelLine, TrackingEvent


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
