"""The provider's gateway as an app, for workers in separate processes; with short intervals."""

import os
from datetime import timedelta
from importlib import import_module

from django.apps import AppConfig

from tests.proof.provider import PORT

SOON = timedelta(seconds=1)


class ProviderConfig(AppConfig):
    name = "tests.proof.provider"
    label = "fake_provider"

    def ready(self) -> None:
        gateway = import_module("tests.proof.provider.gateway")
        gateway.Fake.later = SOON
        gateway.register(int(os.environ[PORT]))
