"""Refunds that the shop made by itself, as its exports report them."""

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from signoff.imports.orders.run import ImportResult
from signoff.models import OrderLine, Payment, Shop, ShopRefund
from tests.factories import PaymentFactory, ShopFactory
from tests.signoff.imports.test_saved_orders import ROW
from tests.steps.import_files import store, store_rows

pytestmark = pytest.mark.django_db

SHOPIFY = (
    "Name,Email,Financial Status,Paid at,Currency,Subtotal,Shipping,Taxes,Total,Created at,Lineitem quantity,"
    "Lineitem name,Lineitem price,Lineitem sku,Payment Method,Refunded Amount\n"
    "#HH7001,buyer1@example.com,{status},2026-09-01 10:00:00 +0000,GBP,40.00,5.00,0.00,45.00,"
    "2026-09-01 10:00:00 +0000,2,Mug,20.00,MUG,Shopify Payments,{refunded}\n"
)
type Send = Callable[..., ImportResult]


@pytest.fixture
def shop() -> Shop:
    return ShopFactory()


@pytest.fixture
def send(tmp_path: Path, shop: Shop) -> Send:
    def send(status: str = "paid", refunded: str = "0.00") -> ImportResult:
        path = tmp_path / "orders.csv"
        path.write_text(SHOPIFY.format(status=status, refunded=refunded))
        return store(path, shop=shop)

    return send


def counts(outcome: ImportResult) -> tuple[int, int, int, int]:
    return outcome.new, outcome.changed, outcome.unchanged, outcome.rejected


def money() -> tuple[Decimal, ...]:
    payment = Payment.objects.get()
    return payment.reported, payment.elsewhere, payment.refunded, payment.refundable


def reports() -> list[tuple[Any, ...]]:
    return list(ShopRefund.objects.order_by("pk").values_list("amount", "reference", "status"))


def test_what_was_refunded_before_the_first_import_is_counted(send: Send) -> None:
    assert counts(send("partially_refunded", "20.00")) == (1, 0, 0, 0)
    assert money() == (20, 20, 20, 25)
    assert reports() == [(20, "", "elsewhere")]


def test_a_refund_reported_later_cannot_be_refunded_again_and_waits_to_be_compared(send: Send) -> None:
    send()
    assert counts(send("partially_refunded", "20.00")) == (0, 1, 0, 0)
    assert money() == (20, 0, 0, 25)
    assert reports() == [(20, "", "new")]


def test_the_same_file_again_changes_nothing_and_an_older_one_undoes_nothing(send: Send) -> None:
    send()
    send("refunded", "45.00")
    assert counts(send("refunded", "45.00")) == (0, 0, 1, 0)
    send()
    assert money() == (45, 0, 0, 0)
    assert reports() == [(45, "", "new")]


def test_only_the_difference_of_a_growing_sum_is_new(send: Send) -> None:
    send("partially_refunded", "20.00")
    send("refunded", "45.00")
    assert money() == (45, 20, 20, 0)
    assert reports() == [(20, "", "elsewhere"), (25, "", "new")]


def test_a_refunded_order_without_an_amount_was_refunded_whole(send: Send) -> None:
    send("refunded", "")
    assert money() == (45, 45, 45, 0)


def test_a_report_is_taken_over_while_a_case_uses_the_order(send: Send) -> None:
    send()
    OrderLine.objects.update(returning=1)
    assert counts(send("refunded", "45.00")) == (0, 1, 0, 0)
    assert money() == (45, 0, 0, 0)


def test_a_table_of_the_shops_own_may_report_refunds(tmp_path: Path, shop: Shop) -> None:
    row = ROW | {"paid": "20.00", "refunded": "5.00"}
    store_rows(tmp_path, row, shop=shop)
    assert money() == (5, 5, 5, 15)


def shopify_json(tmp_path: Path, shop: Shop, *refunds: dict[str, Any], status: str = "paid") -> None:
    """An order that was paid with a gift card (30.00) and a card (60.00)."""
    order = {
        "id": 1, "name": "#1", "created_at": "2026-09-01T10:00:00Z", "currency": "EUR", "financial_status": status,
        "total_price": "90.00", "line_items": [{"id": 2, "name": "Mug", "sku": "M", "quantity": 3, "price": "30.00"}],
        "transactions": [
            {"id": 11, "kind": "sale", "status": "success", "gateway": "gift_card", "amount": "30.00"},
            {"id": 12, "kind": "sale", "status": "success", "gateway": "stripe", "amount": "60.00",
             "authorization": "ch_1"},
        ],
        "refunds": [{"transactions": list(refunds)}],
    }  # fmt: skip
    path = tmp_path / "order.json"
    path.write_text(json.dumps([order]))
    store(path, shop=shop)


