from importlib import import_module

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """The only floor that knows everyone: settings, addresses, jobs, checks, the demo shop."""

    name = "config"
    verbose_name = "Homeward"

    def ready(self) -> None:
        import_module("config.checks")  # registers itself
        import_module("config.homes")  # enters each role's first page and the sidebar's numbers
