from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SignoffConfig(AppConfig):
    """Goods handed over: customers, orders, parcels, tracking, sign-off."""

    name = "signoff"
    verbose_name = _("Sign-off")

    def ready(self) -> None:
        import_module("signoff.extensions").register()
