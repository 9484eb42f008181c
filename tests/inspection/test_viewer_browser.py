"""The evidence viewer in Chromium: zoom, turn and side by side by keys, by wheel and by dragging."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from playwright.sync_api import Locator, Page, expect

from inspection.models import Photo
from returns.models import Case, Evidence
from tests.factories import UserFactory, make_case
from tests.steps.browser_users import jpeg

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def case() -> Case:
    """A case with two pictures of the shopper and one of the bench."""
    case = make_case()
    for colour in ("peru", "teal"):
        _save(Evidence(case=case), colour)
    _save(Photo(case=case), "navy")
    return case


def _save(picture: Evidence | Photo, colour: str) -> None:
    content = jpeg(colour=colour)
    picture.file.save("a.jpg", ContentFile(content), save=False)
    picture.thumbnail.save("b.jpg", ContentFile(content), save=False)
    picture.save()


@pytest.fixture
def page(new_page: Callable[..., Page], case: Case) -> Page:
    page = new_page(user=UserFactory(role="agent"))
    page.goto(case.get_absolute_url())
    with page.expect_navigation():
        page.keyboard.press("e")
    return page


def panes(page: Page) -> Locator:
    return page.locator("[data-picture]")


def transform(picture: Locator) -> tuple[float, float]:
    """How often it is enlarged, and by how many degrees it is turned."""
    style = picture.evaluate("picture => picture.style.transform")
    scale, turn = (re.search(rf"{name}\(([-\d.]+)", style) for name in ("scale", "rotate"))
    return (float(scale[1]), float(turn[1])) if scale and turn else (1.0, 0.0)


def test_keys_zoom_both_pictures_by_one_step_and_fit_them_again(page: Page) -> None:
    expect(panes(page)).to_have_count(2)
    page.keyboard.press("+")
    assert [transform(picture) for picture in panes(page).all()] == [(1.25, 0), (1.25, 0)]
    expect(page.locator("[data-percent]")).to_have_text("125 %")
    page.keyboard.press("=")  # the same key without Shift
    page.keyboard.press("-")
    expect(page.locator("[data-percent]")).to_have_text("125 %")
    page.keyboard.press("0")
    assert [transform(picture) for picture in panes(page).all()] == [(1, 0), (1, 0)]


def test_zoom_has_limits(page: Page) -> None:
    for _ in range(12):
        page.keyboard.press("+")
    expect(page.locator("[data-percent]")).to_have_text("800 %")
    for _ in range(16):
        page.keyboard.press("-")
    expect(page.locator("[data-percent]")).to_have_text("50 %")


def test_one_picture_is_zoomed_alone_once_they_are_apart(page: Page) -> None:
    page.get_by_role("button", name="Zoom both together").click()
    panes(page).nth(1).click()
    page.keyboard.press("+")
    assert [transform(picture)[0] for picture in panes(page).all()] == [1, 1.25]


def test_r_turns_the_active_picture_and_with_shift_back(page: Page) -> None:
    for keys, degrees in (("r", 90), ("r", 180), ("Shift+R", 90), ("Shift+R", 0), ("Shift+R", -90)):
        page.keyboard.press(keys)
        assert [transform(picture)[1] for picture in panes(page).all()] == [degrees, 0]


def test_s_and_1_show_two_pictures_or_one_and_arrows_the_next(page: Page, case: Case) -> None:
    first, second = case.evidence.order_by("pk")
    with page.expect_navigation():
        page.keyboard.press("1")
    expect(panes(page)).to_have_count(1)
    with page.expect_navigation():
        page.keyboard.press("ArrowRight")
    expect(panes(page)).to_have_attribute("src", f"/evidence/{second.token}/full")
    with page.expect_navigation():
        page.keyboard.press("ArrowRight")
    expect(panes(page)).to_have_attribute("src", f"/evidence/{first.token}/full")
    with page.expect_navigation():
        page.keyboard.press("s")
    expect(panes(page)).to_have_count(2)
    with page.expect_navigation():
        page.keyboard.press("Escape")
    assert page.url.endswith(case.get_absolute_url())


def test_the_wheel_zooms_and_dragging_moves_without_opening_the_file(page: Page) -> None:
    box = page.locator(".pane-stage").first.bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.move(*middle)
    page.mouse.wheel(0, -100)
    expect(page.locator("[data-percent]")).to_have_text("125 %")
    page.mouse.down()
    page.mouse.move(middle[0] + 60, middle[1] + 20, steps=3)
    page.mouse.up()
    style = panes(page).first.evaluate("picture => picture.style.transform")
    assert "translate(0px, 0px)" not in style
    assert "/evidence/" in page.url  # still the viewer
    expect(page.locator("[data-percent]")).to_be_visible()


def test_every_key_is_shown_and_without_a_script_the_links_remain(
    new_page: Callable[..., Page], page: Page, case: Case, axe: Callable[[Page], None]
) -> None:
    for hint in ("1", "S", "+", "−", "0", "R", "Esc"):
        expect(page.locator("kbd", has_text=re.compile(rf"^{re.escape(hint)}$")).first).to_be_visible()
    axe(page)
    plain = new_page(user=UserFactory(role="agent"), javascript=False)
    plain.goto(f"{case.get_absolute_url()}evidence/")
    expect(plain.locator("[data-percent]")).to_be_hidden()
    plain.get_by_role("link", name="One picture").click()
    expect(panes(plain)).to_have_count(1)


def test_a_picture_on_its_side_still_fits(page: Page, tmp_path: Path) -> None:
    page.keyboard.press("r")
    stage = page.locator(".pane-stage").first.bounding_box()
    picture = panes(page).first.bounding_box()
    assert picture["width"] <= stage["width"] + 1
    assert picture["height"] <= stage["height"] + 1
