"""Access rules of the pages that libraries bring, whose views we cannot decorate."""

from dataclasses import dataclass
from typing import Any

from signoff.web.access import Access

ADMIN = Access("admin")  # asks for is_staff on every page, and for the model's permission on every model's page
PUBLIC = Access("public")


@dataclass(frozen=True)
class Foreign:
    """Views under the address ``prefix`` that are defined in a module starting with ``module``."""

    prefix: str
    module: str
    access: Access
    reason: str


FOREIGN = (
    Foreign("admin/", "django.", ADMIN, "AdminSite.admin_view wraps each of them, its sign-in page excepted"),
    Foreign("admin/", "simple_history.admin", ADMIN, "added by ModelAdmin.get_urls through admin_view"),
    Foreign("accounts/", "allauth.", PUBLIC, "whoever signs in is not signed in yet; the others ask for it themselves"),
    Foreign("i18n/", "django.views.i18n", PUBLIC, "chooses a language, keeps it in a cookie, shows nothing"),
)


def access_of(view: Any, address: str) -> Access | None:
    """What ``view`` declares, or what this page says for it; None when nobody has thought about it."""
    if declared := getattr(view, "access", None):
        return declared
    module = getattr(view, "__module__", "")
    fitting = (entry for entry in FOREIGN if address.startswith(entry.prefix) and module.startswith(entry.module))
    return next((entry.access for entry in fitting), None)
