"""Staff accounts in Django's admin, and its sign-in page.

Accounts are deactivated, never deleted: the logbook needs the names of its authors.
"""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.http import HttpRequest

from config.web.accounts import admin_sign_in

admin.site.login = admin_sign_in  # type: ignore[method-assign,assignment]  # one page to sign in, with one limit
admin.site.unregister(User)


@admin.register(User)
class StaffAdmin(UserAdmin):
    """User admin in which only superusers may make superusers or change their accounts."""

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        above = obj is not None and obj.is_superuser and not request.user.is_superuser
        return not above and super().has_change_permission(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        fields = super().get_readonly_fields(request, obj)
        return fields if request.user.is_superuser else [*fields, "is_superuser"]
