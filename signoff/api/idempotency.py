"""The ``Idempotency-Key`` header: a repeated request gets the stored response."""

import hashlib
import re
from collections.abc import Callable
from functools import wraps

from django.http import HttpResponse
from django.utils.translation import gettext as _

from signoff.api.auth import ApiRequest
from signoff.api.errors import ApiRefused, Reply, response
from signoff.api.json_body import body_of
from signoff.api.stored_answers import KeyReused, RequestInProgress, answer_once

HEADER = "Idempotency-Key"
KEY = re.compile(r"[\x21-\x7e]{1,255}", re.ASCII)

type Operation = Callable[[ApiRequest], Reply]


def idempotent(operation: Operation) -> Callable[[ApiRequest], HttpResponse]:
    """Decorator of every POST operation: stores its response if the header is sent."""

    @wraps(operation)
    def inner(request: ApiRequest) -> HttpResponse:
        body = body_of(request)
        key = request.headers.get(HEADER)
        if key is None:
            return response(operation(request).answer())
        if not KEY.fullmatch(key):
            raise ApiRefused(
                422,
                "invalid_idempotency_key",
                _("“Idempotency-Key” has 1 to 255 visible ASCII characters without spaces, such as a UUID."),
            )
        fingerprint = hashlib.sha256(f"{request.method} {request.path}\n".encode() + body).hexdigest()
        try:
            return response(
                answer_once(request.auth, key, fingerprint=fingerprint, operation=lambda: operation(request).answer())
            )
        except RequestInProgress as busy:
            raise ApiRefused(
                409,
                "in_progress",
                _("The first request with this Idempotency-Key is still being processed. Send it again in a second."),
                {"Retry-After": "1"},
            ) from busy
        except KeyReused as other:
            raise ApiRefused(
                422,
                "idempotency_key_reused",
                _("This Idempotency-Key belongs to another request. Use a new key for a new request."),
            ) from other

    return inner
