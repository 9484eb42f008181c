"""Every page works without scripts; these are the longest of them."""

from pathlib import Path

from playwright.sync_api import expect

from tests.steps import case_states, desk_pages, shopper_pages
from tests.steps.browser_users import LANTERN, People, photo


def test_a_shopper_asks_without_scripts(people: People, tmp_path: Path) -> None:
    page = people.page("shopper", device="phone", javascript=False)
    shopper_pages.find_order(page, people.order)
    shopper_pages.pick(page, "Blue vase")
    page.get_by_label("What's wrong?").select_option("broken")
    page.get_by_label("Describe the problem").fill("In two halves.")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("We need 1 photo of this.")).to_be_visible()
    page.get_by_label("Photos", exact=True).set_input_files(photo(tmp_path))
    page.get_by_role("button", name="Add these photos").click()
    expect(page.get_by_role("img", name="Photo 1")).to_be_visible()
    expect(page.get_by_label("Describe the problem")).to_have_value("In two halves.")
    page.get_by_role("button", name="Continue").click()
    number = shopper_pages.send(page)
    expect(page.get_by_role("region", name="Your request", exact=True)).to_contain_text("In two halves.")
    page.locator("summary", has_text="Cancel request").click()
    expect(page.get_by_role("button", name="Yes, cancel")).to_be_visible()
    assert number


def test_an_agent_plans_and_a_manager_approves_without_scripts(people: People) -> None:
    case = people.case(quantity=2)
    page = people.page("agent", javascript=False)
    assert desk_pages.take_next(page) == case.number
    page.locator(".case-do").get_by_role("link", name="Propose plan").click()
    page.get_by_label("Quantity").fill("1")
    page.get_by_role("button", name="Recalculate").click()
    desk_pages.expect_money(page, {f"1 × {LANTERN}": "€20.00", "To refund": "€20.00"})
    expect(page.get_by_label("Quantity")).to_have_value("1")
    page.get_by_role("button", name="Propose plan").click()
    shopper_pages.heading(page, "awaiting approval")
    desk_pages.approve(people.page("manager", javascript=False), case.number)
    assert case_states.reload_case(case).status == "authorised"
