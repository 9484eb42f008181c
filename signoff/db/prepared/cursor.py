"""Cursor of every connection: binds parameters on the server and prepares only allowed statements."""

from typing import Any, Self

import psycopg
from django.db.backends.postgresql.base import ServerBindingCursor

from signoff.db.prepared.statements import is_prepare_allowed


class Cursor(ServerBindingCursor, psycopg.Cursor):
    """Lets psycopg prepare what ``signoff.db.prepared.statements`` allows, once it was sent a few times."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> Self:
        if not is_prepare_allowed(query):
            options.setdefault("prepare", False)
        return super().execute(query, params, **options)
