"""Plans and approvals in the browser: live prices, no scripts needed, nobody kept out."""

import os
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from refunds.pricing.queries import plan_in_force
from returns.intake.actions import Wish, open_case
from returns.models import Case, Evidence
from signoff.models import Discount, Payment, ShippingCharge
from signoff.pictures.clean import clean
from signoff.pictures.store import publish
from tests.factories import CustomerFactory, OrderFactory, ReasonFactory, ShopFactory, UserFactory
from tests.pictures.corpus import upload
from tests.steps.plans import make_tier, propose_plan

pytestmark = pytest.mark.django_db(transaction=True)
SHOTS = os.environ.get("SHOTS", "")  # a folder for pictures of the pages, to be looked at


def rich_case(wish: str = "refund") -> Case:
    """Two articles, one of them reduced, tax on top, shipping, the shopper's words and a picture."""
    shop = ShopFactory()
    order = OrderFactory(
        shop=shop,
        customer=CustomerFactory(shop=shop, name="王小明"),
        lines=[(3, "19.90"), (1, "249.00")],
        prices_include_tax=False,
    )
    first, second = order.lines.all()
    Discount.objects.create(order=order, code="SPRING", amount=Decimal("5.97"))
    first.discount, first.tax, first.tax_rate, first.gross = map(Decimal, ("5.97", "10.21", "0.19", "63.94"))
    second.title, second.tax, second.tax_rate, second.gross = (
        "Noise-cancelling headphones",
        *map(Decimal, ("47.31", "0.19", "296.31")),
    )
    for line in (first, second):
        line.save()
    ShippingCharge.objects.create(order=order, title="Standard", amount="4.95", gross="4.95")
    Payment.objects.filter(order=order).update(captured=Decimal("365.20"), reference="ch_3NQ8")
    reason = ReasonFactory(shop=shop)
    wishes = [
        Wish(first, 2, reason, wish, "Two of the three have torn paper. I would like my money back."),
        Wish(second, 1, reason, "exchange", "Left ear cup is silent."),
    ]
    case = open_case(order, wishes, by=order.customer, channel=Case.Channel.PORTAL)
    for name in ("orient_landscape_1.jpg", "orient_landscape_6.jpg"):
        publish(Evidence(case=case, order_line=first, line=case.lines.first()), clean(upload(name)))
    return case


def look(page: Page, name: str, axe: Callable[[Page], None]) -> None:
    axe(page)
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


@pytest.mark.parametrize(("device", "dark"), [("desktop", False), ("phone", True)])
def test_the_pages_are_open_to_everybody(
    new_page: Callable[..., Page], axe: Callable[[Page], None], device: str, dark: bool
) -> None:
    agent, boss = UserFactory(role="agent"), UserFactory(role="manager", first_name="Jon", last_name="Lind")
    mark = f"{device}-{'dark' if dark else 'light'}"
    case = rich_case()
    page = new_page(user=agent, device=device, dark=dark)
    page.goto(f"/desk/cases/{case.number}/propose/")
    look(page, f"propose-{mark}", axe)
    page.goto(f"/desk/cases/{case.number}/offer/")
    page.fill("[name$='-amount'] >> nth=0", "999")
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.click("button[type=submit] >> text=Recalculate")
    page.wait_for_load_state()
    look(page, f"offer-refused-{mark}", axe)

    make_tier(case, "300", 2)
    case = propose_plan(case, by=agent, note="Photos are clear; the headphones are a known batch.")
    own = propose_plan(rich_case(), by=boss)
    page = new_page(user=boss, device=device, dark=dark)
    page.goto("/desk/approvals/")
    look(page, f"queue-{mark}", axe)
    page.goto(f"/desk/cases/{case.number}/authorise/")
    look(page, f"approval-{mark}", axe)
    page.goto(f"/desk/cases/{own.number}/authorise/")
    look(page, f"approval-own-{mark}", axe)


def test_the_price_follows_what_is_typed(new_page: Callable[..., Page]) -> None:
    case = rich_case()
    page = new_page(user=UserFactory(role="agent"))
    page.goto(f"/desk/cases/{case.number}/propose/")
    expect(page.locator("#money")).to_contain_text("€42.63")
    page.get_by_label("Quantity").first.fill("1")
    expect(page.locator("#money")).to_contain_text("€21.32")
    page.get_by_label("Refund shipping").check()
    expect(page.locator("#money tfoot").first).to_contain_text("€26.27")
    page.get_by_label("Amount").first.fill("99")
    expect(page.locator("#money")).to_contain_text("99 is more than the 21.32 left")
    page.get_by_label("Amount").first.fill("9")
    page.get_by_label("Amount").first.press("Enter")
    expect(page.get_by_label("Amount").first).to_have_value("9")
    assert Case.objects.get(pk=case.pk).status == Case.Status.SUBMITTED  # Enter only calculates


def test_a_plan_is_made_and_approved_without_scripts(new_page: Callable[..., Page]) -> None:
    case = rich_case()
    page = new_page(user=UserFactory(role="agent"), javascript=False)
    page.goto(f"/desk/cases/{case.number}/propose/")
    page.get_by_label("Quantity").first.fill("1")
    page.get_by_role("button", name="Recalculate").click()
    expect(page.locator("#money")).to_contain_text("€21.32")
    page.get_by_role("button", name="Propose plan").click()
    expect(page.locator("#plan")).to_contain_text("awaiting approval")

    page = new_page(user=UserFactory(role="manager"), javascript=False)
    page.goto("/desk/approvals/")
    page.get_by_role("link", name=case.number).click()
    page.get_by_text("Approve €21.32").click()
    page.get_by_role("button", name="Yes, approve").click()
    expect(page.locator(".flashes")).to_contain_text("Approved.")
    assert Case.objects.get(pk=case.pk).status == Case.Status.AUTHORISED
    assert plan_in_force(case).approved_at
