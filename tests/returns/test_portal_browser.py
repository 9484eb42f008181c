"""The shopper's pages in a real browser: on a phone, with and without scripts, and open to everybody."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from returns.models import Case, Evidence
from returns.review.actions import reject, request_information
from signoff.models import Order
from tests.datafiles import data_file
from tests.factories import OrderFactory, ReasonFactory, UserFactory, make_case
from tests.steps.order_lookup import newest_code

pytestmark = pytest.mark.django_db(transaction=True)

PHOTO = data_file("photos/orient_landscape_1.jpg")


@pytest.fixture
def order() -> Order:
    order = OrderFactory(lines=[(3, "20.00"), (1, "50.00")])
    ReasonFactory(shop=order.shop, photos_required=1)
    return order


def come_in(page: Page, order: Order) -> None:
    page.goto("/")
    page.get_by_label("Order number").fill(order.number)
    page.get_by_label("E-mail address").fill(order.customer.email)
    page.get_by_role("button", name="Send code").click()
    page.wait_for_url("**/code/")
    page.get_by_label("Six-digit code").fill(newest_code())
    page.get_by_role("button", name="View order").click()
    page.wait_for_url("**/orders/*/")


def choose_and_describe(page: Page) -> None:
    page.get_by_role("link", name="Return or report a problem").click()
    page.locator("[name=pick-1]").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("What's wrong?").select_option("defective")
    page.get_by_label("Describe the problem").fill("It flickers.")


def test_a_request_on_a_phone_with_a_photo_that_is_uploaded_at_once(
    phone: Page, order: Order, axe: Callable[[Page], None]
) -> None:
    come_in(phone, order)
    axe(phone)
    phone.get_by_role("link", name="Return or report a problem").click()
    axe(phone)
    phone.go_back()
    choose_and_describe(phone)
    phone.get_by_label("Photos").set_input_files(PHOTO)
    phone.get_by_role("button", name="Remove photo 1").wait_for()
    axe(phone)
    phone.get_by_role("button", name="Continue").click()
    phone.wait_for_url("**/check/")
    axe(phone)
    phone.get_by_role("button", name="Submit request").click()
    phone.wait_for_url("**/cases/*/")
    axe(phone)
    case = Case.objects.get()
    flash = phone.locator(".flashes").inner_text().strip()
    assert flash == f"We've received your request. Its number is {case.number}."
    assert case.evidence.count() == 1


def test_the_same_without_scripts(new_page: Callable[..., Page], order: Order) -> None:
    page = new_page(device="phone", javascript=False)
    come_in(page, order)
    choose_and_describe(page)
    page.get_by_label("Photos").set_input_files(PHOTO)
    page.get_by_role("button", name="Add these photos").click()
    page.get_by_role("button", name="Remove photo 1").wait_for()
    assert page.get_by_label("Describe the problem").input_value() == "It flickers."
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Submit request").click()
    page.wait_for_url("**/cases/*/")
    assert Evidence.objects.get().case == Case.objects.get()


def test_dark_pages_of_a_question_and_a_rejection_keep_nobody_out(
    new_page: Callable[..., Page], order: Order, axe: Callable[[Page], None]
) -> None:
    page, agent = new_page(dark=True), UserFactory(role="agent")
    asked = request_information(make_case(order=order), by=agent, question="Which side is torn?")
    refused = reject(make_case(order=order), by=agent, words="It was used.")
    page.goto("/")
    axe(page)
    come_in(page, order)
    axe(page)
    for case, step in ((asked, "supply_information"), (refused, "appeal")):
        page.goto(f"/cases/{case.number}/")
        axe(page)
        page.goto(f"/cases/{case.number}/{step}/")
        axe(page)
    page.goto("/orders/")
    axe(page)
