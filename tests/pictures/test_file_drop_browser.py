"""Where files are chosen: buttons in the page's language, previews, removal, several at once, camera, no script."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from returns.models import Case
from tests.factories import UserFactory, make_case
from tests.steps.browser_users import make_staff, photo
from tests.steps.case_states import bring_to_state

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def receiving() -> str:
    """The page that receives a parcel: one field for its photos."""
    case = bring_to_state(make_case(), make_staff(), Case.Status.IN_TRANSIT)
    return f"/desk/cases/{case.number}/receive/"


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    return [str(photo(tmp_path, name)) for name in ("one.jpg", "two.jpg")]


def test_photos_are_listed_added_to_and_removed_by_keyboard(
    new_page: Callable[..., Page], receiving: str, files: list[str], axe: Callable[[Page], None]
) -> None:
    page = new_page(user=UserFactory(role="inspector"))
    page.on("filechooser", lambda _: None)  # asks Chromium to hand choosers over, which takes effect with a delay
    page.goto(receiving)
    field = page.locator("#id_pictures")
    expect(page.get_by_text("Choose photos", exact=True)).to_be_visible()
    expect(page.get_by_text("Take a photo", exact=True)).to_be_hidden()
    field.focus()
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(files[:1])
    field.set_input_files(files[1:])
    expect(page.locator(".drop-list li")).to_have_count(2)
    axe(page)
    page.get_by_role("button", name="Remove: one.jpg").press("Enter")
    expect(page.locator(".drop-list li")).to_have_count(1)
    assert field.evaluate("input => [...input.files].map((file) => file.name)") == ["two.jpg"]
    page.get_by_role("button", name="Confirm receipt").click()
    page.wait_for_url("**/desk/**")


def test_a_phone_opens_its_camera_and_speaks_the_pages_language(
    new_page: Callable[..., Page], receiving: str, files: list[str]
) -> None:
    phone = new_page(user=UserFactory(role="inspector"), device="phone", locale="zh-CN")
    phone.goto(receiving)
    expect(phone.get_by_text("拍照", exact=True)).to_be_visible()
    expect(phone.get_by_text("选择照片", exact=True)).to_be_visible()
    camera = phone.locator("#id_pictures-camera")
    assert camera.get_attribute("capture") == "environment"
    camera.set_input_files(files[0])
    expect(phone.locator(".drop-list li")).to_have_count(1)
    assert phone.locator("#id_pictures").evaluate("input => input.files.length") == 1
    assert camera.evaluate("input => input.files.length") == 0  # so that it is not sent twice


def test_without_a_script_the_browsers_own_field_is_shown(
    new_page: Callable[..., Page], receiving: str, files: list[str]
) -> None:
    page = new_page(user=UserFactory(role="inspector"), javascript=False)
    page.goto(receiving)
    expect(page.get_by_label("Photos of the parcel's outside")).to_be_visible()
    expect(page.get_by_text("Choose photos", exact=True)).to_be_hidden()
