"""More than one pair of eyes: approvals, own plans, and what the bench finds against the claim."""

from collections.abc import Callable
from pathlib import Path

from django.core.management import call_command
from playwright.sync_api import expect

from tests.steps import case_states, desk_pages, inspection_pages, shopper_pages
from tests.steps.browser_users import LANTERN, People, photo
from tests.steps.plans import make_tier


def test_who_is_agent_and_manager_cannot_approve_a_plan_of_theirs(people: People) -> None:
    case = people.case()
    page = people.page("both")
    desk_pages.propose(page, case.number, gateway="store credit")
    desk_pages.open_plan(page, case.number, tab="others")
    expect(page.get_by_text("You can't approve your own plan. Someone else has to.")).to_be_visible()
    expect(page.locator("summary", has_text="Approve")).to_have_count(0)
    desk_pages.approve(people.manager, case.number)
    assert case_states.reload_case(case).status == "authorised"


def test_a_big_plan_needs_a_second_approver(people: People) -> None:
    case = people.case(quantity=3)
    make_tier(case, "50.00", 2)
    case_states.take_steps(case, people.staff, case_states.propose)
    desk_pages.approve(people.manager, case.number)
    expect(people.manager.get_by_text("One more person has to approve it")).to_be_visible()
    desk_pages.open_plan(people.manager, case.number, tab="others")
    expect(people.manager.get_by_text("You have already approved this plan")).to_be_visible()
    assert case_states.reload_case(case).status == "awaiting_approval"
    desk_pages.approve(people.page("manager2"), case.number)
    assert case_states.reload_case(case).status == "authorised"


def test_a_plan_is_sent_back_and_made_again(people: People) -> None:
    case = people.case(case_states.propose)
    page = people.manager
    desk_pages.open_plan(page, case.number)
    page.locator("summary", has_text="Send plan back").click()
    page.get_by_role("button", name="Send plan back").click()
    expect(page.get_by_text("Say what to change")).to_be_visible()
    page.get_by_label("What to change").fill("The goods are worth more to us here.")
    page.get_by_role("button", name="Send plan back").click()
    shopper_pages.heading(page, "Approvals")
    desk_pages.step(people.agent, case.number, "Propose plan")
    expect(people.agent.get_by_text("The goods are worth more to us here.")).to_be_visible()
    desk_pages.propose(people.agent, case.number, gateway="store credit")
    assert case_states.reload_case(case).status == "awaiting_approval"


def test_a_verdict_against_the_claim_asks_for_a_new_plan(
    people: People, run_jobs: Callable[[], None], tmp_path: Path
) -> None:
    case = people.case(*case_states.BACK)
    page = people.inspector
    inspection_pages.scan(page, case.number)
    inspection_pages.conclude(
        page,
        case.number,
        verdict="not our goods",
        disposition="send back to the shopper",
        words="A lantern of another maker.",
        picture=photo(tmp_path),
    )
    run_jobs()
    desk_pages.open_case(people.agent, case.number)
    expect(people.agent.locator("#conversation")).to_contain_text("The verdict doesn't match the plan")
    expect(people.agent.locator(".case-matter")).to_contain_text("A lantern of another maker.")
    reject_from_bench(people, case.number)
    shopper_pages.open_case(people.shopper, case.number)
    expect(people.shopper.get_by_role("heading", name="Sorry, we can't approve your request")).to_be_visible()


def test_what_was_found_is_paid_by_a_new_plan(people: People, run_jobs: Callable[[], None], tmp_path: Path) -> None:
    case = people.case(case_states.propose, case_states.approve, case_states.send, quantity=2)
    page = people.inspector
    inspection_pages.scan(page, f"https://shop.example/desk/cases/{case.number}/receive/")
    box = photo(tmp_path)
    inspection_pages.receive(page, case.number, counted={LANTERN: 1}, picture=box, remarks="One is missing.")
    inspection_pages.conclude(page, case.number, verdict="as reported", disposition="refurbish", picture=box)
    run_jobs()
    desk_pages.step(people.agent, case.number, "Propose plan")
    desk_pages.expect_money(people.agent, {f"1 × {LANTERN}": "€20.00", "To refund": "€20.00"})
    desk_pages.propose(people.agent, case.number, gateway="store credit", note="For the one that came.")
    desk_pages.approve(people.manager, case.number)
    run_jobs()
    run_jobs()
    assert case_states.reload_case(case).status == "resolved"
    call_command("verify_ledger")


def reject_from_bench(people: People, number: str) -> None:
    page = people.agent
    desk_pages.step(page, number, "Reject")
    page.get_by_label("Reason for rejection").fill("What came back is not what we sold.")
    page.get_by_role("button", name="Reject").click()
    shopper_pages.heading(page, number)
