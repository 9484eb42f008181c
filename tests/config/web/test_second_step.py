"""The second step of signing in: required of those who approve or pay, offered to all, counted as passwords are."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client

from config.web.mfa import WRONG_CODES, is_required
from tests.factories import UserFactory
from tests.steps.sign_in import PASSWORD, code_of, give_app

pytestmark = pytest.mark.django_db
BACKEND = settings.AUTHENTICATION_BACKENDS[0]
PAGES = ["/accounts/2fa/", "/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/", "/accounts/2fa/webauthn/add/"]


def with_app(role: str = "manager") -> tuple[User, str]:
    """A user with an authenticator app, and its secret."""
    user = UserFactory(role=role)
    return user, give_app(user)


def password_step(user: User, **extra: Any) -> Client:
    """A browser that has typed the right password."""
    client = Client(**extra)
    response = client.post("/accounts/login/", {"login": user.username, "password": PASSWORD})
    assert response.headers["Location"] == "/accounts/2fa/authenticate/"
    return client


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def confirmed(user: User) -> Client:
    """A browser of ``user`` that has just entered the password again, as sensitive changes want it."""
    client = signed_in(user)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def test_it_is_required_everywhere_but_in_the_demo_unless_it_is_set(settings: Any) -> None:
    found = []
    for demo in (False, True):
        for required in (None, True, False):
            settings.DEMO, settings.MFA_REQUIRED = demo, required
            found.append(is_required())
    assert found == [True, True, False, False, True, False]


@pytest.mark.parametrize(
    ("role", "path"), [("manager", "/desk/approvals/"), ("finance", "/desk/refunds/nowhere/confirm/")]
)
def test_who_approves_or_pays_is_led_to_the_set_up(settings: Any, role: str, path: str) -> None:
    settings.MFA_REQUIRED = True
    user = UserFactory(role=role)
    for send in (Client.get, Client.post):
        response = send(signed_in(user), path)
        assert (response.status_code, response.headers.get("Location")) == (302, "/accounts/2fa/")
    page = signed_in(user).get(path, follow=True).content.decode()
    assert "set up a second step" in page
    TOTP.activate(user, generate_totp_secret())
    assert signed_in(user).get(path).headers.get("Location") != "/accounts/2fa/"


def test_recovery_codes_alone_are_no_second_step(settings: Any) -> None:
    settings.MFA_REQUIRED = True
    user = UserFactory(role="manager")
    RecoveryCodes.activate(user)
    assert signed_in(user).get("/desk/approvals/").headers["Location"] == "/accounts/2fa/"


def test_others_and_the_demo_are_not_asked(settings: Any) -> None:
    settings.MFA_REQUIRED = True
    assert signed_in(UserFactory(role="agent")).get("/desk/cases/").status_code == 200
    assert signed_in(UserFactory(role="agent")).get("/desk/approvals/").status_code == 403
    settings.MFA_REQUIRED = None  # the tests run as the demo
    assert signed_in(UserFactory(role="manager")).get("/desk/approvals/").status_code == 200


def test_password_then_code_signs_in() -> None:
    user, secret = with_app()
    client = password_step(user)
    assert client.get("/desk/").headers["Location"].startswith("/accounts/login/")
    assert client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)}).headers["Location"] == "/desk/"
    assert client.get("/desk/approvals/").status_code == 200


def test_a_code_is_good_once_in_all_processes() -> None:
    user, secret = with_app()
    code = code_of(secret)
    assert password_step(user).post("/accounts/2fa/authenticate/", {"code": code}).status_code == 302
    cache.clear()  # another process
    assert password_step(user).post("/accounts/2fa/authenticate/", {"code": code}).status_code == 200


def test_wrong_codes_are_counted_by_address() -> None:
    user, secret = with_app()
    client = password_step(user, REMOTE_ADDR="203.0.113.66")
    for _ in range(WRONG_CODES.free):
        assert "Incorrect code" in client.post("/accounts/2fa/authenticate/", {"code": "000000"}).content.decode()
    cache.clear()
    page = client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    assert "Too many attempts" in page.content.decode()
    elsewhere = password_step(user, REMOTE_ADDR="198.51.100.1")
    assert elsewhere.post("/accounts/2fa/authenticate/", {"code": code_of(secret)}).status_code == 302


def test_a_recovery_code_signs_in_once() -> None:
    user, _secret = with_app()
    code = RecoveryCodes.activate(user).get_unused_codes()[0]
    assert password_step(user).post("/accounts/2fa/authenticate/", {"code": code}).status_code == 302
    assert password_step(user).post("/accounts/2fa/authenticate/", {"code": code}).status_code == 200


def test_the_app_is_set_up_without_javascript_and_recovery_codes_follow() -> None:
    user = UserFactory(role="manager")
    client = confirmed(user)
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    assert "<svg" in page
    assert "data:" not in page
    secret = client.session["mfa.totp.secret"]
    assert secret in page
    response = client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)}, follow=True)
    codes = Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()
    assert len(codes) == 10
    assert all(code in response.content.decode() for code in codes)


def test_secrets_are_encrypted_in_the_database() -> None:
    _user, secret = with_app()
    stored = Authenticator.objects.get(type="totp")
    assert secret not in str(stored.data)
    assert stored.wrap().validate_code(code_of(secret))


def test_the_last_second_step_cannot_be_removed_by_who_needs_one(settings: Any) -> None:
    settings.MFA_REQUIRED = True
    user, _secret = with_app()
    confirmed(user).post("/accounts/2fa/totp/deactivate/")
    assert Authenticator.objects.filter(user=user).exists()
    settings.MFA_REQUIRED = False
    confirmed(user).post("/accounts/2fa/totp/deactivate/")
    assert not Authenticator.objects.filter(user=user).exists()


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
@pytest.mark.parametrize("path", [*PAGES, "/accounts/2fa/totp/deactivate/", "/accounts/2fa/recovery-codes/",
                                  "/accounts/2fa/recovery-codes/generate/"])  # fmt: skip
def test_pages_have_no_inline_script(path: str, language: str) -> None:
    user, _secret = with_app("agent")
    if "activate/" in path and "deactivate" not in path:
        user = UserFactory(role="agent")
    else:
        RecoveryCodes.activate(user)
    client = confirmed(user)
    response = client.get(path, headers={"Accept-Language": language})
    page = response.content.decode()
    assert response.status_code == 200
    for tag in page.split("<script")[1:]:
        head = tag.partition(">")[0]
        assert "src=" in head or "application/json" in head
    assert " style=" not in page


def test_passkeys_are_offered_where_staff_sign_in_and_need_a_script() -> None:
    page = Client().get("/accounts/login/").content.decode()
    assert "hidden data-passkey" in page
    options = Client().get("/accounts/2fa/webauthn/login/", headers={"Accept": "application/json"}).json()
    assert options["request_options"]["publicKey"]["challenge"]


def test_superusers_remove_a_lost_step_and_see_no_secret() -> None:
    user, _secret = with_app()
    step = Authenticator.objects.get(user=user)
    client = signed_in(UserFactory(is_superuser=True, is_staff=True))
    page = client.get(f"/admin/mfa/authenticator/{step.pk}/change/").content.decode()
    assert step.data["secret"] not in page
    client.post(f"/admin/mfa/authenticator/{step.pk}/delete/", {"post": "yes"})
    assert not Authenticator.objects.exists()
