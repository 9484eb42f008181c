"""Type narrowing of nullable columns."""


def required[T](value: T | None) -> T:
    """``value``, typed as not None. Raises ``ValueError`` for None: the caller's assumption is wrong."""
    if value is None:
        raise ValueError("a value is missing that every such row has")
    return value
