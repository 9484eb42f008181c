"""Values of nullable columns, where the rows at hand always have one."""


def required[T](value: T | None) -> T:
    """``value``, typed as not None. Raises ``ValueError`` where it is None: the caller's rule does not hold."""
    if value is None:
        raise ValueError("a value is missing that every such row has")
    return value
