"""One case through every role, in the browser, as it happens in a shop."""

import html
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import IntegrityError
from playwright.sync_api import expect

from refunds.models import Entry
from returns.models import Case
from tests.steps import desk_pages, finance_pages, inspection_pages, shopper_pages
from tests.steps.browser_users import LANTERN, People, photo

Jobs = Callable[[], None]

TRACKING = "JD014600003RU"


def test_one_case_goes_through_every_role(people: People, run_jobs: Jobs, tmp_path: Path) -> None:
    number = shopper_asks(people, tmp_path)
    agent_proposes(people, number)
    nobody_approves_their_own_plan(people, number)
    manager_approves(people, number, run_jobs)
    shopper_sends_the_goods(people, number)
    inspector_receives_and_inspects(people, number, tmp_path)
    finance_pays(people, number, run_jobs)
    shopper_answers_the_survey(people, number, run_jobs)
    case_is_over(people, number)


def shopper_asks(people: People, folder: Path) -> str:
    page = people.shopper
    shopper_pages.find_order(page, people.order)
    shopper_pages.pick(page, LANTERN, quantity=2)
    shopper_pages.describe(
        page,
        reason="It does not work",
        wish="Refund",
        words="Two of them stay dark.",
        photos=[photo(folder)],
    )
    shopper_pages.heading(page, "Check and submit")
    desk_pages.expect_money(page, {f"2 × {LANTERN}": "€40.00", "Refund": "€40.00"})
    expect(page.get_by_role("region", name="Timing")).to_contain_text("Our decision")
    number = shopper_pages.send(page)
    expect(page.get_by_role("region", name="Progress so far")).to_contain_text("You")
    expect(page.get_by_role("region", name="Your request", exact=True)).to_contain_text("Two of them stay dark.")
    return number


def agent_proposes(people: People, number: str) -> None:
    page = people.agent
    assert desk_pages.take_next(page) == number
    expect(page.locator(".case-matter")).to_contain_text("Two of them stay dark.")
    expect(page.locator(".strip img")).to_have_count(1)
    page.locator(".case-do").get_by_role("link", name="Propose plan").click()
    shopper_pages.heading(page, "Propose plan")
    desk_pages.expect_money(page, {f"2 × {LANTERN}": "€40.00", "To refund": "€40.00"})
    page.get_by_label("Quantity").fill("1")
    desk_pages.expect_money(page, {f"1 × {LANTERN}": "€20.00", "To refund": "€20.00"})
    page = people.page("both")
    desk_pages.propose(page, number, gateway="Bank transfer to an account", note="Known fault of this series.")
    expect(page.get_by_role("heading", level=1)).to_contain_text("awaiting approval")


def nobody_approves_their_own_plan(people: People, number: str) -> None:
    """An agent has no key to the queue; who is both agent and manager has one, not for a plan of theirs."""
    page = people.agent
    assert page.goto("/desk/approvals/").status == 403
    assert page.goto(f"/desk/cases/{number}/authorise/").status == 403
    page = people.page("both")
    desk_pages.open_plan(page, number, tab="others")
    expect(page.get_by_text("You can't approve your own plan. Someone else has to.")).to_be_visible()
    expect(page.get_by_role("button", name="Yes, approve")).to_have_count(0)
    answer = desk_pages.send_approval(page, Case.objects.get(number=number))
    assert "You can't approve your own plan. Someone else has to." in html.unescape(answer.text())
    assert Case.objects.get(number=number).status == Case.Status.AWAITING_APPROVAL


def manager_approves(people: People, number: str, run_jobs: Jobs) -> None:
    page = people.manager
    desk_pages.open_plan(page, number)
    expect(page.get_by_text("Known fault of this series.")).to_be_visible()
    desk_pages.approve(page, number)
    run_jobs()
    assert "approved" in shopper_pages.mails(people.order)


def shopper_sends_the_goods(people: People, number: str) -> None:
    page = people.shopper
    shopper_pages.open_case(page, number)
    slip = page.request.get(page.get_by_role("link", name="Return slip").get_attribute("href")).body()
    assert number in inspection_pages.text_of(slip)
    assert inspection_pages.code_of(slip).endswith(f"/desk/cases/{number}/receive/")
    page.get_by_label("Carrier").fill("DHL")
    page.get_by_label("Tracking number").fill(TRACKING)
    page.get_by_role("button", name="I've sent it").click()
    expect(page.get_by_role("heading", name="Your parcel is on its way to us")).to_be_visible()


def inspector_receives_and_inspects(people: People, number: str, folder: Path) -> None:
    page = people.inspector
    inspection_pages.scan(page, TRACKING)
    inspection_pages.receive(
        page, number, counted={LANTERN: 2}, picture=photo(folder, "box.jpg"), remarks="Box crushed."
    )
    inspection_pages.conclude(
        page, number, verdict="as reported", disposition="scrap", picture=photo(folder, "inside.jpg")
    )
    expect(page.get_by_text("Box crushed.").first).to_be_visible()


def finance_pays(people: People, number: str, run_jobs: Jobs) -> None:
    run_jobs()
    assert Case.objects.get(number=number).status == Case.Status.SETTLING
    run_jobs()
    finance_pages.confirm(people.finance, number, reference="BACS-7730112")
    page = people.finance
    page.goto("/desk/ledger/")
    expect(page.get_by_role("main")).to_contain_text(number)
    assert Entry.objects.filter(case__number=number).exists()
    run_jobs()
    assert "€40.00" in shopper_pages.mails(people.order)


def shopper_answers_the_survey(people: People, number: str, run_jobs: Jobs) -> None:
    page = people.shopper
    [address] = re.findall(r"https?://\S+?(/survey/\S+)", shopper_pages.mails(people.order))[-1:]
    page.goto(address)
    page.get_by_role("group", name="Are you happy with the outcome?").get_by_role("radio", name="5").check()
    page.get_by_role("group", name="How easy was it?").get_by_role("radio", name="4").check()
    page.get_by_label("Anything else you'd like to tell us?").fill("Quick and kind.")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Send answer").click()
    shopper_pages.heading(page, "Thank you!")
    run_jobs()
    assert Case.objects.get(number=number).status == Case.Status.CLOSED


def case_is_over(people: People, number: str) -> None:
    """Nothing can be done any more; the timeline tells who did what, when and why."""
    page = people.agent
    desk_pages.open_case(page, number)
    expect(page.locator(".case-do")).to_contain_text("There's nothing for you to decide at this stage.")
    told = page.locator(".thread").inner_text()
    for words in ("Anna Schmidt", "Aya Brandt", "Bo Weiss", "Marta Lindqvist", "Ivo Petrov", "Femi Adeyemi", "System"):
        assert words in told, f"{words} is missing in: {told}"
    assert page.locator(".event-rule time").count() == page.locator(".event-rule").count() > 9
    with pytest.raises(IntegrityError, match="closed"):
        Case.objects.filter(number=number).update(value=0)
    call_command("verify_logbook")
    call_command("verify_ledger")
