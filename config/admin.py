"""Staff accounts in Django's admin, and its sign-in page.

Accounts are deactivated, never deleted: the logbook needs the names of its authors.
"""

from typing import Any

from allauth.mfa.admin import AuthenticatorAdmin as LibraryAdmin
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from config.web.accounts import admin_sign_in

_sign_in: Any = admin_sign_in
admin.site.login = _sign_in  # type: ignore[method-assign]  # one page to sign in, with one limit
admin.site.unregister(User)
admin.site.unregister(Authenticator)


@admin.register(User)
class StaffAdmin(UserAdmin):
    """User admin in which only superusers may make superusers or change their accounts."""

    purpose = _("Accounts of colleagues and their roles. Deactivate them instead of deleting.")

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        above = obj is not None and obj.is_superuser and not request.user.is_superuser
        return not above and super().has_change_permission(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        fields = super().get_readonly_fields(request, obj)
        return fields if request.user.is_superuser else [*fields, "is_superuser"]


@admin.register(Authenticator)
class SecondStepAdmin(LibraryAdmin):
    """Second steps of staff, without their secrets. Superusers delete those of a lost telephone or key."""

    list_display = ("user", "type", "created_at", "last_used_at")
    list_select_related = ("user",)
    raw_id_fields = ()
    list_filter = ("type",)
    fields = readonly_fields = list_display

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Authenticator | None = None) -> bool:
        return False
