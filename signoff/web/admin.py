"""What windows on rows look like, and configuration that keeps its history. Nothing here moves or changes a case."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import ForeignKey, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from simple_history.admin import SimpleHistoryAdmin


class BoundedPaginator(Paginator):
    """Counts no further than ``reach`` rows: a window is not the place to leaf through a million."""

    reach = 5000
    object_list: QuerySet

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

    actions: Sequence[str] | None = None
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
