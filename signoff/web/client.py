"""IP address and browser of a request, for rate limits; the page that it came from."""

import secrets
from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

BROWSER = "browser"


def address_of(request: HttpRequest) -> str:
    """The client's IP address; for IPv6 its /64 network, because a household has that many addresses.

    Behind a proxy it is the last address in ``X-Forwarded-For``: the proxy added it, the client may have sent the rest.
    """
    address_text = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        address_text = request.META.get("HTTP_X_FORWARDED_FOR", address_text).rpartition(",")[2].strip()
    return _network(address_text)


def browser_of(request: HttpRequest) -> str:
    """A random id of the browser, stored in its session; created on first use."""
    if BROWSER not in request.session:
        request.session[BROWSER] = secrets.token_urlsafe(24)
    return request.session[BROWSER]


def referrer_of(request: HttpRequest) -> str:
    """The page that the request came from, if it is on this site and the browser sends a Referer, else ""."""
    referrer = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(referrer, {request.get_host()}, require_https=request.is_secure())
    return referrer if ours else ""


def _network(address_text: str) -> str:
    try:
        address = ip_address(address_text)
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or ip_network((address, 64), strict=False))
    return str(address)
