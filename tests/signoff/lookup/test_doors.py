"""Shoppers without e-mail get in: by a text message to the order's telephone, or by a link that an agent makes."""

from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from signoff.lookup.actions import LINK_LIFETIME, enter_by_link, make_link
from signoff.lookup.codes import forget_entries, send_codes
from signoff.models import EntryCode, Order
from signoff.sms import NotSent, Refused, Text, international
from tests.factories import CustomerFactory, DestinationFactory, OrderFactory, UserFactory
from tests.steps.order_lookup import look_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def texts(settings: Any, tmp_path: Path) -> Any:
    """The text messages that were sent, oldest first."""
    settings.SMS = {"CHANNEL": "signoff.sms.files.FileChannel", "OPTIONS": {"folder": tmp_path / "sms"}}

    def read() -> list[EmailMessage]:
        send_codes()
        files = sorted((tmp_path / "sms").glob("*.log"), key=lambda file: file.stat().st_mtime_ns)
        return [message_from_bytes(file.read_bytes().split(b"\n----")[0], policy=default) for file in files]

    return read


@pytest.fixture
def order() -> Order:
    """An order of a marketplace: no e-mail address, a Chinese mobile number of the recipient."""
    order = OrderFactory(
        number="1098-2211", country="CN", customer=CustomerFactory(email="", phone="", language="zh-hans")
    )
    DestinationFactory(order=order, phone="138 0013 6620", country="CN")
    return order


def code_in(text: EmailMessage) -> str:
    return text.get_content()[:6]


@pytest.mark.parametrize("phone", ["13800136620", "+86 138 0013 6620", "0086-13800136620", "１３８００１３６６２０"])
def test_the_code_of_a_text_message_opens_the_order(client: Client, order: Order, texts: Any, phone: str) -> None:
    look_up(client, "10982211", phone)
    [text] = texts()
    assert text["To"] == "+8613800136620"
    assert client.post("/code/", {"code": code_in(text)}).headers["Location"] == f"/orders/{order.token}/"
    assert mail.outbox == []


def test_the_text_is_in_the_shoppers_language_and_names_the_shop(client: Client, order: Order, texts: Any) -> None:
    look_up(client, order.number, "13800136620")
    words = texts()[0].get_content()
    assert "验证码" in words
    assert order.shop.name in words


def test_the_code_goes_to_the_stored_number_that_was_typed(client: Client, texts: Any) -> None:
    order = OrderFactory(customer__phone="040 555 0001", country="DE")
    DestinationFactory(order=order, phone="+44 20 7946 0958")
    look_up(client, order.number, "+4940 5550001")
    look_up(Client(), order.number, "020 7946 0958")
    assert [text["To"] for text in texts()] == ["+49405550001", "+442079460958"]


@pytest.mark.parametrize("phone", ["6620", "00136621", "+86 139 0013 6620"])
def test_another_or_a_shortened_number_gets_no_text(client: Client, order: Order, texts: Any, phone: str) -> None:
    look_up(client, order.number, phone)
    assert texts() == []


def test_what_is_neither_address_nor_number_gets_a_sentence(client: Client) -> None:
    for typed in ("Anna", "12345", "anna at shopper", "+49"):
        page = look_up(client, "L-1", typed)
        assert page.status_code == 200
        assert "name@example.com, or a mobile number" in page.text
        assert f'value="{typed}"' in page.text


def test_the_next_page_says_where_the_code_would_be(client: Client, order: Order) -> None:
    look_up(client, order.number, "13800136620")
    page = client.get("/code/").text
    assert "Check your text messages" in page
    assert "13800136620" in page
    assert "one-time link" in page
    look_up(client, order.number, "anna@shopper.example")
    assert "Check your e-mail" in client.get("/code/").text


def test_a_number_that_cannot_exist_costs_one_try_and_says_nothing(client: Client, texts: Any, caplog: Any) -> None:
    order = OrderFactory(customer__phone="123456789012345678", country="DE")
    look_up(client, order.number, "123456789012345678")
    assert texts() == []
    assert not EntryCode.objects.filter(sent_at=None).exists()
    assert "123456789" not in caplog.text


class Broken:
    """A provider that is down."""

    def send(self, text: Text) -> None:
        raise NotSent("busy")


class Closed:
    """A provider that will not send."""

    def send(self, text: Text) -> None:
        raise Refused("no credit")


@pytest.mark.parametrize(("channel", "waiting"), [("Broken", True), ("Closed", False)])
def test_a_provider_that_is_down_is_asked_again_one_that_refuses_is_not(
    client: Client, order: Order, settings: Any, channel: str, waiting: bool
) -> None:
    settings.SMS = {"CHANNEL": f"{__name__}.{channel}", "OPTIONS": {}}
    look_up(client, order.number, "13800136620")
    assert send_codes() == 0
    assert EntryCode.objects.filter(sent_at=None).exists() is waiting


@pytest.mark.parametrize(
    ("number", "country", "expected"),
    [
        ("138 0013 6620", "CN", "+8613800136620"),
        ("+86 138 0013 6620", "DE", "+8613800136620"),
        ("0151 2345678", "DE", "+491512345678"),
        ("0912-345-678", "TW", "+886912345678"),
        ("1", "DE", ""),
        ("123456789012345678", "DE", ""),
        ("", "DE", ""),
        ("call me", "", ""),
    ],
)
def test_numbers_in_the_form_of_providers(number: str, country: str, expected: str) -> None:
    assert international(number, country) == expected


def test_an_agents_link_opens_the_order_once_in_the_first_browser(client: Client, order: Order) -> None:
    client.force_login(UserFactory(role="agent"))
    page = client.post(f"/desk/orders/{order.token}/entry-link/")
    assert "no-store" in page.headers["Cache-Control"]
    path = page.context["link"].partition("/enter/")[2]
    shopper, second = Client(), Client()
    assert "View order" in shopper.get(f"/enter/{path}").text
    assert shopper.post(f"/enter/{path}").headers["Location"] == f"/orders/{order.token}/"
    assert shopper.get(f"/orders/{order.token}/").status_code == 200
    assert second.post(f"/enter/{path}").status_code == 403
    assert second.get(f"/orders/{order.token}/").status_code == 302


def test_opening_the_page_of_a_link_does_not_use_it_up(order: Order) -> None:
    """Chat programs open links to draw a preview."""
    path = f"/enter/{make_link(order, by=UserFactory(role='agent'))}/"
    Client().get(path)
    assert Client().post(path).status_code == 302


def test_a_link_expires(order: Order) -> None:
    now = timezone.now()
    token = make_link(order, by=UserFactory(role="agent"), now=now)
    assert enter_by_link(token, browser="b", now=now + LINK_LIFETIME).order is None
    assert enter_by_link(token, browser="b", now=now + LINK_LIFETIME - timedelta(seconds=1)).order == order


def test_a_link_outlives_the_sweep_and_goes_when_it_has_expired(order: Order) -> None:
    now = timezone.now()
    make_link(order, by=UserFactory(role="agent"), now=now - LINK_LIFETIME + timedelta(minutes=1))
    forget_entries(now)
    assert EntryCode.objects.count() == 1
    forget_entries(now + timedelta(minutes=2))
    assert EntryCode.objects.count() == 0


@pytest.mark.parametrize("role", ["inspector", "finance"])
def test_only_those_who_talk_with_shoppers_make_links(client: Client, order: Order, role: str) -> None:
    client.force_login(UserFactory(role=role))
    assert client.post(f"/desk/orders/{order.token}/entry-link/").status_code == 403
    assert "entry-link" not in client.get(f"/desk/orders/{order.token}/").text
