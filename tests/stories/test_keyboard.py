"""Nobody at the desk needs a mouse."""

from playwright.sync_api import Page, expect

from tests.steps import case_states, shopper_pages
from tests.steps.browser_users import People

LIMIT = 120


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the thing with this name has the focus, and be sure that it can be seen."""
    for _ in range(LIMIT):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if focused.count() and name in (focused.get_attribute("aria-label") or focused.inner_text() or ""):
            expect(focused).to_be_in_viewport()
            return
    raise AssertionError(f"No way to “{name}” by keyboard on {page.url}")


def test_an_agent_takes_a_case_and_proposes_by_keyboard(people: People) -> None:
    case = people.case()
    page = people.agent
    page.goto("/desk/")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to content")
    page.keyboard.press("Enter")
    tab_to(page, "Take next case")
    page.keyboard.press("Enter")
    shopper_pages.heading(page, case.number)
    tab_to(page, "Propose plan")
    page.keyboard.press("Enter")
    shopper_pages.heading(page, "Propose plan")
    page.get_by_label("Quantity").focus()
    tab_to(page, "Propose plan")
    page.keyboard.press("Enter")
    shopper_pages.heading(page, "awaiting approval")
    assert case_states.reload_case(case).status == "awaiting_approval"


def test_the_queue_is_walked_with_single_keys(people: People) -> None:
    first = people.case()
    second = people.case()
    page = people.agent
    page.goto("/desk/cases/")
    page.keyboard.press("j")
    expect(page.locator(":focus")).to_have_text(first.number)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    shopper_pages.heading(page, second.number)
    page.wait_for_load_state()  # keys are heard from then on
    page.keyboard.press("/")
    page.keyboard.type(first.number)
    page.keyboard.press("Enter")
    shopper_pages.heading(page, first.number)  # an exact hit opens
