"""The desk's page of settings: what is edited first, each with a sentence; the read-only records below."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from signoff.web.access import staff

CONFIGURE = "signoff.change_shop"
#: first what a new shop needs; models that are not named follow in the order of their apps
ORDER = ("Shop", "Reason", "ApprovalTier", "DeliveryTerms", "ScoreRule", "MessageTemplate", "User", "Group")
#: of models whose admin is a library's; our own say it by their attribute ``purpose``
PURPOSES = {
    "Group": _("Roles: which pages and steps each group of colleagues may use."),
    "EmailAddress": _("The addresses with which colleagues sign in."),
    "Authenticator": _("Second steps of sign-in; delete one when a telephone or key is lost."),
}


@dataclass(frozen=True)
class Setting:
    """One thing that is edited or shown in the admin."""

    name: str | Promise
    url: str
    purpose: str | Promise
    model: str


@staff(CONFIGURE)
@require_safe
def settings_page(request: HttpRequest) -> HttpResponse:
    """Everything that this person may edit, then everything that is only shown."""
    apps = admin.site.get_app_list(request)
    edited = sorted(_settings(apps, view_only=False), key=_place)
    shown = [(app["name"], list(_settings([app], view_only=True))) for app in apps]
    context = {"edited": edited, "shown": [(name, rows) for name, rows in shown if rows]}
    return render(request, "desk/settings.html", context)


def _settings(apps: list[Any], *, view_only: bool) -> Iterator[Setting]:
    for app in apps:
        for model in app["models"]:
            if model["view_only"] == view_only and model["admin_url"]:
                yield Setting(model["name"], model["admin_url"], _purpose(model["model"]), model["object_name"])


def _purpose(model: Any) -> str | Promise:
    return getattr(admin.site.get_model_admin(model), "purpose", "") or PURPOSES.get(model._meta.object_name, "")


def _place(setting: Setting) -> int:
    return ORDER.index(setting.model) if setting.model in ORDER else len(ORDER)
