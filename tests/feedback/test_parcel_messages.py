"""Messages about parcels, listed, found and sent like those about cases."""

from datetime import timedelta
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.db import IntegrityError
from django.template import Context
from django.test import Client
from django.utils import timezone

from feedback.messages.outbox import send_again, send_due
from feedback.models import Message
from feedback.templatetags.feedback_panels import order_messages
from tests.factories import (
    CustomerFactory,
    MessageFactory,
    OrderFactory,
    ParcelFactory,
    ParcelMessageFactory,
    UserFactory,
    make_case,
)

pytestmark = pytest.mark.django_db


def signed_in(role: str = "manager") -> Client:
    client = Client()
    client.force_login(UserFactory(role=role))
    return client


def listed(query: str) -> set[int]:
    return {message.pk for message in signed_in().get(f"/desk/messages/{query}").context["page"].rows}


@pytest.mark.parametrize("both", [True, False])
def test_a_message_is_about_a_case_or_about_a_parcel(both: bool) -> None:
    with pytest.raises(IntegrityError, match="message_about_one_thing"):
        MessageFactory(
            case=make_case() if both else None,
            parcel=ParcelFactory() if both else None,
            language="en",
            to="anna@shopper.example",
        )


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_number_of_questions_with_parcels_in_it(
    count: int, django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("config.web.navigation._COUNTERS", {})  # what the sidebar counts is not this page's
    for _ in range(count):
        ParcelMessageFactory(status="failed")
        MessageFactory(status="failed")
    client = signed_in()
    client.get("/desk/messages/")
    with django_assert_num_queries(5):
        client.get("/desk/messages/")


def test_a_row_leads_to_the_order() -> None:
    message = ParcelMessageFactory()
    page = signed_in().get("/desk/messages/").content.decode()
    assert f'href="/desk/orders/{message.parcel.order.token}/">{message.parcel.order.number}<' in page


def test_messages_of_an_order_are_found_by_its_number_whichever_they_are_about() -> None:
    order = OrderFactory(number="#N-7001")
    about = {ParcelMessageFactory(parcel__order=order).pk, MessageFactory(case=make_case(order=order)).pk}
    elsewhere = ParcelMessageFactory(parcel__order=OrderFactory(number="N-70011"))

    assert listed("?q=%23n-7001") == about
    assert listed("?q=n-70011") == {elsewhere.pk}


def test_the_orders_page_shows_what_was_told_about_its_parcels() -> None:
    order = OrderFactory()
    ParcelMessageFactory(parcel__order=order, subject="Your parcel is late")
    MessageFactory(case=make_case(order=order), subject="Your request is here")

    page = signed_in("agent").get(f"/desk/orders/{order.token}/").content.decode()

    assert "Your parcel is late" in page
    assert "Your request is here" not in page
    assert f"/desk/messages/?q={order.number}" in page
    assert "Your parcel is late" not in signed_in("inspector").get(f"/desk/orders/{order.token}/").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_panel_asks_the_same_number_of_questions_however_much_was_told(
    count: int, django_assert_num_queries: Any
) -> None:
    order = OrderFactory()
    for _ in range(count):
        ParcelMessageFactory(parcel__order=order)
    rights = {"feedback": {"view_message": True}, "returns": {"review_case": False}}
    with django_assert_num_queries(3):
        shown = order_messages(Context({"perms": rights}), order)
    assert len(shown["messages"]) == count


def test_it_goes_out_from_the_shop_of_the_order() -> None:
    message = ParcelMessageFactory()
    assert send_due() == 1
    (letter,) = mail.outbox
    assert letter.to == [message.parcel.order.customer.email]
    assert letter.from_email == "Lantern & Loom <after-sales@localhost>"
    assert letter.extra_headers["Message-ID"] == f"<parcel_delivered.{message.parcel.token}.1@127.0.0.1>"


def test_what_the_mail_server_would_not_take_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    message, really_send = ParcelMessageFactory(), EmailMessage.send

    def refuse(letter: EmailMessage) -> int:
        monkeypatch.setattr(EmailMessage, "send", really_send)
        raise SMTPServerDisconnected("gone")

    monkeypatch.setattr(EmailMessage, "send", refuse)
    assert send_due() == 0
    assert Message.objects.get().failure == "gone"
    assert send_due(timezone.now() + timedelta(minutes=3)) == 1
    assert [letter.to for letter in mail.outbox] == [[message.to]]


def test_a_failed_one_is_sent_again_to_the_address_of_now() -> None:
    message = ParcelMessageFactory(status="failed")
    order = message.parcel.order
    order.customer = CustomerFactory(shop=order.shop, email="new@shopper.example")
    order.save()
    client = signed_in("agent")
    address = f"/desk/messages/parcel_delivered/{message.parcel.token}/1/again/"
    assert address in client.get("/desk/messages/").content.decode()

    answered = client.post(address)

    assert answered.url == f"/desk/messages/?q={order.number}"
    again = Message.objects.get()
    assert (again.status, again.to) == ("queued", "new@shopper.example")


def test_where_the_customer_is_forgotten_the_old_address_stays() -> None:
    message = ParcelMessageFactory(status="failed")
    order = message.parcel.order
    order.customer = None
    order.save()
    assert send_again(message, by=UserFactory(role="agent")).to == message.to
