"""Who may call an operation of the API: read off the operations themselves, so that it cannot be claimed otherwise.

An operation that asks for no token stays without a declaration, and the start-up check refuses it.
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

#: the description, and the address above it, which is a 404
OPEN = (openapi_json, default_home)


def declare_access(patterns: list[URLPattern | URLResolver]) -> list[URLPattern | URLResolver]:
    """The patterns, each view of which bears its access where it has one."""
    for pattern in patterns:
        if isinstance(pattern, URLPattern) and (access := _access(pattern.callback)):
            pattern.callback = declare(_reading(pattern.callback), access)
    return patterns


def _reading(view: Callable[..., Any]) -> Callable[..., Any]:
    """The library's own views would take any method for a GET; operations know theirs."""
    return require_safe(view) if isinstance(view, partial) else view


def _access(view: Callable[..., Any]) -> Access | None:
    if isinstance(view, partial):
        return Access("public") if view.func in OPEN else None
    here = getclosurevars(view).nonlocals.get("self")
    scopes = [_scope(operation) for operation in here.operations] if isinstance(here, PathView) else []
    return Access("api", " ".join(sorted(set(filter(None, scopes))))) if scopes and all(scopes) else None


def _scope(operation: Operation) -> str:
    """The scope it asks for, where a token with that scope is the only way in."""
    asks = list(operation.auth_callbacks)
    return asks[0].scope.value if len(asks) == 1 and isinstance(asks[0], TokenAuth) else ""
