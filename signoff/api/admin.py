"""Admin of API tokens."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from signoff.api.models import ApiToken
from signoff.api.tokens import revoke
from signoff.web.admin import ReadOnlyAdmin
from signoff.web.requests import StaffRequest


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnlyAdmin):
    """Read-only, with an action to revoke. ``create_api_token`` creates tokens."""

    purpose = _("Keys of programs that use the API; each is shown once.")

    list_display = ["name", "prefix", "shop", "scopes", "created_at", "expires_at", "last_used_at", "revoked_at"]
    list_select_related = ["shop"]
    search_fields = ["name", "prefix"]
    ordering = ["-pk"]
    actions = ["revoke_tokens"]

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("signoff.change_apitoken")

    @admin.action(description=_("Revoke (stop working at once)"), permissions=["revoke"])
    def revoke_tokens(self, request: StaffRequest, queryset: QuerySet[ApiToken]) -> None:
        tokens = list(queryset)
        for token in tokens:
            revoke(token, by=request.user)
        message = ngettext("%(n)d token revoked.", "%(n)d tokens revoked.", len(tokens)) % {"n": len(tokens)}
        self.message_user(request, message, messages.SUCCESS)
