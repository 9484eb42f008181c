"""Webhook for tracking services: verifies, stores and acknowledges messages; workers process them later."""

from http import HTTPStatus

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from signoff.carriers import BadSignature
from signoff.carriers.payloads import MAX_BYTES
from signoff.tracking.webhooks import receive
from signoff.web.access import public
from signoff.web.uploads import REFUSES_BY_ITSELF, takes


@takes(REFUSES_BY_ITSELF)
@csrf_exempt  # called by servers without a session; the signature authenticates them
@public
@require_POST
def tracking(request: HttpRequest, provider: str) -> HttpResponse:
    """Receive a message of a tracking service; repeated messages get the same response."""
    if provider not in settings.TRACKING:
        raise Http404
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BYTES:
        words = _("This message is larger than 1 MB. Ask the provider for fewer parcels at once.")
        return _error_response(words, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    try:
        answer = receive(provider, request.body, request.headers, token=request.GET.get("token", ""))
    except BadSignature as error:
        return _error_response(str(error), HTTPStatus.UNAUTHORIZED)
    return HttpResponse(answer.body, content_type=answer.content_type)


def _error_response(words: str, status: HTTPStatus) -> HttpResponse:
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
