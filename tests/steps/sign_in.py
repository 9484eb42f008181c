"""Members of staff sign in on the page: with their password and the code of their authenticator app."""

import time

from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.contrib.auth.models import User
from playwright.sync_api import Page

PASSWORD = "correct horse"


def code_of(secret: str) -> str:
    """What the app shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def give_app(user: User) -> str:
    """Set up an authenticator app; returns its secret."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def sign_in(page: Page, user: User) -> None:
    """Sign in with both steps, in any language of the page."""
    secret = give_app(user)
    page.goto("/accounts/login/")
    page.locator("#id_login").fill(user.username)
    page.locator("#id_password").fill(PASSWORD)
    page.locator("#id_password").press("Enter")
    page.wait_for_url("**/accounts/2fa/authenticate/")
    page.locator("#id_code").fill(code_of(secret))
    page.locator("#id_code").press("Enter")
    page.wait_for_url("**/desk/**")
