"""What a process of our own needs before it can import a model. Imports none itself."""

import django
from django.db import connection


def set_up(database: str) -> None:
    """Make this process a part of the house, on ``database`` of its server."""
    django.setup()
    connection.settings_dict["NAME"] = database
