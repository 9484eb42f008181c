"""Webhook for mails: raw MIME with a signature over its bytes, by Standard Webhooks (standardwebhooks.com).

The mail server's forwarder signs ``id.timestamp.`` and the raw mail with HMAC-SHA256 and sends ``webhook-id``,
``webhook-timestamp`` and ``webhook-signature: v1,<base64>``.
"""

import base64
import binascii
import hashlib
import hmac
import re
import time
from collections.abc import Mapping
from http import HTTPStatus

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from feedback.mail_in.doors import store_mail
from feedback.mail_in.parts import MAX_BYTES
from feedback.models import InboundMail
from signoff.web.access import public
from signoff.web.uploads import REFUSES_BY_ITSELF, takes

TOLERANCE = 300  # seconds that the sender's clock may differ
SIGNATURES = 10  # of one request, at most: one for each secret while they are rotated


class BadMailSignature(Exception):
    """The mail is not accepted; a sentence for the person who connects the server."""


@takes(REFUSES_BY_ITSELF)
@csrf_exempt  # called by mail servers without a session; the signature authenticates them
@public
@require_POST
def mail_hook(request: HttpRequest, provider: str) -> HttpResponse:
    """Store a signed mail; 200 once its row is committed, also for a mail that is there already."""
    if provider not in settings.MAIL_HOOKS:
        raise Http404
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > MAX_BYTES:
        return _answer(
            _("This e-mail is larger than 25 MB. Let the mail server send it back to its sender."),
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        )
    try:
        check_head(request.headers)
        raw = request.read(int(length))
        check_signature(raw, request.headers, secrets=settings.MAIL_HOOKS[provider])
    except BadMailSignature as error:
        return _answer(str(error), HTTPStatus.UNAUTHORIZED)
    if not raw.strip():
        return _answer(
            _("There is no e-mail in this request. Send the raw e-mail as its body."), HTTPStatus.BAD_REQUEST
        )
    store_mail(raw, door=InboundMail.Door.WEBHOOK)
    return HttpResponse(status=HTTPStatus.OK)


def check_head(headers: Mapping[str, str], *, now: float | None = None) -> None:
    """Before the mail is read: signed at all, and just now. Raises ``BadMailSignature``."""
    if not (headers.get("webhook-id") and headers.get("webhook-signature")):
        raise BadMailSignature(_("This e-mail is not signed. Switch on signing where it is sent."))
    sent = headers.get("webhook-timestamp", "")
    if not re.fullmatch(r"[0-9]{1,12}", sent):
        raise BadMailSignature(_("The time of this e-mail's signature is missing. Send it as webhook-timestamp."))
    if abs((time.time() if now is None else now) - int(sent)) > TOLERANCE:
        raise BadMailSignature(
            _("This e-mail was signed more than five minutes ago or later than now. Set the clock and send it again.")
        )


def check_signature(raw: bytes, headers: Mapping[str, str], *, secrets: list[str]) -> None:
    """One of the current secrets must have signed; compared in constant time. Raises ``BadMailSignature``."""
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + raw
    sent = [part.removeprefix("v1,") for part in headers["webhook-signature"].split()[:SIGNATURES]]
    found = False
    for secret in filter(None, secrets):
        right = base64.b64encode(hmac.new(_key(secret), signed, hashlib.sha256).digest())
        for signature in sent:
            found |= hmac.compare_digest(right, signature.encode("utf-8", "replace"))
    if not found:
        raise BadMailSignature(
            _("The signature of this e-mail is wrong. Compare the secret here with the one where it is sent.")
        )


def _key(secret: str) -> bytes:
    """The bytes of a secret: base64 after ``whsec_``, else the text itself."""
    if secret.startswith("whsec_"):
        try:
            return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
        except binascii.Error:
            pass
    return secret.encode()


def _answer(words: str, status: HTTPStatus) -> HttpResponse:
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
