"""Looking an order up tells nobody whether it is there: the same bytes, headers, statements, writes and mails."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from signoff.lookup.actions import request_code as careful
from signoff.lookup.rate_limit import LIMITS
from signoff.models import Attempt, EntryCode, Order, Shop
from tests.factories import OrderFactory, ShopFactory
from tests.steps.order_lookup import look_up

pytestmark = pytest.mark.django_db
LANGUAGES = ("en", "zh-hans", "zh-hant")
RANDOM = re.compile(rb"[A-Za-z0-9]{64}|nonce=\S+")


@dataclass(frozen=True)
class Asked:
    """One look-up as somebody outside and somebody at the database would see it."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    next_page: bytes
    cookies: tuple[str, ...]
    statements: tuple[str, ...]
    rows: tuple[int, int]
    mails: int


def spellings(number: str, email: str) -> dict[str, tuple[str, str]]:
    """The same look-up, written in the ways that people and their telephones write."""
    wide = {ord(letter): ord(letter) + 0xFEE0 for letter in map(chr, range(0x21, 0x7F))}
    return {
        "as printed": (number, email),
        "capitals": (number.upper(), email.upper()),
        "small": (number.lower(), email.lower()),
        "spaces": (f"  {number} ", f" {email}  "),
        "with a hash": (f"#{number}", email),
        "with a word": (f"Order No. {number}", email),
        "with a sign": (f"№{number}", email),
        "without the dash": (number.replace("-", ""), email),
        "with spaces for the dash": (number.replace("-", " "), email),
        "full width": (number.translate(wide), email.translate(wide)),
        "ideographic space": (f"\u3000{number}\u3000", f"{email}\u3000"),
    }


@pytest.fixture
def order() -> Order:
    return OrderFactory(number="L-71003", customer__email="anna.schmidt@shopper.example")


@pytest.fixture
def tellings(order: Order) -> dict[str, tuple[str, str]]:
    """Hit, near misses and miss."""
    other = OrderFactory(number="L-71004", customer__email="ben.fischer@shopper.example")
    return {
        "hit": (order.number, order.customer.email),
        "right order, another's address": (order.number, other.customer.email),
        "right address, another's order": (other.number, order.customer.email),
        "right order, unknown address": (order.number, "nobody.there@shopper.example"),
        "unknown order, right address": ("L-99999", order.customer.email),
        "nothing right": ("L-99999", "nobody.there@shopper.example"),
        "hit by telephone": (order.number, order.customer.phone),
        "right order, another's telephone": (order.number, other.customer.phone),
        "nothing right by telephone": ("L-99999", "+49 40 777 0000"),
    }


def observe(number: str, email: str, *, language: str = "en", start: str = "/") -> Asked:
    """Look up in a fresh browser; what was typed is masked wherever it is shown again."""
    client = Client(headers={"Accept-Language": language})
    client.get(start)
    mails = len(mail.outbox)
    with CaptureQueriesContext(connection) as queries:
        response = look_up(client, number, email, start=start)
    statements = tuple(re.sub(r"'[^']*'|\d+|NULL", "?", query["sql"]) for query in queries)  # the next request clears
    typed = [text.strip() for text in (number, email, unicodedata.normalize("NFKC", email))]
    return Asked(
        response.status_code,
        tuple(sorted((name, value) for name, value in response.headers.items() if name not in ("Set-Cookie", "Date"))),
        masked(response, typed),
        masked(client.get("/code/"), typed),
        tuple(sorted(client.cookies)),
        statements,
        (EntryCode.objects.count(), Attempt.objects.count()),
        len(mail.outbox) - mails,
    )


def masked(response: HttpResponse, typed: list[str]) -> bytes:
    body = RANDOM.sub(b"", response.content)
    for text in typed:
        body = body.replace(text.encode(), b"")
    return body


def differing(tellings: dict[str, tuple[str, str]], *, language: str = "en", start: str = "/") -> list[str]:
    """Which of the look-ups differ from the hit, in what."""
    seen = {}
    for name, (number, email) in tellings.items():
        forget()
        seen[name] = observe(number, email, language=language, start=start)
    hit = seen["hit"]
    return [
        f"{name}: {part}"
        for name, asked in seen.items()
        for part in Asked.__dataclass_fields__
        if getattr(asked, part) != getattr(seen["hit by telephone"] if "telephone" in name else hit, part)
    ]


def forget() -> None:
    EntryCode.objects.all().delete()
    Attempt.objects.all().delete()


def test_hit_near_miss_and_miss_cannot_be_told_apart(
    tellings: dict[str, tuple[str, str]], size: Callable[[int, int], int], figure: Callable[..., None]
) -> None:
    compared, found = 0, []
    for language in LANGUAGES[: size(1, 3)]:
        for spelling in spellings("", ""):
            spelt = {name: spellings(*telling)[spelling] for name, telling in tellings.items()}
            compared += len(spelt)
            found += [f"{spelling}, {language}, {what}" for what in differing(spelt, language=language)]
    assert found == []
    told = f"{compared} look-ups: status, headers, bytes, cookies, statements, rows and mails compared"
    figure("Closed", "differences between hit and miss", len(found), "", "= 0", told)


