"""Numbers on a page that are counted only so far."""

LIMIT = 1000


def shown(count: int, *, limit: int = LIMIT) -> str:
    """``count`` as a page says it: "1000+" beyond the limit."""
    return f"{limit}+" if count > limit else str(count)
