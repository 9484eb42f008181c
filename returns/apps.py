from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReturnsConfig(AppConfig):
    """The case: intake, review, lifecycle, clocks, logbook."""

    name = "returns"
    verbose_name = _("Returns")

    def ready(self) -> None:
        import_module("returns.extensions").register()
