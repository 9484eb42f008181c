"""Signing for a parcel in a real browser: on a phone, with and without scripts, in the light and in the dark."""

import os
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from signoff.models import Discrepancy, Parcel, Rating, SignOff
from signoff.signoffs.links import path_for
from tests.datafiles import data_file
from tests.factories import OrderFactory, ParcelFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)

PHOTO = data_file("photos/orient_landscape_1.jpg")


@pytest.fixture
def parcel() -> Parcel:
    order = OrderFactory(lines=[(3, "20.00"), (1, "50.00")])
    order.lines.filter(position=2).update(title="Kaffeevollautomat mit Milchschaumdüse, edelstahlfarben")
    return ParcelFactory(order=order)


def wrong() -> list[tuple[str, int]]:
    return sorted(Discrepancy.objects.values_list("kind", "quantity"))


def say_what_is_wrong(page: Page) -> None:
    page.get_by_text("Report a problem").click()
    page.get_by_text("Paper lantern, large").last.click()
    page.get_by_label("How many arrived?").fill("2")
    page.get_by_label("Damaged").first.fill("1")
    page.get_by_text("Kaffeevollautomat").last.click()
    page.locator(".sign-line label.chip", has_text="Does not work").click()


def snap(page: Page, name: str) -> None:
    if folder := os.environ.get("SNAPS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_one_tap_on_a_phone_and_five_stars(phone: Page, parcel: Parcel, axe: Callable[[Page], None]) -> None:
    phone.goto(path_for(parcel))
    axe(phone)
    snap(phone, "sign-phone")
    button = phone.get_by_role("button", name="Everything is as ordered: sign for it")
    assert button.bounding_box()["y"] < 844  # within the first screenful
    button.click()
    phone.get_by_role("heading", name="The parcel has been signed for").wait_for()
    axe(phone)
    snap(phone, "signed-phone")
    phone.get_by_label("5 Very good").first.check(force=True)
    phone.get_by_role("button", name="Submit rating").click()
    phone.get_by_text("Thank you. We read every comment.").wait_for()
    axe(phone)
    assert SignOff.objects.get().outcome == "accepted"
    assert Rating.objects.get().stars == 5


def test_all_that_is_wrong_with_photos_that_are_kept_at_once(
    phone: Page, parcel: Parcel, axe: Callable[[Page], None]
) -> None:
    phone.goto(path_for(parcel))
    say_what_is_wrong(phone)
    phone.locator("#outside-photos").set_input_files(PHOTO)
    phone.locator("#outside").get_by_role("button", name="Remove photo 1").wait_for()
    phone.locator("#line1-photos").set_input_files(PHOTO)
    phone.locator("#line1").get_by_role("button", name="Remove photo 1").wait_for()
    axe(phone)
    snap(phone, "report-phone")
    phone.get_by_role("button", name="Submit report").click()
    phone.get_by_role("heading", name="The parcel has been signed for").wait_for()
    axe(phone)
    snap(phone, "reported-phone")
    assert wrong() == [("damaged", 1), ("defective", 1), ("missing", 1)]
    assert SignOff.objects.get().photos.count() == 2


def test_the_same_without_scripts(new_page: Callable[..., Page], parcel: Parcel) -> None:
    page = new_page(device="phone", javascript=False)
    page.goto(path_for(parcel))
    say_what_is_wrong(page)
    page.locator("#line1-photos").set_input_files(PHOTO)
    page.locator("#line1").get_by_role("button", name="Add these photos").click()
    page.locator("#line1").get_by_role("button", name="Remove photo 1").wait_for()
    assert page.get_by_label("How many arrived?").input_value() == "2"
    page.get_by_role("button", name="Submit report").click()
    page.get_by_role("heading", name="The parcel has been signed for").wait_for()
    assert wrong() == [("damaged", 1), ("defective", 1), ("missing", 1)]
    assert SignOff.objects.get().photos.count() == 1


def test_the_enter_key_sends_what_was_typed_and_never_signs_for_all(phone: Page, parcel: Parcel) -> None:
    phone.goto(path_for(parcel))
    phone.get_by_text("Report a problem").click()
    phone.get_by_text("Paper lantern, large").last.click()
    phone.get_by_label("How many arrived?").fill("1")
    phone.get_by_label("How many arrived?").press("Enter")
    phone.get_by_role("heading", name="The parcel has been signed for").wait_for()
    assert wrong() == [("missing", 2)]


def test_refused_in_the_dark_after_a_sentence(
    new_page: Callable[..., Page], parcel: Parcel, axe: Callable[[Page], None]
) -> None:
    page = new_page(device="phone", dark=True, locale="de")
    page.goto(path_for(parcel))
    page.get_by_text("Report a problem").click()
    page.get_by_text("Refuse the parcel at the door").click()
    page.get_by_role("button", name="Refuse the whole parcel").click()
    page.get_by_text("Choose the reason for refusing").wait_for()
    axe(page)
    snap(page, "refuse-dark")
    page.locator(".confirm label.chip", has_text="Damaged").click()
    page.get_by_role("button", name="Refuse the whole parcel").click()
    page.get_by_role("heading", name="The parcel was refused").wait_for()
    axe(page)
    snap(page, "refused-dark")
    assert wrong() == [("damaged", 1), ("damaged", 3)]


def test_a_link_that_is_over_on_a_desktop(page: Page, axe: Callable[[Page], None]) -> None:
    page.goto("/sign/nonsense/")
    page.get_by_role("link", name="Find my order").wait_for()
    axe(page)
    snap(page, "over-desktop")


def test_a_caller_signs_at_the_desk_and_it_is_corrected(
    new_page: Callable[..., Page], parcel: Parcel, axe: Callable[[Page], None]
) -> None:
    page = new_page(user=UserFactory(role="agent"))
    page.goto(f"/desk/orders/{parcel.order.token}/")
    page.get_by_role("link", name="Record a sign-off").click()
    axe(page)
    page.get_by_label("How many arrived?").first.fill("2")
    page.get_by_label("Comments on the whole parcel").fill("One is missing.")
    snap(page, "record-desktop")
    page.get_by_role("button", name="Record sign-off").click()
    page.get_by_text("Sign-off recorded.").wait_for()
    page.get_by_role("link", name="Correct").click()
    assert page.get_by_label("How many arrived?").first.input_value() == "2"
    page.get_by_label("How many arrived?").first.fill("9")
    page.get_by_role("button", name="Save correction").click()
    page.get_by_text("Only 3 items were sent").wait_for()
    axe(page)
    snap(page, "correct-desktop")
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme="dark")
    axe(page)
    snap(page, "correct-phone-dark")
    page.get_by_label("How many arrived?").first.fill("3")
    page.get_by_role("button", name="Save correction").click()
    page.get_by_text("Sign-off corrected.").wait_for()
    page.get_by_text("1 sign-off that was corrected").click()
    snap(page, "order-phone-dark")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.emulate_media(color_scheme="light")
    axe(page)
    snap(page, "order-desktop")
    assert SignOff.objects.count() == 2
