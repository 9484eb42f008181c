"""Access rules for the views of libraries, which we cannot decorate."""

from dataclasses import dataclass
from typing import Any

from signoff.web.access import Access

ADMIN = Access("admin")  # needs is_staff on every page, and the model's permission on every page of a model
PUBLIC = Access("public")


@dataclass(frozen=True)
class ThirdPartyViews:
    """Views under the address ``prefix`` that are defined in a module starting with ``module``."""

    prefix: str
    module: str
    access: Access
    reason: str


THIRD_PARTY = (
    ThirdPartyViews("admin/", "django.", ADMIN, "AdminSite.admin_view wraps each of them, its sign-in page excepted"),
    ThirdPartyViews("admin/", "simple_history.admin", ADMIN, "added by ModelAdmin.get_urls through admin_view"),
    ThirdPartyViews(
        "accounts/", "allauth.", PUBLIC, "people who sign in are not signed in yet; the other views check it themselves"
    ),
    ThirdPartyViews("i18n/", "django.views.i18n", PUBLIC, "chooses a language, keeps it in a cookie, shows nothing"),
)


def access_of(view: Any, address: str) -> Access | None:
    """The access that ``view`` declares, or that ``THIRD_PARTY`` lists for it; None when there is neither."""
    if declared := getattr(view, "access", None):
        return declared
    module = getattr(view, "__module__", "")
    matching = (entry for entry in THIRD_PARTY if address.startswith(entry.prefix) and module.startswith(entry.module))
    return next((entry.access for entry in matching), None)
