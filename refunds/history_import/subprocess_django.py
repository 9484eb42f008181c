"""Set Django up in a child process before it imports a model; imports none itself."""

import django
from django.db import connection


def set_up(database: str) -> None:
    """Set Django up in this process, on ``database`` of the configured server."""
    django.setup()
    connection.settings_dict["NAME"] = database
