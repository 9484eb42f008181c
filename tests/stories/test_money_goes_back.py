"""Paying: by the worker, by finance, and what happens when the bank refuses."""

from collections.abc import Callable
from datetime import timedelta

from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import expect

from returns.review.expiry import run_due
from tests.stories import desk, finance, shopper, ways
from tests.stories.people import People

SETTLED = (*ways.BACK, ways.judge, ways.settle)


def test_a_worker_pays_store_credit_and_the_shopper_is_told(people: People, run_jobs: Callable[[], None]) -> None:
    case = people.case(ways.propose_credit, ways.approve, ways.send, ways.arrive, ways.judge)
    run_jobs()
    run_jobs()
    assert ways.now(case).status == "resolved"
    page = people.shopper
    shopper.open_case(page, case.number)
    expect(page.get_by_role("region", name="What you'll get")).to_contain_text("Your store credit: €20.00")
    assert "€20.00" in shopper.mails(people.order)
    call_command("verify_ledger")


def test_a_failed_payout_is_retried_under_another_key(people: People, run_jobs: Callable[[], None]) -> None:
    case = people.case(*SETTLED)
    run_jobs()
    page = people.finance
    finance.fail(page, case.number, why="The account is closed.")
    key = case.refunds.get().idempotency_key
    shopper.open_case(people.shopper, case.number)
    expect(people.shopper.get_by_role("region", name="What you'll get")).to_contain_text("didn't go through")
    finance.open_refund(page, case.number, tab="Failed")
    page.get_by_role("button", name="Retry").click()
    run_jobs()
    assert case.refunds.get().idempotency_key != key
    finance.confirm(page, case.number, reference="BACS-1")
    assert ways.now(case).status == "resolved"
    call_command("verify_ledger")


def test_time_closes_a_case_and_then_nothing_changes(people: People) -> None:
    case = people.case(*SETTLED, ways.pay)
    assert run_due(timezone.now() + timedelta(days=15)) == 1
    desk.open_case(people.agent, case.number)
    expect(people.agent.locator(".case-do")).to_contain_text("There's nothing for you to decide at this stage.")
    shopper.open_case(people.shopper, case.number)
    expect(people.shopper.get_by_role("heading", name="Your request is closed")).to_be_visible()
    expect(people.shopper.locator("form[method=post]")).to_have_count(
        people.shopper.locator(".topbar-tools form").count()
    )
    call_command("verify_logbook")
