"""Who may open a page. Every view wears exactly one of these; a start-up check refuses a view without.

Rights are asked on every request, so revoked access ends with the next one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Access:
    """What a view declares: ``kind`` is public, shopper, signed_in, staff or api.

    ``permission`` belongs to staff ("app.codename") and to the API (the scopes of its operations).
    """

    kind: str
    permission: str = ""


def declare(view: View, access: Access) -> View:
    """Mark a view of somebody else's (a library's) with the access it grants."""
    view.access = access  # type: ignore[attr-defined]  # a function takes attributes; Callable does not say so
    return view


def public(view: View) -> View:
    """Anybody, signed in or not."""
    return declare(view, Access("public"))


def signed_in(view: View) -> View:
    """Any active member of staff."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    return declare(inner, Access("signed_in"))


def staff(permission: str) -> Callable[[View], View]:
    """A member of staff with ``permission`` ("app.codename"); others get 403."""

    def decorate(view: View) -> View:
        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not request.user.has_perm(permission):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return declare(inner, Access("staff", permission))

    return decorate


_PERMISSIONS: set[str] = set()


def register_amount_permission(permission: str) -> None:
    """Holders of ``permission`` see amounts and telephone numbers."""
    _PERMISSIONS.add(permission)


def may_see_amounts(user: User | AnonymousUser) -> bool:
    """Whether pages tell ``user`` amounts and telephone numbers. Asked anew for every page."""
    return any(user.has_perm(permission) for permission in _PERMISSIONS)
