"""An exchange names what instead, from the shopper's wish to the parcel; a shipment shows where it goes."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Page, expect

from feedback.messages.actions import write_message
from refunds.approvals.actions import approve
from refunds.models import Replacement
from refunds.plans.actions import offer
from refunds.plans.suggestion import draft_plan
from refunds.settlement.replacements import send_replacement
from returns.intake.drafts import choose, start
from returns.models import Case
from signoff.models import Order
from tests.factories import CustomerFactory, DestinationFactory, OrderFactory, ReasonFactory, UserFactory, make_case
from tests.steps import plans
from tests.steps.browser_users import make_staff
from tests.steps.order_lookup import enter

WANTED = "Paper lantern, small, moss green"
TYPED = {
    "line1-reason": "wrong_item",
    "line1-wish": "exchange",
    "line1-instead_item": " Paper lantern, small ",
    "line1-instead_option": "moss green",
    "line1-words": "Too large.",
}


@pytest.fixture
def order() -> Order:
    order = OrderFactory(customer=CustomerFactory(name="Anna Schmidt", phone="+49 40 555 0001"))
    DestinationFactory(order=order, name="Bo Larsen", phone="+49 40 555 0909")
    ReasonFactory(shop=order.shop, code="wrong_item", title_en="Another article came", goods_come_back=False)
    return order


@pytest.fixture
def staff() -> dict[str, User]:
    return make_staff()


def ask(client: Client, order: Order, **typed: str) -> Case:
    """The shopper asks for an exchange of one unit; the check page is the first to name what instead."""
    draft = choose(start(order), quantities={order.lines.first().pk: 1})
    base = f"/orders/{order.token}/request/{draft.token}/"
    check = enter(client, order).post(base, TYPED | typed, follow=True)
    assert (f"Instead: {WANTED}" in check.text) == (not typed)
    client.post(f"{base}check/")
    return Case.objects.get()


def page_of(user: User, address: str) -> str:
    client = Client()
    client.force_login(user)
    return " ".join(client.get(address).text.split())


@pytest.mark.django_db
def test_what_instead_is_named_from_the_wish_to_the_parcel(
    client: Client, order: Order, staff: dict[str, User]
) -> None:
    case = ask(client, order)
    line = case.lines.get()
    assert (line.instead_item, line.instead_option) == ("Paper lantern, small", "moss green")
    assert f"Instead: {WANTED}" in client.get(f"/cases/{case.number}/").text
    assert f"Instead: {WANTED}" in page_of(staff["agent"], case.get_absolute_url())
    assert 'value="moss green"' in page_of(staff["agent"], f"{case.get_absolute_url()}propose/")
    plans.propose_plan(case, by=staff["agent"])
    assert page_of(staff["manager"], f"{case.get_absolute_url()}authorise/").count(f"Instead: {WANTED}") == 2
    approve(Case.objects.get(), by=staff["manager"])
    replacement = Replacement.objects.get()
    assert (str(replacement), replacement.sku) == (f"1 × {WANTED}", "")
    shipments = page_of(staff["agent"], "/desk/replacements/")
    assert f"1 × {WANTED}" in shipments
    assert "In exchange for Paper lantern, large" in shipments
    sent = send_replacement(replacement, by=staff["agent"], carrier="DHL", tracking_number="JJD0001")
    message = write_message(case.log.get(verb="replacement_sent"))
    assert message is not None
    assert f"1 × {WANTED}" in message.text
    assert f"1 × {WANTED}" in client.get(f"/cases/{case.number}/").text
    assert f"1 × {WANTED}" in client.get(f"/orders/{order.token}/").text
    assert WANTED in client.get(f"/orders/{order.token}/parcels/{sent.parcel.token}/sign/", follow=True).text


@pytest.mark.django_db
@pytest.mark.parametrize("typed", [{"line1-instead_item": "", "line1-instead_option": ""}, {"line1-wish": "refund"}])
def test_without_an_answer_an_exchange_gives_the_same_again(
    client: Client, order: Order, staff: dict[str, User], typed: dict[str, str]
) -> None:
    case = ask(client, order, **typed)
    assert (case.lines.get().instead, case.lines.get().instead_item) == ("", "")
    plans.propose_plan(case, by=staff["agent"], items=plans.draft_items(case, remedy="exchange"), goods_come_back=False)
    approve(Case.objects.get(), by=staff["manager"])
    article = case.lines.get().order_line
    replacement = Replacement.objects.get()
    assert (replacement.name, replacement.sku) == (article.title, article.sku)


@pytest.mark.django_db
def test_what_was_taken_back_is_forgotten(client: Client, order: Order) -> None:
    draft = choose(start(order), quantities={order.lines.first().pk: 1})
    address = f"/orders/{order.token}/request/{draft.token}/"
    enter(client, order).post(address, TYPED)
    assert 'value="moss green"' in client.get(address).text
    client.post(address, TYPED | {"line1-instead_option": ""})
    assert 'value="moss green"' not in client.get(address).text
    assert "Instead: Paper lantern, small" in client.get(f"{address}check/").text


@pytest.mark.django_db
def test_an_offer_names_what_instead(client: Client, order: Order, staff: dict[str, User]) -> None:
    case = ask(client, order)
    suggested = draft_plan(case)
    case = offer(case, by=staff["agent"], items=suggested.items, goods_come_back=False, gateway="manual", words="Deal?")
    approve(case, by=staff["manager"])
    assert f"exchanged for: {WANTED}" in client.get(f"/cases/{case.number}/").text


@pytest.mark.django_db
def test_a_shipment_shows_address_and_telephone(client: Client, order: Order, staff: dict[str, User]) -> None:
    plans.propose_plan(ask(client, order), by=staff["agent"])
    approve(Case.objects.get(), by=staff["manager"])
    page = page_of(staff["agent"], "/desk/replacements/")
    assert "Bo Larsen<br>Hafenstr. 12<br>20457 Hamburg<br>DE" in page
    assert "+49 40 555 0909" in page
    assert page.count('data-copy-of="') == page.count(" hidden>") == 2
    order.destination.delete()
    assert "No address is known." in page_of(staff["agent"], "/desk/replacements/")
    order.customer.address = "Am Markt 1\n20095 Hamburg"
    order.customer.save()
    page = page_of(staff["agent"], "/desk/replacements/")
    assert "Anna Schmidt<br>Am Markt 1<br>20095 Hamburg" in page
    assert "+49 40 555 0001" in page


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["inspector", "agent"])
def test_inspectors_see_no_addresses(order: Order, role: str) -> None:
    order.customer.address = "Am Markt 1"
    order.customer.save()
    case, user = make_case(order=order), UserFactory(role=role)
    pages = [case.get_absolute_url(), f"/desk/orders/{order.token}/", "/desk/orders/", "/desk/bench/", "/desk/cases/"]
    text = " ".join(page_of(user, address) for address in pages)
    secrets = ("Am Markt 1", "Hafenstr. 12", order.customer.email, "555 0909", "555 0001")
    assert [word in text for word in secrets] == [role == "agent"] * len(secrets)


@pytest.mark.django_db(transaction=True)
def test_the_button_copies_the_address(new_page: Callable[..., Page], order: Order, staff: dict[str, User]) -> None:
    wrong = order.shop.reasons.get(code="wrong_item")
    plans.propose_plan(make_case(order=order, remedy="exchange", reason=wrong), by=staff["agent"])
    approve(Case.objects.get(), by=staff["manager"])
    page = new_page(user=staff["agent"])
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/desk/replacements/")
    page.get_by_role("button", name="Copy address").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "Bo Larsen\nHafenstr. 12\n20457 Hamburg\nDE"
