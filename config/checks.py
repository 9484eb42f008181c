"""System checks, run by ``manage.py check`` and at every start; registered in ``config.extensions``."""

import os
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.urls import URLPattern, URLResolver, get_resolver

from config.web.third_party_access import access_of
from signoff.db.roles import HINT, excess_power


def iter_views(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every URL pattern with its view, included URLconfs too; the tests of access use it as well."""
    for pattern in (resolver or get_resolver()).url_patterns:
        address = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield address, pattern.callback
        else:
            yield from iter_views(pattern, address)


def check_views_declare_access(**_: Any) -> list[CheckMessage]:
    """Deny by default: a view without a declared access stops the start."""
    return [
        Error(
            f"{view.__module__}.{getattr(view, '__qualname__', view)} at /{address} does not say who may open it.",
            hint="Decorate it with @staff, @signed_in, @shopper or @public from signoff/web/access.py; "
            "a library's view is named in config/web/third_party_access.py.",
            id="config.E001",
        )
        for address, view in iter_views()
        if access_of(view, address) is None
    ]


def check_secret_key(**_: Any) -> list[CheckMessage]:
    """SECRET_KEY must be set in production: a key generated on each machine signs people out on the others."""
    if os.environ.get("SECRET_KEY") or not settings.SECURE:
        return []
    return [Error("SECRET_KEY is not set.", hint="Give all processes the same 50 random characters.", id="config.E002")]


def check_demo_is_off(**_: Any) -> list[CheckMessage]:
    """DEMO must be off in production: its mail box shows everybody's mail to everybody."""
    if not (settings.DEMO and settings.SECURE):
        return []
    return [Error("DEMO is on.", hint="Remove DEMO from the environment: it shows all mail to all.", id="config.E003")]


def check_database_role(**_: Any) -> list[CheckMessage]:
    """The application's role must not own the tables; in production no process starts with one that does."""
    reason = excess_power()
    return [Error(reason, hint=HINT, id="config.E004")] if reason else []


def check_proxy_is_named(**_: Any) -> list[CheckMessage]:
    """With https, either a proxy ends TLS and BEHIND_PROXY says so, or it is stated that there is none."""
    if not settings.SECURE or settings.BEHIND_PROXY or settings.TLS_WITHOUT_PROXY:
        return []
    return [
        Error(
            "SITE_URL is https, but nothing says who ends TLS.",
            hint="Set BEHIND_PROXY=1 when a proxy does: without it pages redirect to themselves, and all visitors have "
            "the proxy's address. Where the web server itself does, set TLS_WITHOUT_PROXY=1.",
            id="config.E005",
        )
    ]
