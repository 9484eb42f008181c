from importlib import import_module

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """The only floor that knows everyone: settings, addresses, jobs, checks, the demo shop."""

    name = "config"
    verbose_name = "Homeward"

    def ready(self) -> None:
        import_module("config.extensions").register()
