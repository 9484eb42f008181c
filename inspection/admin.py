"""Read-only admin of receipts, inspections and appraisals, and of what came without a case or beyond it."""

from django.contrib import admin

from inspection.models import Appraisal, Finding, Inspection, Photo, Receipt, Surplus, UnknownParcel
from signoff.web.admin import ReadOnlyAdmin


@admin.register(Receipt)
class ReceiptAdmin(ReadOnlyAdmin):
    list_display = ["case", "received_at", "received_by"]
    list_select_related = ["case", "received_by"]


@admin.register(Inspection)
class InspectionAdmin(ReadOnlyAdmin):
    list_display = ["case", "started_at", "concluded_at", "concluded_by"]
    list_select_related = ["case", "concluded_by"]


@admin.register(Finding)
class FindingAdmin(ReadOnlyAdmin):
    list_display = ["line", "verdict", "disposition", "quantity", "grade"]
    list_filter = ["verdict", "disposition"]
    list_select_related = ["line"]


@admin.register(Appraisal)
class AppraisalAdmin(ReadOnlyAdmin):
    list_display = ["case", "verdict", "given_by", "given_at"]
    list_select_related = ["case", "given_by"]


@admin.register(Photo)
class PhotoAdmin(ReadOnlyAdmin):
    list_display = ["case", "taken_by", "uploaded_at"]
    list_select_related = ["case", "taken_by"]
    exclude = ["file", "thumbnail"]  # pictures leave only through the page that checks who may see them


@admin.register(UnknownParcel)
class UnknownParcelAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "sender", "arrived_at", "recorded_by", "case", "attached_at"]
    list_select_related = ["recorded_by", "case"]
    search_fields = ["=case__number", "=tracking_number"]
    ordering = ["-pk"]
    exclude = ["token"]


@admin.register(Surplus)
class SurplusAdmin(ReadOnlyAdmin):
    list_display = ["case", "line", "words", "quantity", "found_at", "decision", "decided_by"]
    list_filter = ["decision"]
    list_select_related = ["case", "line__order_line", "decided_by"]
    search_fields = ["=case__number"]
    ordering = ["-pk"]
    exclude = ["token"]
