"""A manager clears thirty approvals, finance confirms twenty transfers from a bank's list; clicks are counted."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from playwright.sync_api import Locator, Page, expect

from refunds.approvals.actions import approve
from refunds.models import Refund
from refunds.payouts import worker
from returns.models import Case
from tests.factories import OrderFactory, make_case
from tests.figures import Figure, record
from tests.steps.browser_users import People
from tests.steps.keys import Keys
from tests.steps.plans import propose_plan


@dataclass
class Mouse:
    """Counts the clicks of one job."""

    page: Page
    clicks: int = 0

    def click(self, what: Locator) -> None:
        what.click()
        self.clicks += 1


def planned(people: People, gateway: str, *, by: str = "agent") -> Case:
    """A case whose plan waits for approval."""
    order = OrderFactory(shop=people.order.shop)
    return propose_plan(make_case(order=order), by=people.staff[by], gateway=gateway, goods_come_back=False)


def test_a_manager_clears_thirty_approvals(people: People, settings: Any) -> None:
    settings.MFA_REQUIRED = True
    for _ in range(30):
        planned(people, "store_credit")
    own = planned(people, "store_credit", by="both")
    page = people.sign_in("both")
    page.goto("/desk/approvals/")
    mouse = Mouse(page)
    mouse.click(page.get_by_label("Choose all 30 that match"))
    mouse.click(page.get_by_role("button", name="Approve"))
    expect(page.get_by_text("30 plans are approved and carried out; offers go to the shoppers.")).to_be_visible()
    expect(page.locator(".bulk-sums").first).to_contain_text("€600.00")
    expect(page.locator(".bulk-sums").first).to_contain_text("30 cases")
    mouse.click(page.get_by_role("button", name="Approve · 30"))
    expect(page.get_by_role("link", name="Back to the list")).to_be_visible()
    expect(page.locator(".stats")).to_contain_text("30")
    waiting = Case.objects.filter(status=Case.Status.AWAITING_APPROVAL)
    assert list(waiting) == [own], "nobody approves a plan of their own"
    assert record(Figure("Stories", "Clear thirty approvals", mouse.clicks, "clicks", "≤ 3")).met


def test_a_manager_decides_one_plan_after_the_other_by_keys(people: People) -> None:
    for _ in range(3):
        planned(people, "store_credit")
    page = people.manager
    page.goto("/desk/approvals/")
    keys = Keys(page)
    keys.press("j")
    keys.go("Enter")
    for _ in range(3):
        keys.press("y")
        keys.go("Enter")
    assert not Case.objects.filter(status=Case.Status.AWAITING_APPROVAL).exists()
    assert record(Figure("Stories", "Approve a plan", (len(keys.pressed) - 2) / 3, "keys", "≤ 2", "each of three")).met


def test_finance_confirms_twenty_transfers_from_a_banks_list(people: People, settings: Any) -> None:
    settings.MFA_REQUIRED = True
    cases = [planned(people, "manual") for _ in range(20)]
    manager = people.staff["manager"]
    for case in cases:
        approve(Case.objects.get(pk=case.pk), by=manager)
    worker.pay_due()  # handed to the bank
    lines = [f"{case.number};BACS-{number:04};20,00" for number, case in enumerate(cases)]
    lines += ["R-999999-9;BACS-9999;20,00"]  # of nobody
    page = people.sign_in("finance")
    page.goto("/desk/refunds/")
    mouse = Mouse(page)
    mouse.click(page.get_by_role("link", name="Confirm from a bank list"))
    page.locator("#id_pasted").fill("\n".join(["Case;Reference;Amount", *lines]))
    mouse.click(page.get_by_role("button", name="Check the list"))
    expect(page.get_by_text("20 transfers are confirmed and booked")).to_be_visible()
    expect(page.locator(".bulk-sums").first).to_contain_text("€400.00")
    expect(page.get_by_text("No bank transfer waits for this case. Check the number.")).to_be_visible()
    mouse.click(page.get_by_role("button", name="Confirm from a bank list · 20"))
    expect(page.get_by_role("link", name="Back to the list")).to_be_visible()
    paid = Refund.objects.filter(status="paid").order_by("case__number")
    assert [(refund.case, refund.amount, refund.provider_reference) for refund in paid] == [
        (case, Decimal("20.00"), f"BACS-{number:04}") for number, case in enumerate(cases)
    ]
    assert record(Figure("Stories", "Confirm twenty transfers", mouse.clicks, "clicks", "≤ 3", "and one paste")).met
