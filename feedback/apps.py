from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FeedbackConfig(AppConfig):
    """Messages to shoppers, surveys, and their figures."""

    name = "feedback"
    verbose_name = _("Messages and surveys")

    def ready(self) -> None:
        import_module("feedback.extensions").register()
