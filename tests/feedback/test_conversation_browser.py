"""A conversation in Chromium: typing is kept without a click, and everything works without scripts on a phone."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from feedback.models import Post, PostDraft
from tests.factories import SavedReplyFactory, UserFactory, make_case
from tests.steps.browser_users import photo
from tests.steps.keys import Keys
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


def test_a_note_can_be_undone_where_the_page_opens_after_it(new_page: Callable[..., Page]) -> None:
    case, agent = make_case(), UserFactory(role="agent")
    page = new_page(user=agent)
    page.goto(case.get_absolute_url())
    page.locator("label[data-key=i]").click()
    page.locator("#composer-words").fill("In the wrong case")
    page.get_by_role("button", name="Send", exact=True).click()
    undo = page.get_by_role("button", name="Undo")
    expect(undo).to_be_in_viewport()
    undo.click()
    expect(page.locator("#composer-words")).to_have_value("In the wrong case")
    expect(page.locator(".bubble-note")).to_contain_text("taken back")


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


def test_the_reply_whose_key_is_typed_is_inserted_and_sent_by_keys(new_page: Callable[..., Page]) -> None:
    SavedReplyFactory(key="photo", title_en="Ask for a photo", text_en="A photo, please.")
    SavedReplyFactory(key="late", title_en="Say sorry", text_en="Sorry, it is late.", position=9)
    case, agent = make_case(), UserFactory(role="agent")
    page = new_page(user=agent)
    page.goto(case.get_absolute_url())
    keys = Keys(page)
    keys.press("r")
    keys.type("late")
    keys.go("Enter")  # not the first button of the form
    expect(page.locator("#composer-words")).to_have_value("Sorry, it is late.")
    keys.press("m")
    keys.go("Control+Enter")
    expect(page.locator(".post-staff")).to_contain_text("Sorry, it is late.")
    assert [(post.words, post.by) for post in Post.objects.all()] == [("Sorry, it is late.", agent)]


def test_chosen_files_are_named_and_stay_when_a_reply_is_inserted(
    new_page: Callable[..., Page], tmp_path: Path
) -> None:
    SavedReplyFactory(key="photo", title_en="Ask for a photo", text_en="A photo, please.")
    case = make_case()
    page = new_page(user=UserFactory(role="agent"))
    page.goto(case.get_absolute_url())
    page.locator("#composer-files").set_input_files([photo(tmp_path, "one.jpg"), photo(tmp_path, "two.jpg")])
    expect(page.locator(".attach .drop-list li")).to_have_count(2)
    page.get_by_role("button", name="Remove: two.jpg").click()
    page.get_by_role("button", name="Ask for a photo", exact=True).click()
    expect(page.locator("#composer-words")).to_have_value("A photo, please.")
    expect(page.locator(".draft-files img")).to_have_count(1)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".post-staff .bubble-files img")).to_have_count(1)
