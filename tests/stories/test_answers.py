"""The shopper answers: an appeal, more information, a yes or a no to an offer, a cancellation."""

from pathlib import Path

from playwright.sync_api import expect

from tests.steps import case_states, desk_pages, shopper_pages
from tests.steps.browser_users import People, photo


def test_a_rejected_case_is_appealed_and_looked_at_again(people: People, tmp_path: Path) -> None:
    case = people.case()
    desk_pages.step(people.agent, case.number, "Reject")
    people.agent.get_by_role("button", name="Reject").click()
    expect(people.agent.get_by_text("Give a reason. The shopper")).to_be_visible()
    people.agent.get_by_label("Reason for rejection").fill("The lantern was used outdoors.")
    people.agent.get_by_role("button", name="Reject").click()
    page = people.shopper
    shopper_pages.open_case(page, case.number)
    expect(page.get_by_role("heading", name="Sorry, we can't approve your request")).to_be_visible()
    expect(page.get_by_role("region", name="Don't agree?")).to_contain_text("The lantern was used outdoors.")
    page.get_by_label("Reason for your appeal").fill("It never left my kitchen.")
    page.get_by_label("Photos", exact=True).set_input_files(photo(tmp_path))
    page.get_by_role("button", name="Submit appeal").click()
    expect(page.get_by_role("heading", name="We're reviewing your request")).to_be_visible()
    desk_pages.open_case(people.agent, case.number)
    expect(people.agent.locator(".case-matter")).to_contain_text("It never left my kitchen.")
    expect(people.agent.locator(".strip img")).to_have_count(1)


def test_more_information_is_asked_for_and_given(people: People, tmp_path: Path) -> None:
    case = people.case()
    desk_pages.step(people.agent, case.number, "Ask shopper")
    people.agent.get_by_label("Question to the shopper").fill("Which of the lanterns is it?")
    people.agent.get_by_role("button", name="Ask shopper").click()
    page = people.shopper
    shopper_pages.open_case(page, case.number)
    expect(page.get_by_role("region", name="We have a question for you")).to_contain_text(
        "Which of the lanterns is it?"
    )
    page.get_by_role("button", name="Send reply").click()
    expect(page.get_by_text("Write a reply or add a photo.")).to_be_visible()
    page.get_by_label("Your reply").fill("The red one.")
    page.get_by_label("Photos", exact=True).set_input_files(photo(tmp_path, colour="firebrick"))
    page.get_by_role("button", name="Send reply").click()
    expect(page.get_by_role("heading", name="We're reviewing your request")).to_be_visible()
    assert case_states.reload_case(case).status == "submitted"
    desk_pages.open_case(people.agent, case.number)
    expect(people.agent.locator(".case-matter")).to_contain_text("The red one.")
    expect(people.agent.locator(".strip img")).to_have_count(1)


def test_a_cancelled_case_frees_its_items(people: People) -> None:
    case = people.case(quantity=3)
    page = people.shopper
    shopper_pages.open_case(page, case.number)
    page.locator("summary", has_text="Cancel request").click()
    page.get_by_label("Reason (optional)").fill("Found the switch.")
    page.get_by_role("button", name="Yes, cancel").click()
    expect(page.get_by_role("heading", name="You cancelled your request")).to_be_visible()
    page.goto(f"/orders/{people.order.token}/")
    shopper_pages.pick(page, "Paper lantern, large", quantity=3)
    shopper_pages.heading(page, "What's wrong?")


def test_an_offer_is_made_and_accepted(people: People) -> None:
    case = people.case()
    make_offer(people, case.number)
    desk_pages.approve(people.manager, case.number)
    page = people.shopper
    shopper_pages.open_case(page, case.number)
    suggestion = page.get_by_role("region", name="Our offer")
    expect(suggestion).to_contain_text("Would you keep it for a part of the price?")
    expect(suggestion).to_contain_text("€5.00")
    suggestion.get_by_role("button", name="Accept offer").click()
    expect(page.get_by_role("heading", name="We're completing your request")).to_be_visible()
    assert case_states.reload_case(case).status == "settling"


def test_an_offer_is_declined_in_words(people: People) -> None:
    case = people.case(case_states.offer)
    page = people.shopper
    shopper_pages.open_case(page, case.number)
    page.locator("summary", has_text="Decline offer").click()
    page.get_by_label("What would you prefer instead?").fill("I want all of my money.")
    page.get_by_role("button", name="Send answer").click()
    expect(page.get_by_role("heading", name="We're reviewing your request")).to_be_visible()
    desk_pages.open_case(people.agent, case.number)
    expect(people.agent.locator(".case-matter")).to_contain_text("I want all of my money.")


def make_offer(people: People, number: str) -> None:
    page = people.agent
    desk_pages.step(page, number, "Make counter-offer")
    page.get_by_label("Message to the shopper").fill("Would you keep it for a part of the price?")
    page.get_by_label("Remedy").select_option("compensation")
    page.get_by_label("Amount").first.fill("5.00")
    expect(page.get_by_label("The goods come back")).not_to_be_checked()  # the box follows the remedy
    page.get_by_label("store credit").check()
    page.get_by_role("button", name="Propose offer").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("awaiting approval")
