"""Whatever the answer, it comes sealed: policy, cookies, no way out to another site, nothing told about the server."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import gunicorn
import pytest
from django.conf import settings as house_settings
from django.core import mail
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client
from psycopg.errors import LockNotAvailable

from signoff.web.access import public
from tests.factories import OrderFactory, UserFactory
from tests.proof.access.requests import quiet
from tests.proof.access.urls import addresses
from tests.steps.order_lookup import look_up

pytestmark = pytest.mark.django_db
DEPLOYED = {"SITE_URL": "https://shop.example", "ALLOWED_HOSTS": "shop.example", "BEHIND_PROXY": "1"}
TOLD = """
import json
from config import settings
names = [name for name in dir(settings) if name.startswith(("SECURE_", "SESSION_", "CSRF_", "LANGUAGE_COOKIE"))]
names += ["ALLOWED_HOSTS", "SITE_URL", "X_FRAME_OPTIONS", "DEBUG"]
print(json.dumps({name: getattr(settings, name) for name in names}, default=str))
"""
ELSEWHERE = [
    "https://evil.example/", "//evil.example/", "/\\evil.example/", "https:evil.example", "///evil.example",
    "javascript:alert(1)", "https://shop.example@evil.example/", "https://shop.example.evil.example/", "\thttps://evil.example",
]  # fmt: skip


@pytest.fixture(scope="module")
def deployed() -> dict[str, Any]:
    """The settings as they are behind a proxy on https, read by a process of its own."""
    told = subprocess.run(
        [sys.executable, "-c", TOLD], env=os.environ | DEPLOYED, cwd=house_settings.BASE_DIR,
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return json.loads(told.stdout)


@pytest.fixture
def client(deployed: dict[str, Any], settings: Any) -> Client:
    for name, value in deployed.items():
        setattr(settings, name, tuple(value) if name == "SECURE_PROXY_SSL_HEADER" else value)
    return a_browser()


def a_browser(**options: Any) -> Client:
    headers = {"Host": "shop.example", "X-Forwarded-Proto": "https"}
    return Client(raise_request_exception=False, headers=headers, **options)


@pytest.fixture
def plant(monkeypatch: pytest.MonkeyPatch) -> Callable[[Exception], None]:
    """The page to find an order by fails as it is told to."""

    def failing(error: Exception) -> None:
        def view(request: HttpRequest) -> HttpResponse:
            raise error

        pattern = next(address.pattern for address in addresses() if address.name == "signoff:code")
        monkeypatch.setattr(pattern, "callback", public(view))

    return failing


def busy() -> OperationalError:
    error = OperationalError("canceling statement")
    error.__cause__ = LockNotAvailable()
    return error


#: what was asked, and the answer it gets
ANSWERS: dict[int, Callable[[Client], Any]] = {
    200: lambda client: client.get("/"),
    302: lambda client: client.get("/orders/"),
    400: lambda client: client.get("/", headers={"Host": "evil.example"}),
    401: lambda client: client.post("/api/v1/quotes", "{}", content_type="application/json"),
    403: lambda client: a_browser(enforce_csrf_checks=True).post("/"),
    404: lambda client: client.get("/nowhere/"),
    405: lambda client: client.put("/"),
    429: lambda client: [look_up(client, "L-1", "a@b.example") for _ in range(7)][-1],
}
BROKEN: dict[int, Callable[[], Exception]] = {500: lambda: RuntimeError("secret words"), 409: busy}


def faults(response: Any) -> list[str]:
    """What an answer lacks, or tells."""
    policy = response.headers.get("Content-Security-Policy", "")
    found = [] if "default-src 'none'" in policy and "unsafe" not in policy else [f"policy {policy!r}"]
    wanted = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"}
    found += [f"{name} {response.headers.get(name)}" for name in wanted if response.headers.get(name) != wanted[name]]
    if "max-age=31536000" not in response.headers.get("Strict-Transport-Security", ""):
        found.append("no HSTS")
    if told := {"Server", "X-Powered-By", "Via"} & set(response.headers):
        found.append(f"tells {sorted(told)}")
    for cookie in response.cookies.values():
        if not (cookie["secure"] and cookie["httponly"] and cookie["samesite"] in ("Lax", "Strict")):
            found.append(f"cookie {cookie.output()}")
    body = response.content.decode(errors="replace")
    return found + [f"says {word}" for word in ("Traceback", "secret words", "Django/", "evil.example") if word in body]


@pytest.mark.parametrize("status", ANSWERS)
def test_every_kind_of_answer_is_sealed(client: Client, status: int) -> None:
    with quiet():
        response = ANSWERS[status](client)
    assert (response.status_code, faults(response)) == (status, [])


@pytest.mark.parametrize("status", BROKEN)
def test_a_failure_is_sealed_and_tells_nothing(client: Client, plant: Callable[..., None], status: int) -> None:
    plant(BROKEN[status]())
    with quiet():
        response = client.get("/code/")
    assert (response.status_code, faults(response)) == (status, [])


def test_too_large_a_body_is_refused_and_sealed(client: Client) -> None:
    with quiet():
        response = client.post("/", "a=" + "x" * (house_settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1),
                               content_type="application/x-www-form-urlencoded")  # fmt: skip
    assert response.status_code in (400, 413)
    assert faults(response) == []


WRITTEN_BY = {
    "/i18n/setlang/": {"language": "zh-hans"},
    "/theme/": {"theme": "dark"},
    "/": {"number": "1", "contact": "a@b.example"},
}


@pytest.mark.parametrize(("path", "sent"), WRITTEN_BY.items())
def test_every_cookie_is_sealed(client: Client, path: str, sent: dict[str, str]) -> None:
    response = client.post(path, sent)
    assert response.cookies
    assert faults(response) == []


def test_an_unsealed_answer_is_found(client: Client, settings: Any) -> None:
    settings.SECURE_CSP, settings.SECURE_HSTS_SECONDS = {}, 0
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    assert {fault.split()[0] for fault in faults(a_browser().get("/"))} == {"policy", "no", "cookie"}


def test_what_is_asked_over_http_is_led_to_https(client: Client) -> None:
    response = client.get("/orders/", headers={"X-Forwarded-Proto": "http"})
    assert response.headers["Location"] == "https://shop.example/orders/"


def test_the_server_tells_no_version() -> None:
    assert not any(letter.isdigit() for letter in gunicorn.SERVER)


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_no_parameter_leads_to_another_site(client: Client, elsewhere: str) -> None:
    user = UserFactory(role="administrator", is_staff=True)
    account = {"login": user.username, "username": user.username, "password": "correct horse"}
    tried = [
        a_browser().post("/accounts/login/", account | {"next": elsewhere}),
        a_browser().post("/accounts/login/", account, query_params={"next": elsewhere}),
        a_browser().post("/admin/login/", account | {"next": elsewhere}, query_params={"next": elsewhere}),
        a_browser().post("/theme/", {"theme": "dark", "next": elsewhere}),
        a_browser().post("/i18n/setlang/", {"language": "en", "next": elsewhere}),
        a_browser().post("/i18n/setlang/", {"language": "en"}, headers={"Referer": elsewhere}),
    ]
    inside = a_browser()
    inside.force_login(user, backend=house_settings.AUTHENTICATION_BACKENDS[0])
    tried += [inside.get("/accounts/login/", {"next": elsewhere})]
    tried += [inside.post("/accounts/logout/", {"next": elsewhere}, query_params={"next": elsewhere})]
    assert [response.status_code for response in tried] == [302] * len(tried)
    for response in tried:
        assert response.headers["Location"].startswith("/")
        assert "evil" not in response.headers["Location"].partition("?")[0]
        assert "javascript" not in response.headers["Location"]


def test_a_page_wanted_before_entry_is_one_of_ours(client: Client) -> None:
    order = OrderFactory()
    for path in ("//evil.example/orders/x/", f"//evil.example/../orders/{order.token}/"):
        response = client.get(path)
        assert not response.headers.get("Location", "/").startswith("//")
    assert "wanted_page" not in client.session or client.session["wanted_page"].startswith("/orders/")


def test_another_host_is_refused_and_shown_nowhere(client: Client) -> None:
    with quiet():
        for headers in ({"Host": "evil.example"}, {"Host": "shop.example:443@evil.example"}):
            assert client.get("/", headers=headers).status_code == 400
    user = UserFactory(email="agent@lantern.example")
    forged = {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    assert client.post("/accounts/password/reset/", {"email": user.email}, headers=forged).status_code == 302
    assert "evil.example" not in str(mail.outbox[-1].message())
    assert "https://shop.example/" in mail.outbox[-1].body
