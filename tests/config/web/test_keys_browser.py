"""The keyboard of the desk in Chromium; each key presses the button or link that shows it."""

from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from inspection.actions import receive
from returns.lifecycle.actions import move
from returns.models import Case
from returns.review.assignment import take
from tests.factories import UserFactory, make_case
from tests.steps.plans import propose_plan

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_agent_works_without_the_mouse(new_page: Callable[..., Page]) -> None:
    mei = UserFactory(role="agent")
    first, second = make_case(), make_case()
    page = new_page(user=mei)
    page.goto(first.get_absolute_url())
    page.keyboard.press("t")
    expect(page.get_by_text(f"You've taken case {first.number}.")).to_be_visible()
    page.keyboard.press("a")
    page.wait_for_url("**/request_information/")
    page.get_by_label("Question to the shopper").fill("gq? n t a /")  # typing presses nothing
    assert page.url.endswith("/request_information/")
    page.get_by_label("Question to the shopper").blur()
    page.keyboard.press("n")
    page.wait_for_url(f"**{second.get_absolute_url()}")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys on this page")
    expect(dialog.get_by_text("Next case", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.get_by_role("searchbox").blur()
    page.keyboard.press("g")
    page.keyboard.press("q")
    page.wait_for_url("**/desk/cases/")
    page.keyboard.press("g")
    page.keyboard.press("x")  # no such pair: nothing, and the next key stands alone
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()


def test_a_manager_approves_by_y_and_enter(new_page: Callable[..., Page]) -> None:
    case = propose_plan(make_case(), by=UserFactory(role="agent"))
    page = new_page(user=UserFactory(role="manager"))
    page.goto(f"{case.get_absolute_url()}authorise/")
    page.keyboard.press("y")
    assert Case.objects.get().status == "awaiting_approval"
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"Approved. Case {case.number}")).to_be_visible()


def test_digits_choose_a_verdict_at_the_bench(new_page: Callable[..., Page]) -> None:
    case = make_case()
    for step in (Case.propose, Case.authorise):
        case = move(case, step, by=None)
    receive(case, by=None, counted={case.lines.get().pk: 1})
    page = new_page(user=UserFactory(role="inspector"))
    page.goto(f"{case.get_absolute_url()}inspect/")
    verdicts = page.get_by_role("group", name="Verdict").get_by_role("radio")
    page.keyboard.press("2")
    expect(verdicts.nth(1)).to_be_checked()
    page.keyboard.press("1")
    expect(verdicts.nth(0)).to_be_checked()


def test_who_else_is_here_is_seen_and_the_bell_works_without_a_script(new_page: Callable[..., Page]) -> None:
    mei, jon = UserFactory(role="agent"), UserFactory(role="agent", first_name="Jon", last_name="Lind")
    case = take(make_case(), by=mei)
    new_page(user=jon).goto(case.get_absolute_url())
    page = new_page(user=mei)
    page.goto(case.get_absolute_url())
    expect(page.get_by_text("Jon Lind has been here since")).to_be_visible()
    plain = new_page(user=mei, javascript=False)
    plain.goto(case.get_absolute_url())
    plain.get_by_role("link", name="unread notifications").click()
    expect(plain.get_by_role("heading", name="Notifications")).to_be_visible()


def test_the_page_of_keys_needs_no_script(client: Client, db: None) -> None:
    client.force_login(UserFactory(role="agent"))
    html = client.get("/desk/keys/").content.decode()
    assert "Show the keys of this page" in html
    assert "<kbd>G</kbd> <kbd>Q</kbd>" in html
