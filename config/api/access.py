"""Access of the API's views, derived from the authentication of their operations, so that the two cannot differ.

A view with an operation that needs no token gets no access, and the system check ``config.E001`` rejects it.
"""

from collections.abc import Callable
from functools import partial
from inspect import getclosurevars
from typing import Any

from django.urls import URLPattern, URLResolver
from django.views.decorators.http import require_safe
from ninja.openapi.views import default_home, openapi_json
from ninja.operation import Operation, PathView

from signoff.api.auth import TokenAuth
from signoff.web.access import Access, declare
from signoff.web.uploads import REFUSES_BY_ITSELF, takes

#: the OpenAPI description, and the root of the API, which is a 404
OPEN = (openapi_json, default_home)


def declare_access(patterns: list[URLPattern | URLResolver]) -> list[URLPattern | URLResolver]:
    """Declare the access of each view that has one; returns the patterns."""
    for pattern in patterns:
        if isinstance(pattern, URLPattern) and (access := _access(pattern.callback)):
            pattern.callback = declare(_limited(pattern.callback), access)
    return patterns


def _limited(view: Callable[..., Any]) -> Callable[..., Any]:
    """Allow only GET and HEAD on the library's own views; operations check methods and lengths themselves."""
    return require_safe(view) if isinstance(view, partial) else takes(REFUSES_BY_ITSELF)(view)


def _access(view: Callable[..., Any]) -> Access | None:
    if isinstance(view, partial):
        return Access("public") if view.func in OPEN else None
    path_view = getclosurevars(view).nonlocals.get("self")
    scopes = [_scope(operation) for operation in path_view.operations] if isinstance(path_view, PathView) else []
    return Access("api", " ".join(sorted(set(filter(None, scopes))))) if scopes and all(scopes) else None


def _scope(operation: Operation) -> str:
    """The scope of the token that the operation needs; "" unless a token is its only authentication."""
    callbacks = list(operation.auth_callbacks)
    return callbacks[0].scope.value if len(callbacks) == 1 and isinstance(callbacks[0], TokenAuth) else ""