def test_a_refund_belongs_to_the_payment_that_it_names(tmp_path: Path, shop: Shop) -> None:
    shopify_json(tmp_path, shop)
    refund = {"id": 21, "kind": "refund", "status": "success", "gateway": "stripe", "amount": "25.00"}
    shopify_json(tmp_path, shop, refund | {"parent_id": 12, "authorization": "re_1"})
    assert list(Payment.objects.order_by("position").values_list("provider", "reported")) == [
        ("gift_card", 0),
        ("stripe", 25),
    ]
    assert reports() == [(25, "re_1", "new")]

    second = refund | {"id": 22, "amount": "10.00", "parent_id": 12, "authorization": "re_2"}
    shopify_json(tmp_path, shop, refund | {"parent_id": 12, "authorization": "re_1"}, second)
    assert reports() == [(25, "re_1", "new"), (10, "re_2", "new")]


def test_a_refund_of_an_unnamed_payment_belongs_to_the_one_by_its_gateway(tmp_path: Path, shop: Shop) -> None:
    refund = {"id": 21, "kind": "refund", "status": "success", "gateway": "stripe", "amount": "25.00"}
    shopify_json(tmp_path, shop, refund)
    assert list(Payment.objects.order_by("position").values_list("reported", flat=True)) == [0, 25]


def test_the_database_counts_a_report_only_once() -> None:
    payment = PaymentFactory()
    for columns in ({"reported": 5, "elsewhere": 6}, {"reported": 5, "elsewhere": 3, "ours": 3}, {"elsewhere": 1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Payment.objects.filter(pk=payment.pk).update(**columns)


def test_a_fully_refunded_woocommerce_order_without_a_list_was_refunded_whole(tmp_path: Path, shop: Shop) -> None:
    order = {
        "id": 7, "number": "7", "status": "refunded", "currency": "EUR", "date_created_gmt": "2026-09-01T10:00:00",
        "prices_include_tax": True, "total": "20.00", "total_tax": "0.00", "payment_method_title": "PayPal",
        "transaction_id": "T1", "billing": {"email": "a@b.example"}, "shipping": {},
        "date_paid_gmt": "2026-09-01T10:00:00",
        "line_items": [{"id": 1, "name": "Mug", "sku": "M", "quantity": 1, "subtotal": "20.00", "total": "20.00",
                        "total_tax": "0.00", "subtotal_tax": "0.00"}],
    }  # fmt: skip
    path = tmp_path / "order.json"
    path.write_text(json.dumps([order]))
    store(path, shop=shop)
    assert money() == (20, 20, 20, 0)


TAOBAO = (
    "订单编号,买家会员名,买家应付货款,买家应付邮费,总金额,买家实际支付金额,订单状态,收货人姓名,收货地址,联系手机,"
    "订单创建时间,订单付款时间,宝贝标题,宝贝总数量\n"
    "2026001,tb1,71.10,0.00,71.10,71.10,{status},陈小明,浙江省 杭州市 余杭区 文一路1号,13800138000,"
    "2026-09-01 10:00:00,2026-09-01 10:05:00,马克杯,1\n"
)


def test_a_marketplace_that_closes_a_paid_order_has_refunded_it(tmp_path: Path, shop: Shop) -> None:
    path = tmp_path / "ExportOrderList.csv"
    for status in ("交易成功", "交易关闭"):
        path.write_text(TAOBAO.format(status=status), encoding="gb18030")
        store(path, shop=shop)
    assert money() == (Decimal("71.10"), 0, 0, 0)
    assert Payment.objects.get().provider == "支付宝"


DOUYIN = (
    "主订单编号,子订单编号,选购商品,商品数量,订单应付金额,订单提交时间,订单状态,收件人,收件人手机号,详细地址\n"
    "D1,D1-1,马克杯,1,30.00,2026-09-01 10:00:00,{status},陈小明,13800138000,浙江省杭州市余杭区文一路1号\n"
)


def test_an_order_whose_payments_are_gone_after_it_was_closed_was_refunded(tmp_path: Path, shop: Shop) -> None:
    path = tmp_path / "douyin.csv"
    for status in ("已发货", "已关闭"):
        path.write_text(DOUYIN.format(status=status), encoding="utf-8")
        store(path, shop=shop)
    assert money() == (30, 0, 0, 0)
    assert Payment.objects.get().captured == 30


def test_the_names_of_payments_are_taken_over_while_a_case_uses_the_order(send: Send) -> None:
    send()
    OrderLine.objects.update(returning=1)
    Payment.objects.update(provider="", reference="old name")
    assert counts(send()) == (0, 1, 0, 0)
    assert Payment.objects.get().provider == "Shopify Payments"


def test_a_payment_that_is_now_less_than_was_refunded_leaves_the_order_as_it_is(send: Send, tmp_path: Path) -> None:
    send("refunded", "45.00")
    text = (
        SHOPIFY.format(status="paid", refunded="0.00")
        .replace("45.00,2026", "25.00,2026")
        .replace("20.00,MUG", "10.00,MUG")
    )
    path = tmp_path / "orders.csv"
    path.write_text(text.replace("GBP,40.00", "GBP,20.00"))
    outcome = store(path, shop=Shop.objects.get())
    assert counts(outcome) == (0, 0, 0, 1)
    assert money() == (45, 45, 45, 0)
