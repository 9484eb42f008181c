"""What is refused says why, and keeps what was typed."""

from playwright.sync_api import expect

from tests.factories import make_case
from tests.stories import shopper, ways
from tests.stories.people import LANTERN, People


def test_more_than_was_bought_is_refused_and_stays_typed(people: People) -> None:
    page = people.shopper
    shopper.come_back(page, people.order, people.url)
    page.goto(f"/orders/{people.order.token}/")
    shopper.pick(page, LANTERN, quantity=7)
    shopper.heading(page, "Which items is it about?")
    quantity = page.get_by_label(f"How many? {LANTERN}")
    expect(quantity).to_have_value("7")
    expect(quantity).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("checkbox", name=LANTERN)).to_be_checked()


def test_items_taken_meanwhile_are_refused_when_the_request_is_sent(people: People) -> None:
    page = people.shopper
    shopper.come_back(page, people.order, people.url)
    page.goto(f"/orders/{people.order.token}/")
    shopper.pick(page, LANTERN, quantity=2)
    shopper.describe(page, reason="It does not work", wish="Refund", words="Both stay dark.")
    make_case(order=people.order, quantity=2)
    page.get_by_role("button", name="Submit request").click()
    shopper.heading(page, "Which items is it about?")
    expect(page.get_by_role("main")).to_contain_text("1 of 3 can still be requested")
    expect(page.get_by_role("checkbox", name=LANTERN)).to_be_checked()
    page.get_by_label(f"How many? {LANTERN}").fill("1")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_label("Describe the problem")).to_have_value("Both stay dark.")


def test_an_approval_of_what_has_changed_meanwhile_is_refused(people: People) -> None:
    case = people.case(ways.propose)
    page = people.manager
    page.goto(f"/desk/cases/{case.number}/authorise/")
    ways.play(case, people.staff, ways.cancel)
    page.locator("summary", has_text="Approve").click()
    page.get_by_role("button", name="Yes, approve").click()
    shopper.heading(page, "This has changed in the meantime")
    expect(page.get_by_text(f"Case {case.number} has nothing awaiting approval.")).to_be_visible()
    assert ways.now(case).status == "cancelled"
