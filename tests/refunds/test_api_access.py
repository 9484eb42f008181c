"""The start-up check reads each operation's own declaration; one that asks for no token does not start."""

from typing import Any

import pytest
from django.http import HttpRequest
from django.test import Client
from django.urls import path
from ninja import NinjaAPI, Router
from ninja.security import HttpBearer

from config.api.access import declare_access
from config.checks import check_views_declare_access, iter_views
from config.web.third_party_access import access_of
from signoff.api.auth import TokenAuth
from signoff.models import Scope
from signoff.web.access import Access


class AnyBearer(HttpBearer):
    """Somebody's own idea of a token."""

    def authenticate(self, request: HttpRequest, token: str) -> str:
        return token


def complaints(settings: Any, **options: Any) -> list[str]:
    """What the check says of an API with one operation that wears ``options``."""
    router = Router()

    @router.post("/things", **options)
    def make_thing(request: HttpRequest) -> dict[str, str]:
        return {}

    api = NinjaAPI(urls_namespace="things", docs_url=None)
    api.add_router("", router)
    patterns, app_name, namespace = api.urls
    settings.ROOT_URLCONF = (path("api/", (declare_access(patterns), app_name, namespace)),)
    return [error.msg for error in check_views_declare_access()]


def test_an_operation_with_a_scope_is_accepted(settings: Any) -> None:
    assert complaints(settings, auth=TokenAuth(Scope.QUOTES)) == []


@pytest.mark.parametrize(
    "options", [{}, {"auth": None}, {"auth": AnyBearer()}, {"auth": [TokenAuth(Scope.QUOTES), AnyBearer()]}]
)
def test_an_operation_that_lets_others_in_is_refused(settings: Any, options: dict[str, Any]) -> None:
    (complaint,) = complaints(settings, **options)
    assert "/api/things does not say who may open it" in complaint


def test_every_address_of_the_api_says_what_it_asks_for() -> None:
    declared = {address: access_of(view, address) for address, view in iter_views() if address.startswith("api/v1/")}
    assert declared == {
        "api/v1/openapi.json": Access("public"),
        "api/v1/quotes": Access("api", "quotes"),
        "api/v1/": Access("public"),
    }


def test_only_programs_are_free_of_the_forms_own_protection() -> None:
    """They prove themselves by token or signature; the upload asks for a form's token once its size is bounded."""
    free = {address for address, view in iter_views() if getattr(view, "csrf_exempt", False)}
    hooks = {"hooks/tracking/<slug:provider>/", "hooks/mail/<slug:provider>/"}
    assert free == {"api/v1/quotes", "desk/imports/new/"} | hooks


@pytest.mark.django_db
def test_above_the_operations_there_is_no_page(client: Client) -> None:
    assert client.get("/api/v1/").status_code == 404
    assert client.get("/api/v1/nothing").status_code == 404
