"""Statements that PostgreSQL may plan once for all values: those that find their few rows by key.

What reads lists is planned for each request: which index serves best, and whether a partial one does at all, depends on
the values.
"""

_KEPT: set[str] = set()


def allow_prepare(sql: str) -> str:
    """The same text, from now on prepared where it is sent often."""
    _KEPT.add(sql)
    return sql


def is_prepare_allowed(sql: object) -> bool:
    return isinstance(sql, str) and sql in _KEPT
