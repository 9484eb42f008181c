"""Read-only admin of imports, saved mappings and order anomalies."""

from django.contrib import admin

from signoff.models import ImportFile, OrderAnomaly, OrderImport, SavedMapping
from signoff.web.admin import ReadOnlyAdmin, ReadOnlyInline


class FileInline(ReadOnlyInline):
    model = ImportFile
    fields = ["name", "bytes"]


@admin.register(OrderImport)
class OrderImportAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "format", "state", "sent_by", "finished_at"]
    list_filter = ["state", "format", "shop"]
    list_select_related = ["shop", "sent_by"]
    ordering = ["-sent_at", "-id"]
    inlines = [FileInline]
    exclude = ["refused"]


@admin.register(SavedMapping)
class SavedMappingAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "shop"]
    list_filter = ["shop"]
    list_select_related = ["shop"]
    ordering = ["-pk"]


@admin.register(OrderAnomaly)
class OrderAnomalyAdmin(ReadOnlyAdmin):
    list_display = ["order", "kind", "found_at", "settled_at", "settled_by"]
    list_filter = ["kind"]
    list_select_related = ["order", "settled_by"]
    ordering = ["-found_at", "-id"]
