"""System checks, run by ``manage.py check`` and at every start; registered in ``config.extensions``."""

import os
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.urls import URLPattern, URLResolver, get_resolver

from config.web.third_party_access import access_of


def addresses(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every address with its view, however deeply included; also what the tests of access walk."""
    for pattern in (resolver or get_resolver()).url_patterns:
        address = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield address, pattern.callback
        else:
            yield from addresses(pattern, address)


def every_view_declares_its_access(**_: Any) -> list[CheckMessage]:
    """Deny by default: the product does not start with a page nobody thought about."""
    return [
        Error(
            f"{view.__module__}.{getattr(view, '__qualname__', view)} at /{address} does not say who may open it.",
            hint="Decorate it with @staff, @signed_in, @shopper or @public from signoff/web/access.py; "
            "a library's view is named in config/web/third_party_access.py.",
            id="config.E001",
        )
        for address, view in addresses()
        if access_of(view, address) is None
    ]


def the_key_is_given(**_: Any) -> list[CheckMessage]:
    """A key that each machine makes for itself signs people out as soon as there is a second machine."""
    if os.environ.get("SECRET_KEY") or not settings.SECURE:
        return []
    return [Error("SECRET_KEY is not set.", hint="Give all processes the same 50 random characters.", id="config.E002")]


def the_demo_is_not_deployed(**_: Any) -> list[CheckMessage]:
    """The demo's mail box shows everybody's mail to everybody."""
    if not (settings.DEMO and settings.SECURE):
        return []
    return [Error("DEMO is on.", hint="Remove DEMO from the environment: it shows all mail to all.", id="config.E003")]
