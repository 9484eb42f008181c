from importlib import import_module

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Top layer: settings, URLs, jobs, checks, the demo shop."""

    name = "config"
    verbose_name = "Homeward"

    def ready(self) -> None:
        import_module("config.extensions").register()
