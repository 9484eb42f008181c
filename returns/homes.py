"""Where somebody who signs in starts: the queue of the first right that they have.

Upper floors and the house enter theirs; a floor never names an address of a floor above it.
"""

from django.contrib.auth.models import AnonymousUser, User

from returns.permissions import REVIEW

HOMES: list[tuple[int, str, str]] = []


def start_at(url_name: str, *, right: str, rank: int) -> None:
    """Holders of ``right`` start at ``url_name``; the lowest ``rank`` wins for who has several."""
    HOMES.append((rank, right, url_name))


def home_of(user: User | AnonymousUser) -> str:
    """The URL name of this person's first page."""
    rights = (url_name for _rank, right, url_name in sorted(HOMES) if user.has_perm(right))
    return next(rights, "returns:case-list")


start_at("returns:case-list", right=REVIEW, rank=30)
