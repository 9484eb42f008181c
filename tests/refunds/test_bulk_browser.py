"""Many plans and many cases in a browser: with scripts, without, and on a phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from returns.models import Case
from tests.factories import UserFactory, make_case
from tests.steps.plans import propose_plan

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_manager_clears_plans_without_scripts_and_nothing_is_hidden(new_page: Callable[..., Page]) -> None:
    agent, boss = UserFactory(role="agent", first_name="Jon"), UserFactory(role="manager", last_name="Nair")
    cases = [propose_plan(make_case(quantity=2), by=agent) for _place in range(3)]
    page = new_page(user=boss, javascript=False)
    page.goto("/desk/approvals/")
    for case in cases[:2]:
        page.get_by_label(f"Choose {case.number}").check()
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("2 plans are approved and carried out; offers go to the shoppers.")).to_be_visible()
    page.get_by_role("button", name="Approve · 2").click()
    expect(page.get_by_role("link", name="Back to the list")).to_be_visible()
    assert [case.pk for case in Case.objects.filter(status="awaiting_approval")] == [cases[2].pk]


def test_a_manager_clears_plans_by_keys_and_sees_what_they_add_up_to(new_page: Callable[..., Page]) -> None:
    agent, boss = UserFactory(role="agent", first_name="Jon"), UserFactory(role="manager", last_name="Nair")
    cases = [propose_plan(make_case(quantity=2), by=agent) for _place in range(3)]
    page = new_page(user=boss)
    page.goto("/desk/approvals/")
    bar, approve = page.locator("[data-bulk]"), page.get_by_role("button", name="Approve")
    expect(approve).to_be_disabled()
    for key in ("j", "x", "j", "x"):
        page.keyboard.press(key)
    expect(bar.get_by_text("2 chosen")).to_be_visible()
    expect(bar.locator("dt")).to_have_text("€80.00")
    expect(bar.locator("dd")).to_have_text("2 cases")
    page.keyboard.press("x")
    expect(bar.locator("dt")).to_have_text("€40.00")
    page.keyboard.press("Escape")
    expect(approve).to_be_disabled()
    page.get_by_label("Choose all rows of this page").check()
    expect(bar.locator("dt")).to_have_text("€120.00")
    page.keyboard.press("y")
    expect(page.get_by_text("3 plans are approved and carried out; offers go to the shoppers.")).to_be_visible()
    assert Case.objects.filter(status="awaiting_approval").count() == len(cases)  # it asks once
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Back to the list")).to_be_visible()
    assert Case.objects.filter(status="awaiting_approval").count() == 0


def test_the_first_case_is_in_the_first_screen_of_a_phone(new_page: Callable[..., Page]) -> None:
    cases = [make_case() for _place in range(6)]
    page = new_page(user=UserFactory(role="agent"), device="phone")
    page.goto("/desk/cases/")
    box = page.get_by_role("row").filter(has_text=cases[0].number).bounding_box()
    size = page.viewport_size
    assert box
    assert size
    assert box["y"] + box["height"] < size["height"]
    assert box["height"] < 72  # two lines
    expect(page.locator("#id_owner")).to_be_hidden()
    page.locator("summary", has_text="Filters").click()
    expect(page.locator("#id_owner")).to_be_visible()
