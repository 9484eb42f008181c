"""A merchant's own table, from choosing the file to the orders: on a phone, on a desktop, and without scripts."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from signoff.imports.jobs.runner import run_waiting
from signoff.models import Order, OrderAnomaly
from tests.factories import OrderAnomalyFactory, ShopFactory, UserFactory
from tests.factories.uploads import generic_csv, generic_row

pytestmark = pytest.mark.django_db(transaction=True)
FILE = "订单 2026 ⭐.csv"
WAYS = [("phone", True), ("desktop", True), ("phone", False)]


def choose(page: Page, path: Path) -> None:
    page.goto("/desk/imports/")
    page.get_by_role("link", name="Import").last.click()
    page.get_by_label("Files").set_input_files(path)
    page.get_by_role("button", name="Preview").click()


def explain(page: Page) -> None:
    """Say of the columns that nobody could guess what they hold."""
    expect(page.get_by_role("heading", name="Assign columns")).to_be_visible()
    page.get_by_role("button", name="Preview orders").click()
    expect(page.get_by_text("Choose the columns that hold: Order number, Order time.")).to_be_visible()
    page.get_by_label("No", exact=False).first.select_option("number")
    page.get_by_label("Day", exact=False).first.select_option("placed")
    page.get_by_label("Buyer", exact=False).first.select_option("ship_name")
    page.get_by_role("button", name="Preview orders").click()


@pytest.mark.parametrize(("device", "javascript"), WAYS)
def test_orders_are_brought_in_and_what_was_refused_is_mended(
    new_page: Callable[..., Page], tmp_path: Path, device: str, javascript: bool
) -> None:
    ShopFactory(currency="EUR")
    page = new_page(user=UserFactory(role="manager"), device=device, javascript=javascript)
    path = tmp_path / FILE
    path.write_bytes(
        generic_csv(generic_row("L-1"), generic_row("L-2", quantity="two"), generic_row("L-3", sku="=1+1"))
    )
    choose(page, path)
    explain(page)
    expect(page.get_by_text("“two” is not")).to_be_visible()
    expect(page.get_by_role("row", name="L-1")).to_contain_text("€20.00")
    page.get_by_role("button", name="Import these orders").click()
    expect(page.get_by_text("The import starts within half a minute")).to_be_visible()
    page.reload()
    expect(page.get_by_text("The import starts within half a minute")).to_be_visible()
    run_waiting()
    if not javascript:
        page.get_by_role("link", name="Refresh progress").click()
    expect(page.get_by_role("link", name="New orders")).to_contain_text("2")
    mend(page, tmp_path)
    assert sorted(Order.objects.values_list("number", flat=True)) == ["L-1", "L-2", "L-3"]


def mend(page: Page, folder: Path) -> None:
    """Download the refused rows, write a number where it was a word, and send that file as it is."""
    with page.expect_download() as told:
        page.get_by_role("link", name="Download rejected rows").click()
    path = folder / told.value.suggested_filename
    told.value.save_as(path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [[cell.replace("two", "2") for cell in row] for row in csv.reader(file)]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    choose(page, path)
    page.get_by_role("button", name="Import these orders").click()
    expect(page.get_by_text("The import starts within half a minute")).to_be_visible()
    run_waiting()
    page.get_by_role("link", name="Refresh progress").click()
    expect(page.get_by_role("link", name="New orders")).to_contain_text("1")


@pytest.mark.parametrize("javascript", [True, False])
def test_an_odd_order_is_settled(new_page: Callable[..., Page], javascript: bool) -> None:
    odd = OrderAnomalyFactory(kind="unpaid", facts={"paid": "5.00", "total": "20.00"})
    page = new_page(user=UserFactory(role="agent"), device="phone", javascript=javascript)
    page.goto("/desk/orders/odd/")
    expect(page.get_by_text("Only €5.00 of €20.00 has been paid.")).to_be_visible()
    page.locator("summary", has_text="Mark as handled").click()
    page.get_by_label("Outcome").fill("Paid in the shop.")
    page.get_by_role("button", name="Mark as handled").click()
    expect(page.get_by_text(f"Handled: order {odd.order.number}.")).to_be_visible()
    assert OrderAnomaly.objects.get().words == "Paid in the shop."
