"""Read-only admin of sign-offs, photos, ratings and outgoing webhooks."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from signoff.models import OutgoingWebhook, Rating, SignOff, SignOffLine, SignOffNote, SignOffPhoto
from signoff.web.admin import ReadOnlyAdmin, ReadOnlyInline


class SignOffLineInline(ReadOnlyInline):
    model = SignOffLine
    fields = ["order_line", "expected", "counted", "wrong"]
    readonly_fields = ["wrong"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[SignOffLine]:
        return super().get_queryset(request).select_related("order_line").prefetch_related("discrepancies")

    @admin.display(description=_("what's wrong"))
    def wrong(self, line: SignOffLine) -> str:
        return ", ".join(map(str, line.discrepancies.all()))


class SignOffNoteInline(ReadOnlyInline):
    model = SignOffNote
    fields = ["line", "name", "words"]


@admin.register(SignOff)
class SignOffAdmin(ReadOnlyAdmin):
    list_display = ["order", "parcel", "outcome", "channel", "said_by", "signed_at", "recorded_by", "corrects"]
    list_filter = ["outcome", "channel"]
    list_select_related = ["order", "parcel", "recorded_by", "corrects"]
    ordering = ["-pk"]
    inlines = [SignOffLineInline, SignOffNoteInline]


@admin.register(SignOffPhoto)
class SignOffPhotoAdmin(ReadOnlyAdmin):
    """Hides the pictures; the order's page shows them to users with permission."""

    list_display = ["token", "parcel", "order_line", "sign_off", "bytes", "uploaded_at"]
    list_select_related = ["parcel", "order_line", "sign_off"]
    exclude = ["file", "thumbnail"]
    ordering = ["-pk"]


@admin.register(Rating)
class RatingAdmin(ReadOnlyAdmin):
    list_display = ["order", "parcel", "about", "stars", "words", "given_at"]
    list_filter = ["about", "stars"]
    list_select_related = ["order", "parcel"]
    ordering = ["-pk"]


@admin.register(OutgoingWebhook)
class OutgoingWebhookAdmin(ReadOnlyAdmin):
    list_display = ["topic", "audience", "shop", "dedupe_key", "created_at", "sent_at"]
    list_filter = ["topic", "audience", "shop"]
    list_select_related = ["shop"]
    ordering = ["-pk"]
