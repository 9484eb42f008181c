"""Which machine and which browser is asking."""

import secrets
from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

BROWSER = "browser"


def address_of(request: HttpRequest) -> str:
    """The address to count tries by; of IPv6 the /64, since a household owns that many.

    Behind a proxy it is what the proxy itself added: the last of ``X-Forwarded-For``, the rest is hearsay.
    """
    told = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        told = request.META.get("HTTP_X_FORWARDED_FOR", told).rpartition(",")[2].strip()
    return _household(told)


def browser_of(request: HttpRequest) -> str:
    """A random name that this browser keeps in its session; made when first asked for."""
    if BROWSER not in request.session:
        request.session[BROWSER] = secrets.token_urlsafe(24)
    return request.session[BROWSER]


def _household(told: str) -> str:
    try:
        address = ip_address(told)
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or ip_network((address, 64), strict=False))
    return str(address)
