"""Reasons are configured here; cases and what belongs to them are only shown."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from returns.models import Case, CaseOrigin, Contact, Evidence, Line, LogEntry, Reason, Statement
from signoff.web.admin import ConfiguredAdmin, ReadOnlyAdmin, ReadOnlyInline
from signoff.web.formatting import join_list


@admin.register(Reason)
class ReasonAdmin(ConfiguredAdmin):
    purpose = _("Reasons that shoppers choose from: photos needed, who pays the way back, whether the goods come back.")
    list_display = [
        "code",
        "shop",
        "title_en",
        "title_zh_hans",
        "liability",
        "freight_bearer",
        "default_remedy",
        "photos_required",
        "goods_come_back",
        "active",
    ]
    list_filter = ["shop", "active", "liability"]
    list_select_related = ["shop"]
    search_fields = ["code", "title_en", "title_zh_hans", "title_zh_hant"]


@admin.register(Contact)
class ContactAdmin(ReadOnlyAdmin):
    list_display = ["channel", "caller", "started_by", "started_at"]
    list_filter = ["channel"]
    list_select_related = ["started_by"]
    search_fields = ["=drafts__case__number", "=drafts__order__number"]
    ordering = ["-pk"]
    fields = ["channel", "caller", "started_by", "started_at", "opened"]
    readonly_fields = ["opened"]

    @admin.display(description=_("cases"))
    def opened(self, contact: Contact) -> str:
        """The numbers of the cases that were opened in it."""
        return join_list(case.number for case in contact.cases())


class LineInline(ReadOnlyInline):
    model = Line
    fields = ["order_line", "reason", "wish", "requested", "authorised", "shipped", "received", "accepted", "holds"]


class StatementInline(ReadOnlyInline):
    model = Statement


class OriginInline(ReadOnlyInline):
    model = CaseOrigin
    fields = ["sign_off", "exception"]


class LogInline(ReadOnlyInline):
    model = LogEntry
    fields = ["seq", "at", "verb", "source", "target", "by", "by_shopper", "reason", "facts"]


@admin.register(Case)
class CaseAdmin(ReadOnlyAdmin):
    list_display = ["number", "status", "shop", "order", "customer", "owner", "opened_at", "due_at"]
    list_filter = ["status", "shop", "channel", "language"]
    list_select_related = ["shop", "order", "customer", "owner"]
    search_fields = ["number", "order__number"]
    ordering = ["-opened_at", "-id"]
    inlines = [OriginInline, LineInline, StatementInline, LogInline]


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnlyAdmin):
    list_display = ["case", "seq", "at", "verb", "source", "target", "by", "by_shopper"]
    list_filter = ["target"]
    list_select_related = ["case", "by"]
    search_fields = ["case__number", "verb"]
    ordering = ["-pk"]


@admin.register(Evidence)
class EvidenceAdmin(ReadOnlyAdmin):
    list_display = ["token", "case", "width", "height", "original_format", "uploaded_at"]
    list_select_related = ["case"]
    search_fields = ["case__number"]
    ordering = ["-pk"]
    exclude = ["file", "thumbnail"]  # pictures leave only through the page that asks who may see them
