"""Undo from the flash message: a button with a signed token, valid for some minutes and for its own person.

The app whose action can be undone registers the opposite action, which refuses by itself when something has happened
since; so nothing is undone twice.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_fsm import TransitionNotAllowed

from signoff.web.access import signed_in
from signoff.web.client import referrer_of
from signoff.web.requests import StaffRequest

MINUTES = 10
_SALT = "signoff.web.undo"
_TAG = "undo:"
_UNDOERS: dict[str, Callable[..., str]] = {}


def register_undo(kind: str, undo: Callable[..., str]) -> None:
    """``undo`` takes ``by`` and what ``offer_undo`` was given, and returns the URL of the next page.

    It raises ``TransitionNotAllowed`` or ``PermissionDenied`` with a sentence when it is too late.
    """
    if kind in _UNDOERS:
        raise ValueError(f"The undo {kind!r} is registered already.")
    _UNDOERS[kind] = undo


def offer_undo(request: StaffRequest, sentence: str, *, kind: str, **facts: Any) -> None:
    """Add the flash message ``sentence`` with a button to undo what it says. ``facts`` are keys and figures only."""
    token = signing.dumps([request.user.pk, kind, facts], salt=_SALT)
    messages.success(request, sentence, extra_tags=f"{_TAG}{token}")


def undo_token(extra_tags: str | None) -> str:
    """The token of a flash message; "" for one that offers no undo."""
    return extra_tags.removeprefix(_TAG) if extra_tags and extra_tags.startswith(_TAG) else ""


@signed_in
@require_POST
def undo(request: StaffRequest) -> HttpResponse:
    """Undo what the token names, or say why not."""
    try:
        user, kind, facts = signing.loads(request.POST.get("token", ""), salt=_SALT, max_age=MINUTES * 60)
    except signing.BadSignature:
        messages.error(request, _("It's too late to undo this. Make the change by hand."))
        return redirect(_back(request))
    if user != request.user.pk or kind not in _UNDOERS:
        raise PermissionDenied
    try:
        url = _UNDOERS[kind](by=request.user, **facts)
    except TransitionNotAllowed as refusal:
        messages.error(request, str(refusal))
        return redirect(_back(request))
    messages.success(request, _("Undone."))
    return redirect(url)


def _back(request: HttpRequest) -> str:
    return referrer_of(request) or resolve_url(settings.LOGIN_REDIRECT_URL)
