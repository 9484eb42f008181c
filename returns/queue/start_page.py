"""Start page after sign-in, by permission.

Each app registers its own in ``extensions.py``; an app never names an address of an app above it.
"""

from django.contrib.auth.models import AnonymousUser, User

_START_PAGES: list[tuple[int, str, str]] = []


def register_start_page(url_name: str, *, right: str, rank: int) -> None:
    """Holders of ``right`` start at ``url_name``; the lowest ``rank`` wins for a user with several."""
    _START_PAGES.append((rank, right, url_name))


def home_of(user: User | AnonymousUser) -> str:
    """The URL name of the user's start page."""
    rights = (url_name for _rank, right, url_name in sorted(_START_PAGES) if user.has_perm(right))
    return next(rights, "returns:case-list")
