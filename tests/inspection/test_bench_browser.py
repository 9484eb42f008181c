"""The bench's script in Chromium: the camera reads a code, a photo is sent at once, sound and vibration are remembered.

Chromium on Linux cannot read bar codes, so a test hands it a reader as other browsers have one.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
import segno
from playwright.sync_api import Page, expect

from returns.models import Case
from tests.factories import UserFactory, make_case
from tests.steps.browser_users import make_staff
from tests.steps.case_states import bring_to_state

pytestmark = pytest.mark.django_db(transaction=True)

READER = """
window.heard = [];
window.BarcodeDetector = class { async detect(video) {
  window.heard.push(video.readyState);
  return window.heard.length < 3 ? [] : [{ rawValue: "%s" }];
} };
navigator.mediaDevices.getUserMedia = async () => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 64, height: 48 });
  canvas.getContext("2d").fillRect(0, 0, 64, 48);
  return (window.stream = canvas.captureStream(10));
};
navigator.vibrate = (time) => sessionStorage.setItem("vibrated", time);
"""
REFUSED = 'navigator.mediaDevices.getUserMedia = async () => { throw new DOMException("no", "NotAllowedError"); };'


@pytest.fixture
def case() -> Case:
    return bring_to_state(make_case(), make_staff(), Case.Status.IN_TRANSIT)


@pytest.fixture
def inspector(new_page: Callable[..., Page]) -> Page:
    return new_page(user=UserFactory(role="inspector"))


def test_the_camera_reads_a_code_and_opens_its_case(inspector: Page, case: Case) -> None:
    page = inspector
    page.add_init_script(READER % case.number)
    page.goto("/desk/bench/")
    page.get_by_label("Vibration").check()
    page.get_by_label("Sound").check()
    page.get_by_role("button", name="Scan with the camera").click()
    page.wait_for_url(f"**/desk/cases/{case.number}/receive/")
    assert page.evaluate("sessionStorage.getItem('vibrated')") == "80"
    page.goto("/desk/bench/")
    expect(page.get_by_label("Vibration")).to_be_checked()  # of this browser
    page.get_by_label("Sound").uncheck()
    page.reload()
    expect(page.get_by_label("Sound")).not_to_be_checked()


def test_cancel_switches_the_camera_off(inspector: Page) -> None:
    page = inspector
    page.add_init_script((READER % "").replace("< 3", "< 1e9"))
    page.goto("/desk/bench/")
    page.get_by_role("button", name="Scan with the camera").click()
    page.wait_for_function("window.heard.length > 0")
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert page.evaluate("stream.getTracks().map((track) => track.readyState)") == ["ended"]
    asked = page.evaluate("heard.length")
    page.wait_for_timeout(400)
    assert page.evaluate("heard.length") <= asked + 1


def test_a_camera_that_is_not_allowed_gets_a_sentence(inspector: Page) -> None:
    page = inspector
    page.add_init_script(READER % "" + REFUSED)
    page.goto("/desk/bench/")
    page.get_by_role("button", name="Scan with the camera").click()
    expect(page.get_by_text("Allow the camera for this page, or photograph the label.")).to_be_visible()
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_without_a_reader_a_photo_of_the_label_is_sent_at_once(inspector: Page, case: Case, tmp_path: Path) -> None:
    page = inspector
    page.goto("/desk/bench/")
    expect(page.get_by_role("button", name="Scan with the camera")).to_be_hidden()
    segno.make(case.number).save(str(tmp_path / "label.png"), scale=8, border=4)
    page.locator("#still").set_input_files(tmp_path / "label.png")
    page.wait_for_url(f"**/desk/cases/{case.number}/receive/")
