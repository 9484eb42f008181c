"""By which way money goes back, payment by payment, and to whom a bank transfer goes."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.utils import timezone

from refunds.models import Payee, Refund
from refunds.payees.actions import forget_payees, name_payee, reveal_payee
from refunds.payees.rules import WrongAccount, check_account
from refunds.payouts import worker
from refunds.payouts.gateways import Waiting
from refunds.payouts.manual import confirm_paid
from refunds.pricing.rules import PlanRefused
from refunds.ways.rules import way_of
from refunds.ways.text import way_for_shopper, way_label
from returns.models import Case, LogEntry
from signoff.imports.orders.rows import payment_method
from signoff.models import Payment
from tests.factories import OrderFactory, UserFactory, make_case
from tests.factories.settlements import make_settled_case
from tests.refunds.test_settling_pages import as_shopper, page, post
from tests.steps.plans import draft_items, make_tier, propose_plan
from tests.steps.shop_refunds import report_and_compare, reports_of

pytestmark = pytest.mark.django_db

IBAN = "DE89 3704 0044 0532 0130 00"


def paid(provider: str, *, source: str = "shopify", customer: bool = True) -> Payment:
    """The payment of an order that was paid with ``provider``, as an import stores it."""
    order = OrderFactory(source=source)
    if not customer:
        order.customer = None
        order.save()
    payment = order.payments.get()
    payment.provider, payment.method = provider, payment_method(provider)
    payment.save()
    return payment


@pytest.mark.parametrize(
    ("provider", "source", "way"),
    [
        ("Shopify Payments", "shopify", "provider_by_hand"),
        ("PayPal", "woocommerce", "provider_by_hand"),
        ("Visa", "shopify", "provider_by_hand"),
        ("Afterpay", "shopify", "provider_by_hand"),
        ("Direct bank transfer", "woocommerce", "manual"),
        ("Cash on Delivery (COD)", "shopify", "manual"),
        ("货到付款", "table", "manual"),
        ("", "table", "manual"),
        ("gift_card", "shopify", "store_credit"),
        ("gift_card + shopify_payments", "shopify", ""),
        ("gift_card, manual bank transfer", "shopify", ""),
        ("paypal + shopify_payments", "shopify", "provider_by_hand"),
        ("支付宝", "taobao", "platform"),
        ("余额", "jd", "platform"),
        ("", "douyin", "platform"),
        ("", "amazon-orders", "platform"),
        ("", "ebay", "platform"),
        ("", "etsy", "platform"),
    ],
)
def test_the_way_follows_the_payment(provider: str, source: str, way: str) -> None:
    assert way_of(paid(provider, source=source)) == way


def test_store_credit_without_a_customer_goes_by_bank_transfer() -> None:
    assert way_of(paid("gift_card", customer=False)) == "manual"


def test_the_ways_have_words_for_staff_and_shopper() -> None:
    paypal, taobao = paid("PayPal"), paid("支付宝", source="taobao")
    assert (way_label("provider_by_hand", paypal), way_for_shopper("provider_by_hand", paypal)) == (
        "refunded by hand at PayPal",
        "to PayPal, the way you paid",
    )
    assert (way_label("platform", taobao), way_for_shopper("platform", taobao)) == (
        "refunded on 淘宝",
        "through 淘宝",
    )


def test_a_plan_settles_each_payment_by_its_own_way() -> None:
    order = OrderFactory(lines=[(3, "40.00")])
    Payment.objects.update(captured=Decimal(30), provider="gift_card", method="store_credit")
    Payment.objects.create(order=order, position=2, captured=Decimal(90), provider="PayPal", method="wallet")
    case = make_case(order=order, quantity=3)
    make_tier(case, "0", 0)

    propose_plan(case, goods_come_back=False)

    assert list(Refund.objects.order_by("payment__position").values_list("gateway", "amount")) == [
        ("store_credit", 30),
        ("provider_by_hand", 90),
    ]


def test_a_payment_made_in_several_ways_is_for_a_person_to_decide() -> None:
    case = make_case(order=paid("gift_card + shopify_payments").order)
    make_tier(case, "0", 0)
    with pytest.raises(PlanRefused, match="Choose how the refund of “gift_card \\+ shopify_payments” is paid"):
        propose_plan(case, goods_come_back=False)

    payment = case.order.payments.get()
    propose_plan(case, goods_come_back=False, ways={str(payment.pk): "provider_by_hand"})
    assert Refund.objects.get().gateway == "provider_by_hand"


def test_the_plan_form_asks_how_such_a_payment_goes_back(client: Client) -> None:
    payment = paid("gift_card + shopify_payments")
    case = make_case(order=payment.order)
    client.force_login(UserFactory(role="agent"))
    address = f"/desk/cases/{case.number}/propose/"
    assert "How “gift_card + shopify_payments” goes back" in page(client, address)
    line = case.lines.get().pk
    data = {f"line{line}-remedy": "refund", f"line{line}-quantity": "1", "seen": str(case.seq), "gateway": ""}
    assert "Choose how the refund of" in client.post(address, data).text
    client.post(address, data | {f"way{payment.pk}": "store_credit"})
    assert case.resolutions.get().ways == {str(payment.pk): "store_credit"}


def test_what_lies_with_a_marketplace_is_agreed_there_and_nothing_is_paid_here() -> None:
    case = make_case(order=paid("支付宝", source="taobao").order)
    make_tier(case, "0", 0)
    propose_plan(case, goods_come_back=False)
    refund = Refund.objects.get()
    waiting = worker.settle(worker.claim(timezone.now(), only=refund), Waiting())

    refund = confirm_paid(waiting, by=UserFactory(role="finance"), reference="")

    assert (refund.gateway, refund.status) == ("platform", "paid")
    assert list(refund.ledger.values_list("account", "amount")) == [("payable", 20), ("platform", -20)]
    assert Case.objects.get().status == "resolved"


def waiting(**options: str) -> Refund:
    case = make_settled_case(**options)
    return worker.settle(worker.claim(timezone.now(), only=case.refunds.get()), Waiting())


@pytest.mark.parametrize(
    ("kind", "typed", "account"),
    [
        ("iban", "de89 3704 0044 0532 0130 00", "DE89370400440532013000"),
        ("iban", "GB82 WEST 1234 5698 7654 32", "GB82WEST12345698765432"),
        ("card", "6222 0212 3456 7890 128", "6222021234567890128"),
        ("alipay", "+86 138 0013 8000", "13800138000"),
        ("alipay", "wang@example.cn", "wang@example.cn"),
    ],
)
def test_an_account_is_stored_in_its_normal_form(kind: str, typed: str, account: str) -> None:
    assert check_account(kind, typed) == account


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("iban", "DE89 3704 0044 0532 0130 01"),
        ("iban", "DE89 3704"),
        ("card", "6222 0212 3456 7890 13"),
        ("card", "6222021234567890129"),
        ("card", "６２２２"),
        ("alipay", "wang"),
        ("alipay", "12345"),
    ],
)
def test_an_account_with_a_typing_error_is_refused(kind: str, typed: str) -> None:
    with pytest.raises(WrongAccount):
        check_account(kind, typed)


def test_the_shopper_is_asked_for_an_account_and_names_one(client: Client) -> None:
    refund = waiting(gateway="manual")
    case = refund.case
    assert [entry.verb for entry in case.log.all()][-1] == "payee_wanted"
    html = as_shopper(client, refund)
    assert "Name an account" in html
    assert "Waiting for your account." in html

    address = f"/cases/{case.number}/payee/"
    wrong = client.post(address, {"kind": "iban", "name": "Anna Schmidt", "account": "DE1"})
    assert "typing error" in wrong.text
    assert "Anna Schmidt" in wrong.text
    html = client.post(address, {"kind": "iban", "name": "Anna Schmidt", "account": IBAN}, follow=True).text

    assert "A••• S••••••" in html
    assert "DE•• •••• •••• 3000" in html
    assert "DE89" not in html


def test_an_account_is_encrypted_and_never_in_log_or_history() -> None:
    case = waiting(gateway="manual").case
    name_payee(case, by=case.customer, kind="iban", name="Anna Schmidt", account="DE89370400440532013000")
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, account FROM refunds_payee")
        assert not any("Anna" in value or "3704" in value for value in cursor.fetchone())
    assert Payee.objects.get().account == "DE89370400440532013000"
    told = str(list(LogEntry.objects.values_list("facts", "reason", "digests")))
    assert "3704" not in told
    assert "Anna" not in told
    assert not hasattr(Payee, "history")


def test_finance_sees_whom_to_pay_masked_and_a_look_is_logged(client: Client) -> None:
    refund = waiting(gateway="manual")
    finance = UserFactory(role="finance")
    client.force_login(finance)
    assert "hasn't named one yet" in page(client, f"/desk/refunds/{refund.token}/").replace("&#x27;", "'")
    name_payee(refund.case, by=None, kind="iban", name="Anna Schmidt", account="DE89370400440532013000")

    html = page(client, "/desk/refunds/") + page(client, f"/desk/refunds/{refund.token}/")
    assert "DE•• •••• •••• 3000" in html
    assert "DE89" not in html

    shown = client.post(f"/desk/refunds/{refund.token}/payee/")
    assert "DE89370400440532013000" in shown.text
    assert shown["Cache-Control"] == "private, no-store"
    assert refund.case.log.get(verb="payee_shown").by == finance
    with pytest.raises(PermissionDenied):
        reveal_payee(refund, by=UserFactory(role="agent"))


def test_a_payee_is_forgotten_when_the_case_is_over() -> None:
    refund = waiting(gateway="manual")
    name_payee(refund.case, by=None, kind="alipay", name="王小明", account="13800138000")
    assert forget_payees() == 0
    confirm_paid(refund, by=None, reference="TRX-1")
    assert forget_payees() == 1


def test_finance_answers_whether_the_shops_refund_is_the_same_money(client: Client) -> None:
    refund = confirm_paid(waiting(gateway="provider_by_hand"), by=None, reference="re_1")
    report_and_compare(refund.case.order, "20.00")
    client.force_login(UserFactory(role="finance"))
    html = page(client, "/desk/refunds/")
    assert "is it the same money?" in html
    report = refund.payment.shop_refunds.get()
    client.post(f"/desk/refunds/reported/{report.token}/same/")
    assert reports_of(refund.case.order) == [(20, "ours")]
    assert "is it the same money?" not in page(client, "/desk/refunds/")


def test_finance_gives_up_a_refund_that_cannot_be_paid(client: Client) -> None:
    refund = waiting(gateway="manual")
    client.force_login(UserFactory(role="finance"))
    post(client, refund, "fail", why="account closed")
    assert "Give up and plan again" in page(client, f"/desk/refunds/{refund.token}/")
    post(client, refund, "plan_again")
    assert Case.objects.get().status == "submitted"
    assert "The case needs a new plan." in page(client, f"/desk/refunds/{refund.token}/")


def test_no_page_names_a_way_that_is_not_the_one_taken(client: Client) -> None:
    case = make_case(order=paid("PayPal").order)
    client.force_login(UserFactory(role="agent"))
    html = page(client, f"/desk/cases/{case.number}/propose/")
    assert "refunded by hand at PayPal" in html
    make_tier(case, "0", 0)
    propose_plan(case, goods_come_back=False, items=draft_items(case))
    html = as_shopper(client, Refund.objects.get())
    assert "to PayPal, the way you paid" in html
    assert "bank transfer" not in html
