"""Types of requests, so that a view may say what its decorators and the middleware promise."""

from django.contrib.auth.models import User
from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails


class HtmxRequest(HttpRequest):
    """Any request: ``HtmxMiddleware`` puts ``htmx`` on all of them."""

    htmx: HtmxDetails


class StaffRequest(HtmxRequest):
    """A request behind ``staff`` or ``signed_in`` of ``signoff.web.access``: somebody is signed in."""

    user: User
