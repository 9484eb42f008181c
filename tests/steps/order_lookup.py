"""A shopper looks an order up: order number, e-mail and the code from the mail."""

import re
from typing import Any

from django.core import mail
from django.http import HttpResponse
from django.test import Client

from signoff.lookup.codes import send_codes
from signoff.models import Order


def look_up(client: Client, number: str, email: str, *, start: str = "/", **extra: Any) -> HttpResponse:
    return client.post(start, {"number": number, "contact": email}, **extra)


def newest_code() -> str:
    """The six digits of the last mail, once the workers have sent what is due."""
    send_codes()
    return re.search(r"^ {4}(\d{6})$", mail.outbox[-1].body, re.MULTILINE)[1]


def newest_link() -> str:
    """The path of the link in the last mail."""
    send_codes()
    return re.search(r"https?://[^/]+(/enter/\S+)", mail.outbox[-1].body)[1]


def enter(client: Client, order: Order) -> Client:
    """Come in for ``order``; the client holds the entry afterwards."""
    look_up(client, order.number, order.customer.email)
    response = client.post("/code/", {"code": newest_code()})
    assert response.headers["Location"] == f"/orders/{order.token}/"
    return client
