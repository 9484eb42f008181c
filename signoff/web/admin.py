"""Base classes of the admin: read-only admin of rows, and admin of configuration with history."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import ForeignKey, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from simple_history.admin import SimpleHistoryAdmin


class BoundedPaginator(Paginator):
    """Counts at most ``reach`` rows, because counting a million is slow."""

    reach = 5000
    object_list: QuerySet

    @cached_property
    def count(self) -> int:
        return self.object_list.order_by()[: self.reach].count()


class ReadOnly:
    """Refuses to add, change and delete; also for inlines."""

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyAdmin(ReadOnly, admin.ModelAdmin):
    """Read-only admin that stays fast on long tables."""

    actions: Sequence[str] | None = None
    list_per_page = 50
    paginator = BoundedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # they count every row


class ReadOnlyInline(ReadOnly, admin.TabularInline):
    """Read-only rows of a read-only admin."""

    extra = 0
    can_delete = False


class ConfiguredAdmin(SimpleHistoryAdmin):
    """Admin of configuration; every change has a history row with its user."""

    object_history_list_template = "signoff/desk/_history.html"  # the library's own has a style that our policy refuses

    def get_history_queryset(self, request: HttpRequest, history_manager: Any, pk_name: str, object_id: Any) -> Any:
        """Joined with the tracked foreign keys; the library joins all relations if there is none."""
        rows = history_manager.filter(**{pk_name: object_id}).select_related("history_user")
        tracked = [field.name for field in history_manager.model.tracked_fields if isinstance(field, ForeignKey)]
        return rows.select_related(*tracked) if tracked else rows
