"""What agents and managers do on the pages."""

import re

from playwright.sync_api import APIResponse, Page, expect

from returns.models import Case
from tests.steps.shopper_pages import heading


def open_case(page: Page, number: str) -> None:
    page.goto(f"/desk/cases/{number}/")
    heading(page, number)


def take_next(page: Page) -> str:
    """Take the case that is due first and return its number."""
    page.goto("/desk/")
    page.get_by_role("button", name="Take next case").click()
    heading(page, "R-")
    return re.search(r"R-\d+-\d", page.get_by_role("heading", level=1).inner_text())[0]


def step(page: Page, number: str, name: str) -> None:
    """Press the button of a step on the page of the case."""
    open_case(page, number)
    page.locator(".case-do").get_by_role("link", name=name, exact=True).click()


def propose(page: Page, number: str, *, gateway: str, note: str = "", keep: bool = False) -> None:
    """Propose the plan as suggested; with ``keep`` the goods stay with the shopper."""
    step(page, number, "Propose plan")
    page.get_by_label(gateway).check()
    if keep:
        page.get_by_label("The goods come back").uncheck()
    page.get_by_label("Note for the approver").fill(note)
    page.get_by_role("button", name="Propose plan").click()
    expect(page.get_by_role("alert").or_(page.get_by_role("status")).first).to_contain_text("Plan")


def open_plan(page: Page, number: str, *, tab: str = "me") -> None:
    """Find the plan in the queue of those who approve: among those that wait for the reader, or for "others"."""
    page.goto(f"/desk/approvals/?tab={tab}")
    page.get_by_role("link", name=number).click()
    heading(page, number)


def approve(page: Page, number: str, *, words: str = "") -> None:
    """Agree to the plan on the page."""
    open_plan(page, number)
    page.locator("summary", has_text="Approve").click()
    page.get_by_label("Approver's comment").fill(words)
    page.get_by_role("button", name="Yes, approve").click()
    heading(page, "Approvals")


def send_approval(page: Page, case: Case) -> APIResponse:
    """Send the yes that the page of the plan offers to others, as somebody would who writes requests by hand."""
    token = page.locator("input[name=csrfmiddlewaretoken]").first.get_attribute("value") or ""
    form = {"csrfmiddlewaretoken": token, "answer": "approve", "seen": str(case.seq)}
    return page.request.post(f"/desk/cases/{case.number}/authorise/", form=form, headers={"Referer": page.url})


def expect_money(page: Page, rows: dict[str, str]) -> None:
    """The first money table of the page has these rows: label → amount."""
    table = page.locator(".money-table").first
    expect(table.locator("th")).to_contain_text(list(rows))
    expect(table.locator("td")).to_have_text(list(rows.values()))
