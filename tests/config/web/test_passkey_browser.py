"""A passkey in Chromium, with the browser's own virtual authenticator and the strict content policy."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import Page

from tests.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


def give_authenticator(page: Page) -> None:
    """A security key that is always touched by the right finger."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
               "isUserVerified": True, "automaticPresenceSimulation": True}  # fmt: skip
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_manager_adds_a_passkey_and_signs_in_with_it(new_page: Callable[..., Page], tmp_path: Any) -> None:
    user = UserFactory(role="manager")
    page = new_page(user=user)
    give_authenticator(page)
    page.goto("/accounts/2fa/webauthn/add/")
    page.get_by_label("Password").fill("correct horse")
    page.get_by_role("button", name="Confirm").click()
    page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add passkey").click()
    page.wait_for_url("**/recovery-codes/")
    assert Authenticator.objects.filter(user=user, type="webauthn").count() == 1
    page.goto("/accounts/logout/")
    page.get_by_role("button", name="Sign out").click()
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/desk/**")


def test_without_scripts_there_is_the_password_and_no_passkey(new_page: Callable[..., Page]) -> None:
    page = new_page(javascript=False)
    page.goto("/accounts/login/")
    assert page.get_by_role("button", name="Sign in", exact=True).is_visible()
    assert not page.get_by_role("button", name="Sign in with a passkey").is_visible()
