"""Nobody at the desk needs a mouse."""

from playwright.sync_api import Page, expect

from tests.figures import Figure, record
from tests.steps import case_states, shopper_pages
from tests.steps.browser_users import People
from tests.steps.keys import Keys

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


def test_a_parcel_is_received_and_judged_with_single_keys(people: People) -> None:
    """A scanner types the number; the count that is expected has the focus, and the verdict leads to what follows."""
    case = people.case(case_states.propose, case_states.approve, case_states.send)
    page = people.page("inspector")
    page.goto("/desk/bench/")
    page.keyboard.insert_text(case.number)
    keys = Keys(page)
    keys.go("Enter")
    shopper_pages.heading(page, f"Receive {case.number}")
    keys.go("Enter")
    shopper_pages.heading(page, f"Inspect {case.number}")
    keys.press("1", "Tab", "Space")
    keys.go("n")
    shopper_pages.heading(page, "Inspection bench")
    assert case_states.reload_case(case).status == "inspected"
    assert record(Figure("Stories", "Receive and judge a parcel", len(keys.pressed), "keys", "≤ 6")).met, keys.pressed


def test_m_writes_to_the_shopper_and_i_a_note(people: People) -> None:
    case = people.case()
    page = people.agent
    page.goto(case.get_absolute_url())
    for key, kind in (("i", "note"), ("m", "message")):
        page.keyboard.press(key)
        expect(page.locator("#composer-words")).to_be_focused()
        expect(page.locator(f"#composer input[value={kind}]")).to_be_checked()
        page.locator("#composer-words").blur()
