"""Every door by which a shopper gets in: e-mail, telephone, and a link from an agent; in English and Chinese."""

from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from signoff.lookup.codes import send_codes
from signoff.models import Order
from tests.steps.browser_users import People
from tests.steps.order_lookup import newest_code
from tests.steps.shopper_pages import heading


@dataclass(frozen=True)
class Words:
    """What the pages say in one language."""

    locale: str
    number: str
    contact: str
    ask: str
    code: str
    enter: str
    by_mail: str
    by_text: str
    order: str


ENGLISH = Words(
    "en", "Order number", "E-mail address or mobile number", "Send code", "Six-digit code", "View order",
    "Check your e-mail", "Check your text messages", "Order",
)  # fmt: skip
CHINESE = Words(
    "zh-Hans", "订单号", "下单手机号或邮箱", "获取验证码", "6 位验证码", "查看订单", "请查收邮件", "请查看短信", "订单",
)  # fmt: skip
both = pytest.mark.parametrize("words", [ENGLISH, CHINESE], ids=["en", "zh-hans"])


def ask(page: Page, words: Words, order: Order, contact: str) -> None:
    page.goto("/")
    page.get_by_label(words.number).fill(f"#{order.number.lower()}")
    page.get_by_label(words.contact).fill(contact)
    page.get_by_role("button", name=words.ask).click()


def enter(page: Page, words: Words, code: str, order: Order) -> None:
    page.get_by_label(words.code).fill(code)
    page.get_by_role("button", name=words.enter).click()
    heading(page, words.order)
    expect(page.get_by_role("heading", level=1)).to_contain_text(order.number)


@both
def test_by_e_mail(people: People, words: Words) -> None:
    page = people.page("shopper", device="phone", locale=words.locale)
    ask(page, words, people.order, "ANNA@shopper.example")
    heading(page, words.by_mail)
    enter(page, words, newest_code(), people.order)


@both
def test_by_telephone(people: People, words: Words, settings: Any, tmp_path: Path) -> None:
    settings.SMS = {"CHANNEL": "signoff.sms.files.FileChannel", "OPTIONS": {"folder": tmp_path}}
    people.order.customer.email, people.order.customer.phone = "", "+86 138 0013 6620"
    people.order.customer.save()
    page = people.page("shopper", device="phone", locale=words.locale)
    ask(page, words, people.order, "138 0013 6620")
    heading(page, words.by_text)
    send_codes()
    [file] = tmp_path.glob("*.log")
    text = message_from_bytes(file.read_bytes().split(b"\n----")[0], policy=default).get_content()
    enter(page, words, text[:6], people.order)


@both
def test_by_a_link_that_an_agent_makes(people: People, words: Words) -> None:
    people.agent.goto(f"/desk/orders/{people.order.token}/")
    people.agent.get_by_role("button", name="Create one-time link").click()
    heading(people.agent, "One-time link")
    link = people.agent.locator(".entry-link .mono").inner_text()
    page = people.page("shopper", device="phone", locale=words.locale)
    page.goto("/enter/" + link.partition("/enter/")[2])
    page.get_by_role("button", name=words.enter).click()
    heading(page, words.order)
    stranger = people.new_page()
    stranger.goto("/enter/" + link.partition("/enter/")[2])
    stranger.get_by_role("button", name="View order").click()
    expect(stranger.get_by_text("This link has expired, has been used")).to_be_visible()
