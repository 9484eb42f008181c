"""Account adapter of allauth, and the one page where staff sign in; nobody signs up."""

from datetime import timedelta
from http import HTTPStatus
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.views import LoginView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.models import AbstractBaseUser, User
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from config.web.alarm import recent_alarm
from returns.permissions import APPROVE
from signoff.db.required import required
from signoff.staff.actions import note_session
from signoff.web.access import public
from signoff.web.attempts import Limit, TooManyTries, count_try
from signoff.web.client import address_of

TOO_MANY = "too_many_tries"
RESET_MAILS = Limit(3, timedelta(hours=1), longest_wait=timedelta(hours=1), memory=timedelta(hours=1))


class StaffOnlyAdapter(DefaultAccountAdapter):
    """Closes the sign-up page that the library offers by default, and says how long to wait after wrong passwords."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that our own limits count."""
        return address_of(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Nothing: ``StaffBackend`` counts, in the database, where all processes see it."""

    def _rollback_login_failed_rl_usage(self) -> None:
        """Nothing to take back, see ``pre_authenticate``."""

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        try:
            return super().authenticate(request, **credentials)
        except TooManyTries as refusal:
            raise ValidationError(str(refusal), code=TOO_MANY) from refusal

    def login(self, request: HttpRequest, user: User) -> None:
        """Sign in, list the session in the profile, and tell a manager of an alarm of the last day."""
        super().login(request, user)
        note_session(user, key=required(request.session.session_key), browser=request.headers.get("User-Agent", ""))
        if user.has_perm(APPROVE) and (alarm := recent_alarm()):
            messages.warning(request, alarm)

    def send_password_reset_mail(self, user: AbstractBaseUser, email: str, context: dict[str, Any]) -> None:
        """A mail with our words in the look of our mails, three an hour per user; the page says the same either way."""
        try:
            count_try({"password-reset": (RESET_MAILS, f"user {user.pk}")})
        except TooManyTries:
            return
        super().send_password_reset_mail(user, email, context | _reset_mail(context))


def _reset_mail(context: dict[str, Any]) -> dict[str, Any]:
    """What the template of our mails needs."""
    words = (
        _("You or somebody else asked for a new password for your account. Your user name is %(name)s.")
        % {"name": context.get("username", "")},
        _("If it wasn't you, ignore this e-mail: your password stays as it is."),
    )
    return {
        "shop": {"name": "Homeward"},
        "message": {"subject": _("Choose a new password")},
        "button": _("Choose a new password"),
        "blocks": [{"words": words[0]}, {"link": context["password_reset_url"]}, {"words": words[1]}],
    }


class SignInView(LoginView):
    """The sign-in page; 429 while the limits ask for a wait."""

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        response = super().form_invalid(form)
        if form.has_error("__all__", TOO_MANY):
            response.status_code = HTTPStatus.TOO_MANY_REQUESTS
        return response


sign_in = public(SignInView.as_view())


@public
@require_http_methods(["GET", "HEAD", "POST"])
def admin_sign_in(request: HttpRequest) -> HttpResponse:
    """Lead from the admin's own sign-in page to the one of the product; who is signed in already goes on or back."""
    if request.user.is_authenticated and not request.user.is_staff:
        messages.error(request, _("You don't have access to the settings."))
        return redirect(settings.LOGIN_REDIRECT_URL)
    wanted = request.GET.get(REDIRECT_FIELD_NAME) or request.POST.get(REDIRECT_FIELD_NAME) or ""
    if not url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        wanted = reverse("admin:index")
    if request.user.is_staff:
        return redirect(wanted)
    return redirect(f"{reverse('account_login')}?{urlencode({REDIRECT_FIELD_NAME: wanted})}")
