"""Paying: by the worker, by finance, and what happens when the bank refuses."""

from collections.abc import Callable
from datetime import timedelta

from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import expect

from returns.review.expiry import run_due
from tests.steps import case_states, desk_pages, finance_pages, shopper_pages
from tests.steps.browser_users import People

SETTLED = (*case_states.BACK, case_states.judge, case_states.settle)


def test_a_worker_pays_store_credit_and_the_shopper_is_told(people: People, run_jobs: Callable[[], None]) -> None:
    case = people.case(
        case_states.propose_credit, case_states.approve, case_states.send, case_states.arrive, case_states.judge
    )
    run_jobs()
    run_jobs()
    assert case_states.reload_case(case).status == "resolved"
    page = people.shopper
    shopper_pages.open_case(page, case.number)
    expect(page.get_by_role("region", name="What you'll get")).to_contain_text("Your store credit: €20.00")
    assert "€20.00" in shopper_pages.mails(people.order)
    call_command("verify_ledger")


def test_a_failed_payout_is_retried_under_another_key(people: People, run_jobs: Callable[[], None]) -> None:
    case = people.case(*SETTLED)
    run_jobs()
    page = people.finance
    finance_pages.fail(page, case.number, why="The account is closed.")
    key = case.refunds.get().idempotency_key
    shopper_pages.open_case(people.shopper, case.number)
    expect(people.shopper.get_by_role("region", name="What you'll get")).to_contain_text("didn't go through")
    finance_pages.open_refund(page, case.number, tab="Failed")
    page.get_by_role("button", name="Retry").click()
    run_jobs()
    assert case.refunds.get().idempotency_key != key
    finance_pages.confirm(page, case.number, reference="BACS-1")
    assert case_states.reload_case(case).status == "resolved"
    call_command("verify_ledger")


def test_time_closes_a_case_and_then_nothing_changes(people: People) -> None:
    case = people.case(*SETTLED, case_states.pay)
    assert run_due(timezone.now() + timedelta(days=15)) == 1
    desk_pages.open_case(people.agent, case.number)
    expect(people.agent.locator(".case-do")).to_contain_text("There's nothing for you to decide at this stage.")
    shopper_pages.open_case(people.shopper, case.number)
    expect(people.shopper.get_by_role("heading", name="Your request is closed")).to_be_visible()
    expect(people.shopper.locator("form[method=post]")).to_have_count(
        people.shopper.locator(".topbar-tools form").count()
    )
    call_command("verify_logbook")
