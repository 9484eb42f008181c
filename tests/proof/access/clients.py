"""The sample shop in use, and a logged-in test client for each kind of visitor."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client, override_settings
from django.utils import timezone

from feedback.models import MessageTemplate
from signoff.api.tokens import create_token, revoke
from signoff.lookup.session import KEY
from signoff.models import Order, Scope
from tests import fresh_database
from tests.factories import (
    AppraisalFactory,
    ApprovalTierFactory,
    DeliveryTermsFactory,
    OrderFactory,
    SavedMappingFactory,
    SignOffFactory,
    TrackingMessageFactory,
    UserFactory,
    WatchFactory,
)
from tests.factories.sample_shop import SampleShop, build_sample_shop
from tests.proof.access.expected_access import EVERYBODY, ROLES

BACKEND = settings.AUTHENTICATION_BACKENDS[0]


@dataclass
class Site:
    """The world of the stories with one order more, and what everybody brings: cookies, or a token."""

    world: SampleShop
    stranger: Order
    cookies: dict[str, SimpleCookie] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    def client(self, who: str, **options: Any) -> Client:
        """The browser of ``who`` as it was when the site was opened."""
        if who in self.tokens:
            options["headers"] = {"Authorization": f"Bearer {self.tokens[who]}"}
        client = Client(raise_request_exception=False, **options)
        client.cookies = SimpleCookie(self.cookies[who].output(header="", sep=";"))
        return client


@contextmanager
def open_site(blocker: Any) -> Iterator[Site]:
    """Built once for many questions; committed, and forgotten at the end.

    All visitors have one address, so the library's limit of sign-ins by passkey from one address is off.
    """
    with blocker.unblock(), override_settings(MFA_RATE_LIMITS=False):
        site = Site(build_sample_shop(), OrderFactory(number="STRANGE-1"))
        _furnish(site)
        for who in EVERYBODY:
            site.cookies[who] = _cookies(site, who)
        site.tokens |= {"program": _token(site), "revoked program": _token(site, revoked=True)}
        yield site
        shutil.rmtree(settings.MAIL_DIR, ignore_errors=True)
        fresh_database.restore()


def entered(orders: Any) -> SimpleCookie:
    """The cookie of a shopper who has entered ``orders``."""
    session = SessionStore()
    until = (timezone.now() + timedelta(hours=1)).isoformat()
    session[KEY] = {str(order.pk): until for order in orders}
    session.create()
    return SimpleCookie({settings.SESSION_COOKIE_NAME: str(session.session_key)})


def _furnish(site: Site) -> None:
    """Make a row of what the stories have none of, so that the admin has a page of it."""
    for make in (
        ApprovalTierFactory,
        AppraisalFactory,
        SignOffFactory,
        SavedMappingFactory,
        DeliveryTermsFactory,
        TrackingMessageFactory,
        WatchFactory,
    ):
        make()
    MessageTemplate.objects.earliest("pk").save()
    EmailAddress.objects.create(user=site.world.staff["agent"], email="agent@lantern.example")
    TOTP.activate(UserFactory(), generate_totp_secret())


def _token(site: Site, *, revoked: bool = False) -> str:
    row, token = create_token("a program", scopes=[Scope.QUOTES], shop=None, lasts=None)
    if revoked:
        revoke(row, by=site.world.staff["administrator"])
    return token


def _cookies(site: Site, who: str) -> SimpleCookie:
    client = Client()
    if who == "owner":
        return entered(Order.objects.exclude(pk=site.stranger.pk))
    if who == "other shopper":
        return entered([site.stranger])
    if who in ROLES:
        client.force_login(site.world.staff[who], backend=BACKEND)
    if who == "deactivated":
        user = UserFactory(role="administrator", is_staff=True, is_superuser=True)
        client.force_login(user, backend=BACKEND)
        user.is_active = False  # its session is still there
        user.save()
    return client.cookies
