"""What finance does on the pages."""

from playwright.sync_api import Page, expect

from tests.steps.shopper_pages import heading


def open_refund(page: Page, number: str, *, tab: str) -> None:
    """Find the refund of a case in the list."""
    page.goto("/desk/refunds/")
    page.get_by_role("link", name=tab).click()
    page.get_by_role("link", name=number).click()


def confirm(page: Page, number: str, *, reference: str) -> None:
    """Say that the bank has paid, with its reference."""
    open_refund(page, number, tab="To do")
    page.get_by_label("Bank reference").fill(reference)
    page.get_by_role("button", name="Mark as paid").click()
    expect(page.get_by_text("The refund is paid and booked.")).to_be_visible()
    heading(page, "paid")


def fail(page: Page, number: str, *, why: str) -> None:
    """Say that the bank has not paid, and why."""
    open_refund(page, number, tab="To do")
    page.get_by_text("The payment failed").click()
    page.get_by_label("Why it failed").fill(why)
    page.get_by_role("button", name="Mark as failed").click()
    heading(page, "failed")
