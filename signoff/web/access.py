"""Access decorators of views. Each view has exactly one; a system check refuses views without.

Permissions are checked on every request, so revoked access ends with the next one.
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
    """The declared access of a view: ``kind`` is public, shopper, signed_in, staff or api.

    ``permission`` belongs to staff ("app.codename") and to the API (the scopes of its operations).
    """

    kind: str
    permission: str = ""


def declare(view: View, access: Access) -> View:
    """Declare the access of a view that cannot be decorated, such as a library's."""
    vars(view)["access"] = access
    return view


def public(view: View) -> View:
    """Access for everybody."""
    return declare(view, Access("public"))


def signed_in(view: View) -> View:
    """Access for any active member of staff."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    return declare(inner, Access("signed_in"))


def staff(permission: str) -> Callable[[View], View]:
    """Access for staff with ``permission`` ("app.codename"); others get 403."""

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
    """Let holders of ``permission`` see amounts, and addresses and telephone numbers of shoppers."""
    _PERMISSIONS.add(permission)


def may_see_amounts(user: User | AnonymousUser) -> bool:
    """Whether ``user`` may see amounts, and address, e-mail and phone of shoppers. Checked for every page."""
    return any(user.has_perm(permission) for permission in _PERMISSIONS)
