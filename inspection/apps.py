from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InspectionConfig(AppConfig):
    """Looking at the goods: appraisal, receipt, verdict, disposition."""

    name = "inspection"
    verbose_name = _("Inspection")
