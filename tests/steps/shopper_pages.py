"""What a shopper does on the pages."""

import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.core import mail
from django.utils import timezone
from playwright.sync_api import Page, expect

from signoff.lookup.session import KEY
from signoff.models import Order
from tests.steps.order_lookup import newest_code


def heading(page: Page, words: str) -> None:
    """The page that the shopper or anybody else is on."""
    expect(page.get_by_role("heading", level=1)).to_contain_text(words)


def find_order(page: Page, order: Order, *, code: Callable[[], str] = newest_code) -> None:
    """Come in by order number, e-mail address and the ``code`` from the mail."""
    page.goto("/")
    page.get_by_label("Order number").fill(order.number)
    page.get_by_label("E-mail address or mobile number").fill(order.customer.email)
    page.get_by_role("button", name="Send code").click()
    heading(page, "Check your e-mail")
    page.get_by_label("Six-digit code").fill(code())
    page.get_by_role("button", name="View order").click()
    heading(page, f"Order {order.number}")


def pick(page: Page, title: str, *, quantity: int | None = None) -> None:
    """Choose an item from the page of the order, and how many where several were bought."""
    page.get_by_role("link", name="Return or report a problem").click()
    heading(page, "Which items is it about?")
    page.get_by_role("checkbox", name=title).check()
    if quantity:
        page.get_by_label(f"How many? {title}").fill(str(quantity))
    page.get_by_role("button", name="Continue").click()


def describe(page: Page, *, reason: str, wish: str, words: str, photos: Sequence[Path] = ()) -> None:
    """Say what is the matter and what is wanted. Each photo appears as soon as it is chosen."""
    heading(page, "What's wrong?")
    page.get_by_label("What's wrong?").select_option(label=reason)
    page.get_by_text(wish, exact=True).click()
    page.get_by_label("Describe the problem").fill(words)
    for count, path in enumerate(photos, start=1):
        page.get_by_label("Photos", exact=True).set_input_files(path)
        expect(page.get_by_role("img", name=f"Photo {count}")).to_be_visible()
    page.get_by_role("button", name="Continue").click()


def send(page: Page) -> str:
    """Send the request off and return the number of the case."""
    heading(page, "Check and submit")
    page.get_by_role("button", name="Submit request").click()
    heading(page, "Request R-")
    return re.search(r"R-\d+-\d", page.get_by_role("heading", level=1).inner_text())[0]


def open_case(page: Page, number: str) -> None:
    page.goto(f"/cases/{number}/")
    heading(page, f"Request {number}")


def mails(order: Order) -> str:
    """Everything that the shopper was written, the oldest first."""
    return "\n".join(
        f"{letter.subject}\n{letter.body}" for letter in mail.outbox if letter.to == [order.customer.email]
    )


def come_back(page: Page, order: Order, url: str) -> None:
    """Be in already, as somebody who entered the code a while ago."""
    session = SessionStore()
    session[KEY] = {str(order.pk): (timezone.now() + timedelta(hours=1)).isoformat()}
    session.create()
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session.session_key, "url": url}
    page.context.add_cookies([cookie])
