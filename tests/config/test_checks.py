import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from config import checks
from signoff.web.access import public, staff


def a_page() -> Callable[[HttpRequest], HttpResponse]:
    def page(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    return page


def addressbook(*patterns: Any) -> Any:
    return patterns


def complaints() -> list[str | None]:
    return [error.id for error in checks.check_views_declare_access()]


def test_every_view_of_the_product_says_who_may_open_it() -> None:
    assert checks.check_views_declare_access() == []


@pytest.mark.parametrize("wrap", [public, staff("returns.review_case")])
def test_a_decorated_view_is_accepted(settings: Any, wrap: Callable[[Any], Any]) -> None:
    settings.ROOT_URLCONF = addressbook(path("page/", wrap(a_page())))
    assert complaints() == []


def test_a_view_that_declares_nothing_is_refused_by_name_and_address(settings: Any) -> None:
    settings.ROOT_URLCONF = addressbook(path("page/<number>/", a_page()))
    (error,) = checks.check_views_declare_access()
    assert error.id == "config.E001"
    assert "page at /page/<number>/ does not say who may open it" in error.msg


def test_a_view_deep_in_includes_is_found(settings: Any) -> None:
    settings.ROOT_URLCONF = addressbook(path("a/", include([path("b/", include([path("c/", a_page())]))])))
    assert complaints() == ["config.E001"]


def test_our_own_view_is_not_excused_by_standing_under_the_admin(settings: Any) -> None:
    settings.ROOT_URLCONF = addressbook(path("admin/report/", a_page()), path("admin/", admin.site.urls))
    assert complaints() == ["config.E001"]


@pytest.mark.parametrize(
    ("demo", "site_is_secure", "key", "expected"),
    [
        (False, True, "x" * 50, []),
        (False, True, "", ["config.E002"]),
        (True, True, "x" * 50, ["config.E003"]),
        (True, False, "", []),
    ],
)
def test_a_deployment_needs_a_key_and_is_no_demo(
    settings: Any, monkeypatch: pytest.MonkeyPatch, demo: bool, site_is_secure: bool, key: str, expected: list[str]
) -> None:
    monkeypatch.setenv("SECRET_KEY", key)
    settings.DEMO, settings.SECURE = demo, site_is_secure
    assert [error.id for error in [*checks.check_secret_key(), *checks.check_demo_is_off()]] == expected


@pytest.mark.parametrize(
    ("site_is_secure", "behind_proxy", "without_proxy", "expected"),
    [
        (True, False, False, ["config.E005"]),
        (True, True, False, []),
        (True, False, True, []),
        (False, False, False, []),
    ],
)
def test_with_https_it_is_said_who_ends_tls(
    settings: Any, site_is_secure: bool, behind_proxy: bool, without_proxy: bool, expected: list[str]
) -> None:
    settings.SECURE, settings.BEHIND_PROXY, settings.TLS_WITHOUT_PROXY = site_is_secure, behind_proxy, without_proxy
    assert [error.id for error in checks.check_proxy_is_named()] == expected


@pytest.mark.slow
@pytest.mark.parametrize(("said", "words"), [({}, "nothing says who ends TLS"), ({"BEHIND_PROXY": "1"}, "no issues")])
def test_a_deployment_is_checked_for_it(said: dict[str, str], words: str) -> None:
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SITE_URL": "https://shop.example",
        "ALLOWED_HOSTS": "shop.example",
        "EMAIL_URL": "smtp+tls://mail.shop.example:587",
        "SECRET_KEY": "".join(chr(97 + n % 26) + str(n) for n in range(50)),
    }
    environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(
        command, env=environment | said, cwd=django_settings.BASE_DIR, capture_output=True, text=True, check=False
    )
    assert (words in done.stdout + done.stderr, done.returncode == 0) == (True, bool(said)), done.stderr
