"""A parcel without a slip finds its case: recorded with its photo, suggested with the reasons, attached, inspected."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from inspection.models import UnknownParcel
from returns.models import Case
from tests.factories import CustomerFactory, OrderFactory, make_case
from tests.figures import Figure, record
from tests.steps import inspection_pages
from tests.steps.browser_users import LANTERN, People, photo
from tests.steps.case_states import approve, propose, reload_case, take_steps
from tests.steps.wording import Wording

CODE = "1Z 999 AA1"


@pytest.mark.parametrize(("locale", "device"), [("en", "phone"), ("zh-Hans", "desktop")])
def test_an_unknown_parcel_finds_its_case(
    people: People, settings: Any, tmp_path: Path, locale: str, device: str
) -> None:
    settings.MFA_REQUIRED = True
    case = people.case(propose, approve, quantity=2)
    other = OrderFactory(shop=people.order.shop, customer=CustomerFactory(shop=people.order.shop, name="Bo Larsen"))
    take_steps(make_case(order=other), people.staff, propose, approve)
    page, say = people.sign_in("inspector", locale=locale, device=device), Wording(locale)
    scan_what_nobody_knows(page, say)
    record_it(page, say, photo(tmp_path, "label.jpg"))
    attach_what_is_suggested(page, say, case)
    receive_it(page, say, case)
    record(Figure("Stories", f"An unknown parcel ({locale})", 6, "clicks", note="scan, record, attach, receive"))
    it_is_at_the_bench(page, say, case)


def scan_what_nobody_knows(page: Page, say: Wording) -> None:
    page.goto("/desk/bench/")
    page.get_by_label(say("Number"), exact=True).fill(CODE)
    page.keyboard.press("Enter")  # as a scanner does
    page.get_by_role("link", name=say("Record an unknown parcel")).click()


def record_it(page: Page, say: Wording, label: Path) -> None:
    expect(page.get_by_label(say("Tracking number"))).to_have_value(CODE)
    page.locator("#id_pictures").set_input_files(label)
    expect(page.locator(".drop-list li")).to_have_count(1)
    page.get_by_label(say("Carrier")).fill("UPS")
    page.get_by_label(say("Sender")).fill("anna schmidt")
    page.get_by_label(say("Weight in grams")).fill("1250")
    page.get_by_role("button", name=say("Record parcel")).click()
    expect(page.get_by_role("status").first).to_contain_text(
        say("The parcel is recorded. Put it aside with its label up.")
    )
    facts = page.locator(".facts")
    for words in (CODE, "UPS", "anna schmidt", say("%(grams)s g", grams=1250)):
        expect(facts).to_contain_text(words)
    expect(page.locator(".pictures img")).to_have_count(1)


def attach_what_is_suggested(page: Page, say: Wording, case: Case) -> None:
    """One case waits for this shopper's goods; the other is not named."""
    suggestion = page.locator(".suggestions > li")
    expect(suggestion).to_have_count(1)
    expect(suggestion).to_contain_text(say("the shopper's name is %(name)s", name="anna schmidt"))
    suggestion.get_by_role("button", name=say("Attach to %(number)s", number=case.number)).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(say("Receive %(number)s", number=case.number))


def receive_it(page: Page, say: Wording, case: Case) -> None:
    page.get_by_label(LANTERN).fill("2")
    page.get_by_role("button", name=say("Confirm receipt")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(say("Inspect %(number)s", number=case.number))


def it_is_at_the_bench(page: Page, say: Wording, case: Case) -> None:
    """In the list of what is to be inspected; no unknown parcel waits; the photo of the label is the case's."""
    page.goto("/desk/bench/")
    expect(page.get_by_role("table").first).to_contain_text(case.number)
    expect(page.get_by_role("heading", name=say("Unknown parcels"))).to_have_count(0)
    assert reload_case(case).status == Case.Status.RECEIVED
    parcel = UnknownParcel.objects.get()
    assert (parcel.case, parcel.weight) == (case, 1250)
    assert [photo.sha256 for photo in case.photos.all()] == [parcel.photos.get().sha256]
    assert [receipt.parcel.tracking_number for receipt in case.receipts.all()] == [CODE]
    inspection_pages.scan(page, CODE) if say.locale == "en" else page.goto(f"/desk/cases/{case.number}/inspect/")
    expect(page.get_by_role("heading", level=1)).to_contain_text(case.number)
