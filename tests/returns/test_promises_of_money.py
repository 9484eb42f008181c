"""Pages, mails and the slip say what the shopper gets, by which way, and who pays the way back."""

from decimal import Decimal

import pytest
from django.test import Client

from feedback.messages.actions import write_message
from feedback.messages.template_language import fill
from refunds.approvals.actions import approve
from refunds.models import Refund
from returns.intake.drafts import choose, describe, start
from returns.intake.reasons import remedies_for
from returns.models import Case, Reason
from returns.portal.packing_slip import slip_pdf
from signoff.models import Payment
from tests.factories import OrderFactory, ReasonFactory, UserFactory, make_case
from tests.returns.test_slip import text_of
from tests.steps.order_lookup import enter
from tests.steps.plans import draft_items, offer_plan, propose_offer, propose_plan

pytestmark = pytest.mark.django_db


def order_paid_with(provider: str = "PayPal") -> object:
    order = OrderFactory()
    Payment.objects.filter(order=order).update(provider=provider, method="wallet")
    return order


def mail(case: Case, verb: str) -> str:
    return write_message(case.log.filter(verb=verb).last()).text


def shopper_page(client: Client, case: Case) -> str:
    return enter(client, case.order).get(f"/cases/{case.number}/").text


def test_the_check_page_says_amount_way_and_who_pays_the_way_back(client: Client) -> None:
    order = order_paid_with()
    ReasonFactory(shop=order.shop, code="changed_mind", liability="shopper", freight_bearer="shopper")
    line = order.lines.get()
    draft = choose(start(order), quantities={line.pk: 2})
    draft = describe(draft, said={line.pk: {"reason": "changed_mind", "wish": "refund", "words": ""}})
    html = enter(client, order).get(f"/orders/{order.token}/request/{draft.token}/check/").text
    assert "€40.00" in html
    assert "to PayPal, the way you paid" in html
    assert "You pay for return shipping." in html


def test_an_estimate_is_never_more_than_is_left(client: Client) -> None:
    order = order_paid_with()
    Payment.objects.update(refunded=Decimal(35), elsewhere=Decimal(35), reported=Decimal(35))
    ReasonFactory(shop=order.shop)
    line = order.lines.get()
    draft = choose(start(order), quantities={line.pk: 3})
    draft = describe(draft, said={line.pk: {"reason": "defective", "wish": "refund", "words": "x"}})
    html = enter(client, order).get(f"/orders/{order.token}/request/{draft.token}/check/").text
    assert "€25.00" in html
    assert "€60.00" not in html


def test_a_request_says_what_it_would_give_in_page_and_mail(client: Client) -> None:
    case = make_case(order=order_paid_with())
    html = shopper_page(client, case)
    assert "If we approve it in full" in html
    assert "€20.00 to PayPal, the way you paid" in html
    assert "We pay for return shipping." in html
    text = mail(case, "open")
    assert "If we approve it in full, you'll get €20.00 back, by the payment method you used." in text
    assert "Return shipping: we pay." in text


def test_an_approved_plan_says_it_in_page_mail_and_slip(client: Client) -> None:
    case = propose_plan(make_case(order=order_paid_with()), by=UserFactory(role="agent"))
    case = approve(case, by=UserFactory(role="manager"))
    assert case.status == "authorised"
    html = shopper_page(client, case)
    assert "What you&#x27;ll get" in html or "What you'll get" in html
    assert "€20.00 to PayPal, the way you paid" in html
    text = mail(case, "authorise")
    assert "You'll get €20.00 back" in text
    assert "Return shipping: we pay." in text
    slip = text_of(slip_pdf(case, language="en"))
    assert "We pay for return shipping." in slip
    assert "€20.00 to PayPal" in slip


def test_an_offer_says_way_and_freight(client: Client) -> None:
    case = offer_plan(make_case(order=order_paid_with()))
    html = shopper_page(client, case)
    assert "€20.00 to PayPal, the way you paid" in html
    assert "You would get €20.00 back" in mail(case, "make_offer")


def test_the_shopper_hears_nothing_of_an_offer_before_it_is_approved(client: Client) -> None:
    case = make_case(order=order_paid_with())
    items = draft_items(case, remedy="compensation", amount=Decimal("7.77"))
    case = propose_offer(case, items=items, goods_come_back=False, words="Keep it for less?")
    html = shopper_page(client, case)
    assert ("7.77" in html, "Keep it for less?" in html, "€20.00" in html) == (False, False, True)


def test_the_mail_of_an_exchange_says_nothing_about_money() -> None:
    case = make_case(remedy="exchange")
    text = mail(case, "open")
    assert "back, by" not in text
    assert "\n\n\n" not in text
    assert "Return shipping: we pay." in text


def test_a_line_about_money_is_left_out_where_there_is_none() -> None:
    assert fill("A\n\nYou get {{ amount }}.\n\nB", {"amount": ""}) == "A\n\nB"
    assert fill("A\n\nYou get {{ amount }}.\n\nB", {"amount": "€1.00"}) == "A\n\nYou get €1.00.\n\nB"


@pytest.mark.parametrize(
    ("options", "remedies"),
    [
        ({"code": "changed_mind", "liability": "shopper"}, ("refund", "exchange")),
        ({"code": "missing", "goods_come_back": False}, ("refund", "resend")),
        ({"code": "damaged", "goods_come_back": False}, ("refund", "resend", "compensation")),
        ({"code": "defective"}, ("refund", "exchange", "repair", "compensation")),
        ({"code": "late"}, ("refund", "compensation")),
        ({"code": "size", "liability": "shopper", "default_remedy": "repair"}, ("refund", "exchange", "repair")),
    ],
)
def test_wishes_fit_the_reason(options: dict[str, object], remedies: tuple[str, ...]) -> None:
    assert remedies_for(Reason(**{"liability": "shop", "goods_come_back": True} | options)) == remedies


def test_a_wish_that_does_not_fit_is_refused_and_the_fitting_ones_are_shown(client: Client) -> None:
    order = order_paid_with()
    ReasonFactory(shop=order.shop, code="changed_mind", liability="shopper")
    draft = choose(start(order), quantities={order.lines.get().pk: 1})
    address = f"/orders/{order.token}/request/{draft.token}/"
    shopper = enter(client, order)
    assert 'value="repair"' in shopper.get(address).text
    html = shopper.post(address, {"line1-reason": "changed_mind", "line1-wish": "repair", "line1-words": "x"}).text
    assert "For this reason you can choose: Refund and Exchange." in html
    assert 'value="repair"' not in html
    part = shopper.get(
        address, {"line1-reason": "changed_mind"}, headers={"HX-Request": "true", "HX-Target": "line1-wishes"}
    ).text
    assert 'value="exchange"' in part
    assert 'value="resend"' not in part
    assert not Refund.objects.exists()
