"""Registry of SQL that is safe as a server-side prepared statement (primary-key look-ups only).

PostgreSQL plans a prepared statement once for all values. Lists are planned for each request instead: which index
serves best, and whether a partial one can be used at all, depends on the values.
"""

_ALLOWED: set[str] = set()


def allow_prepare(sql: str) -> str:
    """Register ``sql`` and return it."""
    _ALLOWED.add(sql)
    return sql


def is_prepare_allowed(sql: object) -> bool:
    return isinstance(sql, str) and sql in _ALLOWED
