"""The shopper's main story in WebKit: finds the order, asks with a photo, and writes with another one."""

from pathlib import Path
from typing import Any

import pytest

from returns.models import Case
from tests.steps.browser_users import LANTERN, make_lantern_order, photo
from tests.steps.order_lookup import newest_code
from tests.webkit import WebKit, missing

LOADED = """[...document.querySelectorAll(arguments[0])]
  .filter((image) => image.complete && image.naturalWidth).length === 1"""


@pytest.mark.django_db(transaction=True)
def test_a_shopper_asks_with_a_photo_and_writes_in_webkit(webkit: WebKit, live_server: Any, tmp_path: Path) -> None:
    order = make_lantern_order()
    webkit.open(live_server.url)
    webkit.fill("Order number", order.number)
    webkit.fill("E-mail address or mobile number", order.customer.email)
    webkit.press("Send code")
    webkit.expect("Check your e-mail")
    webkit.fill("Six-digit code", newest_code())
    webkit.press("View order")
    webkit.press("Return or report a problem")
    webkit.expect("Which items is it about?")
    webkit.tick(LANTERN)
    webkit.press("Continue")
    describe(webkit, photo(tmp_path))
    webkit.expect("Check and submit")
    webkit.press("Submit request")
    webkit.expect("Progress so far")
    case = Case.objects.get()
    assert (case.order, case.evidence.count()) == (order, 1)
    write(webkit, photo(tmp_path, "plate.jpg", colour="teal"))
    assert case.thread.posts.get().words == "Here is the plate. 这是铭牌。"


def describe(webkit: WebKit, picture: Path) -> None:
    webkit.expect("What would you like us to do?")
    webkit.choose("What's wrong?", "It does not work")
    webkit.wait_for("!document.querySelector('.htmx-request')")
    webkit.fill("Describe the problem", "It stays dark.")
    webkit.fill("Photos", str(picture))
    webkit.wait_for(LOADED, ".photos .pictures img")
    webkit.press("Continue")


def write(webkit: WebKit, picture: Path) -> None:
    """A message with a picture on the page of the request; the chosen file is named before it is sent."""
    webkit.fill("Write to us", "Here is the plate. 这是铭牌。")
    webkit.fill("Attach pictures or a PDF", str(picture))
    webkit.wait_for("document.querySelectorAll('.attach .drop-list li').length === 1")
    webkit.press("Send")
    webkit.expect("Your message has been sent.")
    webkit.wait_for(LOADED, ".post-mine .bubble-files img")


def test_a_run_without_webkit_ends_with_one_line() -> None:
    reasons = ["Skipped: needs data that is not here: x", "Skipped: needs WebKit, which is not on this machine: …"]
    assert missing(reasons) == (
        "NOT TRIED IN WEBKIT: 1 test needs it, and it is not on this machine (apt-get install webkit2gtk-driver xvfb)"
    )
    assert missing(reasons[:1]) == ""
