"""The cursor of every connection: values go apart from their statement, and some statements are prepared."""

from typing import Any, Self

from django.db.backends.postgresql.base import ServerBindingCursor

from signoff.plans import is_planned_once


class Cursor(ServerBindingCursor):
    """Prepares what ``signoff.plans`` knows, as soon as the connection has sent it some times, and nothing else."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> Self:
        if not is_planned_once(query):
            options.setdefault("prepare", False)
        return super().execute(query, params, **options)
