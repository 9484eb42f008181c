"""The desk in Chromium: the keyboard, htmx, no script at all, every page for everybody."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from returns.models import Case
from returns.review.actions import request_information
from returns.review.assignment import take
from tests.factories import ApiTokenFactory, ReasonFactory, UserFactory, make_case

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def agent() -> User:
    return UserFactory(role="agent")


def test_rows_are_walked_and_opened_by_keys(new_page: Callable[..., Page], agent: User) -> None:
    cases = [make_case() for _ in range(3)]
    page = new_page(user=agent)
    page.goto("/desk/cases/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{cases[1].get_absolute_url()}")


def test_a_filter_changes_the_list_without_a_new_page(new_page: Callable[..., Page], agent: User) -> None:
    mine, other = take(make_case(), by=agent), make_case()
    page = new_page(user=agent)
    page.goto("/desk/cases/")
    page.evaluate("document.body.dataset.same = 'yes'")
    page.locator("#id_owner").select_option("me")
    expect(page.get_by_text(other.number)).to_have_count(0)
    expect(page.get_by_text(mine.number)).to_have_count(1)
    assert "owner=me" in page.url
    page.get_by_role("link", name="Finished").click()
    expect(page.get_by_text("No matching cases")).to_be_visible()
    assert page.evaluate("document.body.dataset.same") == "yes"


def test_everything_works_without_scripts(new_page: Callable[..., Page], agent: User) -> None:
    first = make_case()
    make_case()
    page = new_page(user=agent, javascript=False)
    page.goto("/desk/")
    page.locator("#id_owner").select_option("none")
    page.get_by_role("button", name="Filter").click()
    page.get_by_role("button", name="Take next case").click()
    expect(page.get_by_role("heading", name=first.number)).to_be_visible()
    page.get_by_role("link", name="Ask shopper").click()
    page.get_by_label("Question to the shopper").fill("Which colour is it?")
    page.get_by_role("button", name="Ask shopper").click()
    expect(page.get_by_text("Which colour is it?").first).to_be_visible()
    assert Case.objects.get(pk=first.pk).status == "waiting_on_shopper"


@pytest.mark.parametrize(("device", "dark"), [("desktop", False), ("phone", True)])
def test_every_page_of_the_desk_keeps_nobody_out(
    new_page: Callable[..., Page], agent: User, axe: Any, device: str, dark: bool
) -> None:
    case = request_information(make_case(), by=agent, question="Which colour?")
    other = make_case()
    page = new_page(user=agent, device=device, dark=dark)
    for address in (
        "/desk/cases/",
        "/desk/cases/?q=nothing",
        case.get_absolute_url(),
        f"{other.get_absolute_url()}reject/",
        "/desk/lifecycle/",
        "/desk/orders/",
        f"/desk/orders/{case.order.token}/",
    ):
        page.goto(address)
        axe(page)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{address} is {wide} px too wide"


def test_the_admin_breaks_no_rule_of_the_content_policy(new_page: Callable[..., Page]) -> None:
    case, reason = make_case(), ReasonFactory(code="late")
    page = new_page(user=User.objects.create_superuser("boss"))
    for address in (
        "/admin/",
        "/admin/returns/case/",
        f"/admin/returns/case/{case.pk}/change/",
        "/admin/returns/reason/",
        f"/admin/returns/reason/{reason.pk}/change/",
        f"/admin/returns/reason/{reason.pk}/history/",
        f"/admin/returns/reason/{reason.pk}/history/{reason.history.latest().pk}/",
        "/admin/signoff/shop/add/",
        "/admin/signoff/order/",
        "/admin/signoff/apitoken/",
        f"/admin/signoff/apitoken/{ApiTokenFactory().pk}/change/",
        "/admin/auth/user/add/",
        "/admin/auth/group/1/change/",
        "/admin/auth/user/",
    ):
        assert page.goto(address).status == 200, address
        page.wait_for_load_state("networkidle")
