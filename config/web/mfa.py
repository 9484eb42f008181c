"""Second step of signing in, an authenticator app or a passkey; ``MFA_REQUIRED`` for those who approve or pay."""

from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import segno
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AbstractBaseUser, User
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from config.web.third_party_access import access_of
from refunds.payouts.transitions import PAY
from returns.permissions import APPROVE
from signoff.web.attempts import Limit, TooManyTries, count_try, forget_tries
from signoff.web.client import address_of

POWERS = (APPROVE, PAY)  # permissions that need a second step
SECOND_STEPS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
WRONG_CODES = Limit(5, timedelta(minutes=1), longest_wait=timedelta(hours=1), memory=timedelta(days=1))
USED_CODE = Limit(1, timedelta(minutes=5), longest_wait=timedelta(minutes=5), memory=timedelta(minutes=5))


def is_required() -> bool:
    """Whether staff who approve or pay need a second step; unless it is set, everywhere but in the demo."""
    return not settings.DEMO if settings.MFA_REQUIRED is None else settings.MFA_REQUIRED


class SecondStepRequired:
    """Middleware that leads to the set-up from any page that approves or pays, if its user has no second step."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """None where the page may be opened."""
        match = request.resolver_match
        access = access_of(view, match.route) if match else None
        if access is None or access.permission not in POWERS or not is_required():
            return None
        user = request.user
        if not isinstance(user, User) or not user.has_perm(access.permission) or has_second_step(user):
            return None
        messages.warning(request, _("You approve or pay, so set up a second step for signing in first."))
        return redirect("mfa_index")


def has_second_step(user: User) -> bool:
    """Whether the user has an authenticator app or a passkey; recovery codes alone are none."""
    return Authenticator.objects.filter(user=user, type__in=SECOND_STEPS).exists()


class MfaAdapter(DefaultMFAAdapter):
    """Names the product, draws the QR code as plain SVG, and encrypts the secrets in the database."""

    def _get_site_name(self) -> str:
        return "Homeward"

    def build_totp_svg(self, url: str) -> str:
        code = segno.make(url, error="m")
        return code.svg_inline(scale=4, border=4, dark="#000", light="#fff", svgclass=None, lineclass=None)

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Not the last second step of somebody who must have one."""
        user: Any = authenticator.user
        others = Authenticator.objects.filter(user=user, type__in=SECOND_STEPS).exclude(pk=authenticator.pk)
        return not is_required() or not any(map(user.has_perm, POWERS)) or others.exists()


class _CountedCode:
    """Counts codes as passwords are counted: in the database, by user and address; a code is good once."""

    user: AbstractBaseUser

    def clean_code(self) -> str:
        tried = f"user {self.user.pk}\n{address_of(context.request)}"
        try:
            count_try({"sign-in.code": (WRONG_CODES, tried)})
            code: str = super().clean_code()  # type: ignore[misc]  # of the form that this is mixed into
            count_try({"sign-in.used-code": (USED_CODE, f"user {self.user.pk}\n{code}")})
        except TooManyTries as refusal:
            raise ValidationError(str(refusal), code="too_many_tries") from refusal
        forget_tries("sign-in.code", tried)
        return code


class CodeForm(_CountedCode, AuthenticateForm):
    """The code when signing in."""


class CodeAgainForm(_CountedCode, ReauthenticateForm):
    """The code before a sensitive change."""


class FirstCodeForm(_CountedCode, ActivateTOTPForm):
    """The first code of an app, which proves that it has the secret."""


def _cipher() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [salted_hmac("config.web.mfa", "", secret=str(key), algorithm="sha256").digest() for key in keys]
    return MultiFernet([Fernet(urlsafe_b64encode(digest)) for digest in digests])
