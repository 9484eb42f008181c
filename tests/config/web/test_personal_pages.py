"""Personal pages are stored by no cache, and inspectors see no address, over every URL of the resolver."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import resolve

from config.web.middleware import PersonalPages
from config.web.third_party_access import access_of
from signoff.models import Customer, Destination, Order
from tests.proof.access.clients import Site, open_site
from tests.proof.access.requests import quiet
from tests.proof.access.urls import addresses, paths

HIDDEN, PHONE = "Hidden-marker", "+49 40 5550199"
#: public pages that are the same for everybody, and pictures, which the browser asks for again each time
SAME_FOR_ALL = {"signoff:find", "alive", "ready", "set-theme", "set_language", "demo:look", "demo:look-portal"}
OF_A_SHOP = {"signoff:find-in-shop", "signoff:brand-css", "signoff:brand-logo"}
PICTURES = {
    "signoff:link-photo", "signoff:delivery-photo", "returns:evidence", "inspection:photo", "inspection:unknown-photo",
    "feedback:attachment",
}  # fmt: skip


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker: Any) -> Iterator[Site]:
    with open_site(django_db_blocker) as opened, quiet():
        Customer.objects.update(address=f"{HIDDEN} street", email="hidden-marker@shopper.example", phone=PHONE)
        Destination.objects.all().delete()
        Destination.objects.bulk_create(
            Destination(order=order, name="Paul", street=f"{HIDDEN} lane", city=f"{HIDDEN} city", postcode="99881",
                        phone=PHONE)
            for order in Order.objects.all()
        )  # fmt: skip
        Customer.objects.filter(pk=Customer.objects.earliest("pk").pk).update(name="")
        yield opened


def pages(site: Site) -> Iterator[tuple[str, str]]:
    """Name and path of every page outside the admin that a GET may open."""
    for address in addresses():
        if address.route.startswith(("admin/", "api/")) or not address.name:
            continue
        for path in paths(address, site.world):
            yield address.name, path


def test_every_personal_page_says_that_no_cache_may_store_it(site: Site) -> None:
    wrong, seen = [], 0
    clients = [Client(raise_request_exception=False)]
    for role in ("agent", "manager", "administrator"):
        client = Client(raise_request_exception=False)
        client.force_login(site.world.staff[role], backend=settings.AUTHENTICATION_BACKENDS[0])
        clients.append(client)
    for name, path in pages(site):
        match = resolve(path)
        access = access_of(match.func, match.route)
        personal = access.kind != "public" or (bool(match.kwargs) and name not in OF_A_SHOP) or name == "signoff:code"
        for client in clients:
            response = client.get(path)
            response.close()
            header = response.headers.get("Cache-Control", "")
            sealed = "private" in header and ("no-store" in header or (name in PICTURES and "no-cache" in header))
            seen += 1
            if personal > sealed or (name in SAME_FOR_ALL and header):
                wrong.append((name, path, header))
    assert wrong == []
    assert seen > 300


def test_a_page_without_declared_access_counts_as_personal() -> None:
    request = RequestFactory().get("/desk/cases/")
    request.resolver_match = resolve("/desk/cases/")
    assert access_of(request.resolver_match.func, request.resolver_match.route).kind == "staff"
    answered = PersonalPages(lambda request: HttpResponse("page"))(request)
    assert answered["Cache-Control"] == "private, no-store"


def test_inspectors_see_no_address_on_any_page(site: Site) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(site.world.staff["inspector"], backend=settings.AUTHENTICATION_BACKENDS[0])
    leaks, opened = shown(client, site)
    assert leaks == []
    assert opened > 15


def test_agents_see_them(site: Site) -> None:
    """The control: the same pages do hold the markers."""
    client = Client(raise_request_exception=False)
    client.force_login(site.world.staff["agent"], backend=settings.AUTHENTICATION_BACKENDS[0])
    leaks, _opened = shown(client, site)
    found = {name for name, _path in leaks}
    assert found >= {"signoff:order-desk", "signoff:order-list", "returns:case", "returns:search"}


def shown(client: Client, site: Site) -> tuple[list[tuple[str, str]], int]:
    """Pages with an address of a shopper, and how many could be opened."""
    leaks, opened = [], 0
    more = [("returns:search", f"/desk/search/?q={words}") for words in ("L-", "Anna", "R-1", "Paul", "a")]
    more += [("signoff:order-list", "/desk/orders/?q=a"), ("returns:case-list", "/desk/cases/?tab=all")]
    for name, path in [*pages(site), *more]:
        if name.startswith(("demo:", "signoff:link-photo")):
            continue
        response = client.get(path)
        opened += response.status_code == 200
        body = b"".join(response.streaming_content) if response.streaming else response.content
        response.close()
        if any(text in body for text in (HIDDEN.encode(), b"hidden-marker@", b"5550199", b"99881")):
            leaks.append((name, path))
    return leaks, opened
