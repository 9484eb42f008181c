from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SignoffConfig(AppConfig):
    """Lowest app: customers, orders, parcels, tracking, sign-offs."""

    name = "signoff"
    verbose_name = _("Sign-off")

    def ready(self) -> None:
        import_module("signoff.extensions").register()