def test_the_start_page_of_one_shop_tells_nothing_about_its_orders_nor_about_those_of_others(
    tellings: dict[str, tuple[str, str]], order: Order
) -> None:
    elsewhere = OrderFactory(shop=ShopFactory(slug="elsewhere", name="Elsewhere"), number="L-71005")
    tellings |= {"an order of another shop": (elsewhere.number, elsewhere.customer.email)}
    assert differing(tellings, start=f"/s/{order.shop.slug}/") == []


@pytest.mark.parametrize("spelling", spellings("", ""))
def test_every_spelling_finds_the_order(order: Order, spelling: str) -> None:
    number, email = spellings(order.number, order.customer.email)[spelling]
    assert look_up(Client(), number, email).status_code == 302
    assert EntryCode.objects.get().order == order


@pytest.mark.parametrize(
    ("number", "email"),
    [("L-71003", "not-an-address"), ("", "anna.schmidt@shopper.example"), ("L-71003", ""), ("x" * 81, "a@b.example"),
     ("L-71003\x00", "anna.schmidt@shopper.example"), ("L-71003", "a@b@c.example"), ("L-71003", "x" * 300)],
)  # fmt: skip
def test_what_cannot_be_read_is_answered_without_looking(order: Order, number: str, email: str) -> None:
    """The same sentence whether or not the other half is right, and no row."""
    asked = observe(number, email)
    same = observe(number.replace("71003", "99999"), email.replace("anna.schmidt", "nobody.there"))
    assert asked.status == same.status == 200
    assert (asked.body, asked.statements, asked.rows) == (same.body, same.statements, (0, 0))
    assert "signoff_order" not in "".join(asked.statements)


def only_rows_for_hits(number: str, contact: str, *, browser: str, machine: str, shop: Shop | None) -> None:
    if found := Order.objects.bought_by(number, contact).first():
        EntryCode.objects.create(order=found, browser_hash="x", created_at=timezone.now(), expires_at=timezone.now())


def mail_at_once(number: str, contact: str, *, browser: str, machine: str, shop: Shop | None) -> None:
    careful(number, contact, browser=browser, machine=machine, shop=shop)
    if Order.objects.bought_by(number, contact).exists():
        mail.send_mail("Your code", "", None, [contact])


def order_first(number: str, contact: str, *, browser: str, machine: str, shop: Shop | None) -> None:
    if Order.objects.filter(number=number).exists():
        careful(number, contact, browser=browser, machine=machine, shop=shop)


@pytest.mark.parametrize(
    ("fault", "shows"),
    [(only_rows_for_hits, "rows"), (mail_at_once, "mails"), (order_first, "statements")],
)
def test_a_careless_look_up_is_found(
    tellings: dict[str, tuple[str, str]], monkeypatch: pytest.MonkeyPatch, fault: Any, shows: str
) -> None:
    monkeypatch.setattr("signoff.lookup.views.request_code", fault)
    assert any(what.endswith(f": {shows}") for what in differing(tellings))


STRANGER, SHOPPER = "203.0.113.7", "198.51.100.250"


def tried_out(kind: str) -> HttpResponse:
    """Use up one limit and no other: of the order, of the contact, of the address, all from the stranger's address."""
    for n in range(LIMITS[kind].free + 1):
        number = "L-71003" if kind == "order" else f"L-{n}"
        email = "anna@shopper.example" if kind == "contact" else f"a{n}@shopper.example"
        response = look_up(Client(), number, email, REMOTE_ADDR=STRANGER)
    return response


@pytest.mark.parametrize("kind", LIMITS)
def test_each_limit_bites_outlives_the_cache_and_reaches_nobody_elsewhere(order: Order, kind: str) -> None:
    assert tried_out(kind).status_code == 429
    cache.clear()
    number = "L-71003" if kind == "order" else "L-500"
    email = "anna@shopper.example" if kind == "contact" else "fresh@shopper.example"
    assert look_up(Client(), number, email, REMOTE_ADDR=STRANGER).status_code == 429
    assert look_up(Client(), number, email, REMOTE_ADDR=SHOPPER).status_code == 302


def test_another_spelling_is_the_same_order_to_the_limit(order: Order) -> None:
    for n in range(LIMITS["order"].free):
        number = list(spellings(order.number, "").values())[n % 5][0]
        assert look_up(Client(), number, f"a{n}@shopper.example").status_code == 302
    assert look_up(Client(), "l 71003", "b@shopper.example").status_code == 429


def test_the_limit_is_the_same_for_what_is_not_there(order: Order) -> None:
    """Where a limit begins must not tell either."""
    counts = []
    for number, email in ((order.number, order.customer.email), ("L-99999", "nobody.there@shopper.example")):
        forget()
        statuses = [look_up(Client(), number, email).status_code for _ in range(LIMITS["contact"].free + 1)]
        counts.append(statuses)
    assert counts[0] == counts[1] == [302] * LIMITS["contact"].free + [429]
