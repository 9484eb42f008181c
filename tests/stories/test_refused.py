"""What is refused says why, and keeps what was typed."""

from playwright.sync_api import expect

from tests.factories import make_case
from tests.steps import case_states, shopper_pages
from tests.steps.browser_users import LANTERN, People


def test_more_than_was_bought_is_refused_and_stays_typed(people: People) -> None:
    page = people.shopper
    shopper_pages.come_back(page, people.order, people.url)
    page.goto(f"/orders/{people.order.token}/")
    shopper_pages.pick(page, LANTERN, quantity=7)
    shopper_pages.heading(page, "Which items is it about?")
    quantity = page.get_by_label(f"How many? {LANTERN}")
    expect(quantity).to_have_value("7")
    expect(quantity).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("checkbox", name=LANTERN)).to_be_checked()


def test_items_taken_meanwhile_are_refused_when_the_request_is_sent(people: People) -> None:
    page = people.shopper
    shopper_pages.come_back(page, people.order, people.url)
    page.goto(f"/orders/{people.order.token}/")
    shopper_pages.pick(page, LANTERN, quantity=2)
    shopper_pages.describe(page, reason="It does not work", wish="Refund", words="Both stay dark.")
    make_case(order=people.order, quantity=2)
    page.get_by_role("button", name="Submit request").click()
    shopper_pages.heading(page, "Which items is it about?")
    expect(page.get_by_role("main")).to_contain_text("1 of 3 can still be requested")
    expect(page.get_by_role("checkbox", name=LANTERN)).to_be_checked()
    page.get_by_label(f"How many? {LANTERN}").fill("1")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_label("Describe the problem")).to_have_value("Both stay dark.")


def test_an_approval_of_what_has_changed_meanwhile_is_refused(people: People) -> None:
    case = people.case(case_states.propose)
    page = people.manager
    page.goto(f"/desk/cases/{case.number}/authorise/")
    case_states.take_steps(case, people.staff, case_states.cancel)
    page.locator("summary", has_text="Approve").click()
    page.get_by_role("button", name="Yes, approve").click()
    shopper_pages.heading(page, "This has changed in the meantime")
    expect(page.get_by_text(f"Case {case.number} has nothing awaiting approval.")).to_be_visible()
    assert case_states.reload_case(case).status == "cancelled"
