"""A caller is found by the end of the telephone; two orders in one go, a draft that survives, mails to the shopper."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from returns.models import Case, Draft
from signoff.models import Order
from tests.factories import OrderFactory
from tests.figures import Figure, record
from tests.steps.browser_users import LANTERN, People
from tests.steps.shopper_pages import come_back, mails
from tests.steps.wording import Wording

SHADE = "Lamp shade"
CALLER = "Herr Knopf, 邻居"


@dataclass
class Call:
    """The call of a shopper with two orders, in one language."""

    people: People
    second: Order
    say: Wording
    clicks: int = 0

    @property
    def page(self) -> Page:
        return self.people.agent

    def click(self, name: str, role: str = "button", **where: Any) -> None:
        self.page.get_by_role(role, name=name, **where).click()
        self.clicks += 1


#: what the mail of the received request begins with
SUBJECTS = {"en": "We've received your request", "zh-Hans": "已收到您的售后申请", "zh-Hant": "已收到您的售後申請"}


@pytest.mark.parametrize(("locale", "device"), [("en", "desktop"), ("zh-Hans", "desktop"), ("zh-Hant", "phone")])
def test_a_caller_gets_a_case_for_each_of_two_orders(
    people: People, run_jobs: Callable[[], None], settings: Any, locale: str, device: str
) -> None:
    settings.MFA_REQUIRED = True
    call = Call(people, order_of_the_same_shopper(people.order), Wording(locale))
    customer = people.order.customer
    customer.phone, customer.language = "+49 40 555 0136", call.say.language
    customer.save()
    people.sign_in("agent", locale=locale, device=device)
    find_by_telephone(call)
    choose_items_of_both(call)
    describe_the_first(call)
    come_back_to_the_draft(call)
    describe_the_second(call)
    first, second = open_both(call)
    record(Figure("Stories", f"Two cases for a caller ({locale})", call.clicks, "clicks"))
    run_jobs()
    shopper_is_told(call, first, second)


def order_of_the_same_shopper(order: Order) -> Order:
    second = OrderFactory(shop=order.shop, customer=order.customer, lines=[(2, "7.00")])
    second.lines.update(title=SHADE)
    return second


def find_by_telephone(call: Call) -> None:
    """While the caller speaks: the last four digits."""
    page, say = call.page, call.say
    page.goto("/desk/search/")
    page.get_by_role("main").get_by_role("searchbox").fill("0136")
    page.keyboard.press("Enter")
    row = page.locator("tr", has_text=call.people.order.number)
    row.get_by_role("link", name=say("Open a case")).click()
    call.clicks += 1


def choose_items_of_both(call: Call) -> None:
    page, say = call.page, call.say
    expect(page.get_by_role("heading", level=1)).to_have_text(say("Which items is it about?"))
    expect(page.get_by_role("radio", name=say("Telephone"))).to_be_checked()
    page.get_by_role("checkbox", name=LANTERN).check()
    page.locator("summary", has_text=say("Other orders of this shopper")).click()
    page.get_by_role("checkbox", name=SHADE).check()
    page.get_by_label(say("Who is it?")).fill(CALLER)
    call.clicks += 3
    call.click(say("Continue"))


def describe_the_first(call: Call) -> None:
    """What is typed is kept on the server, without a click."""
    page, say = call.page, call.say
    expect(page.locator(".page-lead")).to_contain_text(
        say("Order %(place)s of %(of)s: %(number)s", place=1, of=2, number=call.people.order.number)
    )
    choose_reason(call)
    with page.expect_response(lambda answer: answer.status == 204):
        page.get_by_label(say("Describe the problem")).press_sequentially("It flickers. 灯在闪。")


def choose_reason(call: Call) -> None:
    with call.page.expect_response(lambda answer: answer.request.resource_type == "xhr"):
        call.page.get_by_label(call.say("What's wrong?")).select_option("defective")
    call.clicks += 2


def come_back_to_the_draft(call: Call) -> None:
    """The tab is closed in the middle of it; the draft is in the list, with every word."""
    page, say = call.page, call.say
    page.goto("/desk/cases/")
    page.goto("/desk/requests/")
    drafts = page.locator(".card", has_text=say("Your drafts"))
    expect(drafts).to_contain_text(CALLER)
    drafts.get_by_role("link", name=call.people.order.number).click()
    expect(page.get_by_role("checkbox", name=LANTERN)).to_be_checked()
    expect(page.get_by_role("checkbox", name=SHADE)).to_be_checked()
    expect(page.get_by_label(say("Who is it?"))).to_have_value(CALLER)
    page.get_by_role("button", name=say("Continue")).click()
    expect(page.get_by_label(say("What's wrong?"))).to_have_value("defective")
    expect(page.get_by_label(say("Describe the problem"))).to_have_value("It flickers. 灯在闪。")
    call.click(say("Continue"))


def describe_the_second(call: Call) -> None:
    page, say = call.page, call.say
    expect(page.locator(".page-lead")).to_contain_text(call.second.number)
    choose_reason(call)
    page.get_by_label(say("Describe the problem")).fill("Torn.")
    call.click(say("Continue"))


def open_both(call: Call) -> tuple[Case, Case]:
    page, say = call.page, call.say
    expect(page.get_by_role("heading", level=1)).to_have_text(say("Check and open"))
    for words in (CALLER, "It flickers. 灯在闪。", "Torn.", call.people.order.customer.email):
        expect(page.get_by_role("main")).to_contain_text(words)
    call.click(say.count("Open case", "Open %(cases)s cases", 2, cases=2))
    first, second = Case.objects.order_by("pk")
    expect(page.get_by_role("heading", level=1)).to_contain_text(first.number)
    expect(page.get_by_role("status").first).to_contain_text(second.number)
    expect(page.get_by_role("status").first).to_contain_text(say("The shopper gets an e-mail."))
    contact = page.locator(".card", has_text=say("Opened for the shopper"))
    expect(contact).to_contain_text(CALLER)
    expect(contact.get_by_role("link", name=second.number)).to_be_visible()
    assert [(case.channel, case.language, case.order) for case in (first, second)] == [
        ("phone", call.say.language, call.people.order),
        ("phone", call.say.language, call.second),
    ]
    assert set(Draft.objects.values_list("case", flat=True)) == {first.pk, second.pk}
    return first, second


def shopper_is_told(call: Call, *cases: Case) -> None:
    """A mail for each case, in the shopper's language; their page says how it came to be, and not who called."""
    subjects = [letter.subject for letter in mail.outbox if letter.to == [call.people.order.customer.email]]
    assert sorted(case.number in "".join(subjects) for case in cases) == [True, True]
    assert all(subject.startswith(SUBJECTS[call.say.locale]) for subject in subjects)
    assert CALLER not in mails(call.people.order)
    page = call.people.page("shopper", device="phone", locale=call.say.locale)
    come_back(page, call.people.order, call.people.url)
    page.goto(f"/cases/{cases[0].number}/")
    expect(page.get_by_role("main")).to_contain_text(call.say("We opened this request for you on the telephone"))
    expect(page.get_by_role("main")).not_to_contain_text("Knopf")
