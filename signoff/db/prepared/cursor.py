"""The cursor of every connection: values go apart from their statement, and some statements are prepared."""

from typing import Any, Self

import psycopg
from django.db.backends.postgresql.base import ServerBindingCursor

from signoff.db.prepared.statements import is_prepare_allowed


class Cursor(ServerBindingCursor, psycopg.Cursor):
    """Prepares only the statements that ``signoff.db.prepared.statements`` knows, once they were sent a few times."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> Self:
        if not is_prepare_allowed(query):
            options.setdefault("prepare", False)
        return super().execute(query, params, **options)
