"""A conversation in Chromium: typing is kept without a click, and everything works without scripts on a phone."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from feedback.models import Post, PostDraft
from tests.factories import SavedReplyFactory, UserFactory, make_case
from tests.steps.shopper_pages import come_back

pytestmark = pytest.mark.django_db(transaction=True)


def test_typing_is_kept_and_is_there_after_a_crash(new_page: Callable[..., Page], axe: Any) -> None:
    case, agent = make_case(), UserFactory(role="agent")
    page = new_page(user=agent)
    page.goto(case.get_absolute_url())
    page.locator("#composer-words").press_sequentially("Dear Anna")
    expect(page.locator("#draft-kept")).to_contain_text("Draft kept")
    page.goto(case.get_absolute_url())
    expect(page.locator("#composer-words")).to_have_value("Dear Anna")
    axe(page)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".post-staff")).to_contain_text("Dear Anna")
    assert (Post.objects.get().by, PostDraft.objects.count()) == (agent, 0)


def test_both_sides_write_without_scripts(new_page: Callable[..., Page], live_server: Any) -> None:
    SavedReplyFactory(key="photo", title_en="Ask for a photo", text_en="A photo, please.")
    case = make_case()
    desk, shopper = (
        new_page(user=UserFactory(role="agent"), javascript=False),
        new_page(device="phone", javascript=False),
    )
    desk.goto(case.get_absolute_url())
    desk.get_by_role("button", name="Ask for a photo", exact=True).click()
    expect(desk.locator("#composer-words")).to_have_value("A photo, please.")
    desk.get_by_role("button", name="Send", exact=True).click()
    come_back(shopper, case.order, live_server.url)
    shopper.goto(f"/cases/{case.number}/")
    expect(shopper.locator(".post-theirs")).to_contain_text("A photo, please.")
    shopper.get_by_label("Write to us").fill("I have none.")
    shopper.get_by_role("button", name="Send", exact=True).click()
    expect(shopper.locator(".post-mine")).to_contain_text("I have none.")
    desk.goto("/desk/conversations/")
    desk.get_by_role("link", name=case.number).click()
    expect(desk.locator(".post-shopper")).to_contain_text("I have none.")
