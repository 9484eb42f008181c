"""Every page that can be opened: those of the stories, and all of the admin."""

from django.contrib import admin
from django.db.models import Model
from django.urls import reverse

from tests.stories.page_urls import VISITS, Visit


def pages() -> list[Visit]:
    return [*VISITS, *(page for model in _shown() for page in _of_admin(model))]


def _shown() -> list[type[Model]]:
    """What an administrator sees; of the libraries' own tables only accounts and roles."""
    return [model for model in admin.site._registry if model._meta.app_label not in ("account", "mfa")]


def _of_admin(model: type[Model]) -> list[Visit]:
    """The list, what is found in it, and the newest of them; new ones where they can be made."""
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    listed = reverse(f"{name}_changelist")
    found = [Visit(f"{name}_changelist", "administrator", lambda world: listed)]
    registered = admin.site._registry[model]
    if registered.search_fields:
        found.append(Visit(f"{name}_changelist", "administrator", lambda world: f"{listed}?q=words", "searched"))
    if model._default_manager.exists():
        found.append(Visit(f"{name}_change", "administrator", lambda world: _newest(name, model)))
    return found


def _newest(name: str, model: type[Model]) -> str:
    return reverse(f"{name}_change", args=[model._default_manager.order_by("pk").last().pk])
