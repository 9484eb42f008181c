"""Request types with the attributes that middleware and decorators add."""

from django.contrib.auth.models import User
from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails


class HtmxRequest(HttpRequest):
    """A request with ``htmx``, set by ``HtmxMiddleware``."""

    htmx: HtmxDetails


class StaffRequest(HtmxRequest):
    """A request of a signed-in user, behind ``staff`` or ``signed_in`` of ``signoff.web.access``."""

    user: User
