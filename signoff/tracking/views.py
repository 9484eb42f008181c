"""News that other services push: proved by their signature, kept, answered, and read later by the workers."""

from http import HTTPStatus

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from signoff.carriers import BadSignature
from signoff.carriers.payloads import MOST_BYTES
from signoff.tracking.webhooks import take_in
from signoff.web.access import public


@csrf_exempt  # no browser and no session: the signature proves who speaks
@public
@require_POST
def tracking(request: HttpRequest, provider: str) -> HttpResponse:
    """A tracking service's message, byte for byte as signed; the same one again gets the same answer."""
    if provider not in settings.TRACKING:
        raise Http404
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        words = _("This message is larger than 1 MB. Ask the provider for fewer parcels at once.")
        return _refuse(words, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    try:
        answer = take_in(provider, request.body, request.headers, token=request.GET.get("token", ""))
    except BadSignature as wrong:
        return _refuse(str(wrong), HTTPStatus.UNAUTHORIZED)
    return HttpResponse(answer.body, content_type=answer.content_type)


def _refuse(words: str, status: HTTPStatus) -> HttpResponse:
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
