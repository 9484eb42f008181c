from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InspectionConfig(AppConfig):
    """Inspection of returned goods: appraisal, receipt, verdict, disposition."""

    name = "inspection"
    verbose_name = _("Inspection")

    def ready(self) -> None:
        import_module("inspection.extensions").register()
