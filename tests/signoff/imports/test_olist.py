"""Olist: nine files at once, whose figures are known, and what can be wrong between them."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from signoff.imports.files.sniff import UnreadableFile
from signoff.imports.files.uploaded import open_source
from signoff.imports.formats.registry import recognise
from signoff.imports.orders.parsed import SoldOrder
from tests.datafiles import needed
from tests.steps.read_files import read

SAO_PAULO = ZoneInfo("America/Sao_Paulo")
ORDERS = (
    "order_id,customer_id,order_status,order_purchase_timestamp,order_approved_at,order_delivered_carrier_date,"
    "order_delivered_customer_date,order_estimated_delivery_date\n"
    "o1,c1,delivered,2018-01-02 10:00:00,,2018-01-03 10:00:00,2018-01-09 10:00:00,2018-01-08 00:00:00\n"
)
ITEMS = (
    "order_id,order_item_id,product_id,seller_id,shipping_limit_date,price,freight_value\n"
    "o1,1,p1,s1,2018-01-05 00:00:00,69.9,7.5\n"
    "o1,2,p1,s1,2018-01-05 00:00:00,69.90,7.5\n"
    "o1,3,p2,s2,2018-01-05 00:00:00,10,0.0\n"
)
PAYMENTS = (
    "order_id,payment_sequential,payment_type,payment_installments,payment_value\n"
    "o1,2,voucher,1,4.8\n"
    "o1,1,credit_card,3,160.0\n"
)
REVIEWS = (
    "review_id,order_id,review_score,review_comment_title,review_comment_message,review_creation_date,"
    "review_answer_timestamp\n"
    'r1,o1,2,tarde,"chegou\ntarde",2018-01-10 00:00:00,2018-01-11 00:00:00\n'
)
CUSTOMERS = "customer_id,customer_unique_id,customer_zip_code_prefix,customer_city,customer_state\nc1,u1,8775,mogi,SP\n"

type Files = Callable[..., tuple[list[SoldOrder], list[tuple[str, int, str]]]]


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """Read these files together; refusals as (file, line, column)."""

    def read_them(**texts: str) -> tuple[list[SoldOrder], list[tuple[str, int, str]]]:
        texts = {"orders": ORDERS, "items": ITEMS, "payments": PAYMENTS} | texts
        paths = []
        for name, text in texts.items():
            paths.append(tmp_path / f"{name}.csv")
            paths[-1].write_text(text, encoding="utf-8")
        orders, refused = read(*paths)
        return orders, [(one.file, one.row.line, one.column) for one in refused]

    return read_them


@pytest.mark.slow
def test_the_figures_of_fifteen_thousand_orders_are_the_facts() -> None:
    folder = needed("orders/olist")
    facts = json.loads((folder.parent / "FACTS.json").read_text())["olist_dev"]
    source = open_source(*sorted(folder.glob("*.csv")))
    chosen = recognise(source)
    counts, money = Counter[str](), defaultdict[str, Decimal](Decimal)
    statuses, stars, by_type = Counter[str](), Counter[str](), Counter[str]()
    by_type_money = defaultdict[str, Decimal](Decimal)
    late_reviews, buyers = Counter[str](), set()
    reader = chosen(source)
    for order in reader.read():
        assert isinstance(order, SoldOrder), order
        goods = sum((item.quantity * item.unit_price for item in order.items), Decimal(0))
        freight = sum((one.amount for one in order.shipping), Decimal(0))
        paid = sum((one.amount for one in order.payments), Decimal(0))
        money["price"] += goods
        money["freight"] += freight
        money["paid"] += paid
        units = sum(item.quantity for item in order.items)
        delivered = [one.delivered_at.astimezone(SAO_PAULO).date() for one in order.parcels if one.delivered_at]
        late = bool(delivered) and delivered[0] > order.parcels[0].promised_on
        counts.update(
            orders=1,
            lines=len(order.items),
            units=units,
            late=late,
            delivered=bool(delivered),
            several_units=units >= 2,
            several_sellers=len(order.parcels) >= 2,
            several_payments=len(order.payments) >= 2,
            nothing_bought=not order.items,
            nothing_paid=not order.payments,
            unequal=bool(order.payments) and bool(order.items) and abs(paid - goods - freight) > Decimal("0.05"),
        )
        statuses[order.status] += 1
        for payment in order.payments:
            by_type[payment.method] += 1
            by_type_money[payment.method] += payment.amount
        for rating in order.ratings:
            stars[str(rating.stars)] += 1
            late_reviews["late"] += late * rating.stars
        buyers.add(order.buyer.external_id)
    assert chosen.key == "olist"
    assert reader.report == {
        "orders": 15000, "lines": 15429, "units": 17071, "refused": 0, "delivered": 14552, "late": 957,
        "ratings": 14944, "paid": {"BRL": "2397904.56"}, "first_last": ["2016-09-15", "2018-10-03"],
    }  # fmt: skip
    assert counts["orders"] == facts["rows"]["orders"] == 15000
    assert money["paid"] == Decimal(facts["sum_payment_value"]) == Decimal("2397904.56")
    assert counts["late"] == facts["late_by_date(delivered_date > estimated_date)"] == 957
    assert (str(money["price"]), str(money["freight"])) == (facts["sum_price"], facts["sum_freight"])
    assert counts["lines"] == facts["order_lines_if_grouped_by_order_product_seller_price"]
    assert counts["units"] == facts["rows"]["order_items"]
    assert counts["delivered"] == facts["delivered_status"]
    assert counts["several_units"] == facts["orders_with_2plus_items"]
    assert counts["several_sellers"] == facts["orders_with_2plus_sellers"]
    assert counts["several_payments"] == facts["orders_with_2plus_payments"]
    assert (counts["nothing_bought"], counts["nothing_paid"]) == (
        facts["orders_without_items"], facts["orders_without_payment"],
    )  # fmt: skip
    assert dict(statuses) == facts["status"]
    assert dict(stars) == facts["review_score"]
    assert {name: [by_type[name], str(by_type_money[name])] for name in by_type} == facts["payments_by_type"]
    assert late_reviews["late"] == facts["reviews_of_late_by_date[n,sum]"][1]
    assert len(buyers) == facts["distinct"]["customer_unique_id"]
    assert counts["unequal"] == facts["orders_payments_ne_items_plus_freight"]["of_which_abs_gt_0_05"]


def test_the_files_of_one_order_come_together(files: Files) -> None:
    (order,), refused = files(reviews=REVIEWS, customers=CUSTOMERS)
    assert refused == []
    assert [(item.sku, item.quantity, item.unit_price, item.external_id) for item in order.items] == [
        ("p1", 2, Decimal("69.90"), "1,2"), ("p2", 1, Decimal(10), "3"),
    ]  # fmt: skip
    assert [(one.method, one.amount) for one in order.payments] == [
        ("credit_card", Decimal(160)), ("voucher", Decimal("4.8")),
    ]  # fmt: skip
    assert [parcel.items for parcel in order.parcels] == [((0, 2),), ((1, 1),)]
    assert [(rating.stars, rating.words) for rating in order.ratings] == [(2, "tarde\nchegou\ntarde")]
    assert order.buyer
    assert order.buyer.address
    assert (order.buyer.external_id, order.buyer.address.postcode) == ("u1", "08775")


def test_only_orders_items_and_payments_are_needed(files: Files) -> None:
    (order,), refused = files()
    assert (order.buyer.external_id, order.ratings, refused) == ("c1", (), [])


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(ORDERS)
    source = open_source(path)
    with pytest.raises(UnreadableFile, match="items is missing"):
        recognise(source)(source)


@pytest.mark.parametrize(
    ("changed", "rejected"),
    [
        ({"items": ITEMS.replace("69.90", "x")}, [("items.csv", 3, "price"), ("orders.csv", 2, "order_id")]),
        ({"items": ITEMS.replace("o1,2", "o1,1")}, [("items.csv", 3, "order_item_id"), ("orders.csv", 2, "order_id")]),
        ({"payments": PAYMENTS.replace("4.8", "-4.8")}, [("payments.csv", 2, "payment_value")]),
        ({"reviews": REVIEWS.replace(",2,tarde", ",6,tarde")}, [("reviews.csv", 2, "review_score")]),
        ({"items": ITEMS + "o2,1,p1,s1,,1,1\n"}, [("items.csv", 5, "order_id")]),
        ({"orders": ORDERS.replace("2018-01-09", "2018-01-01")}, [("orders.csv", 2, "order_delivered_customer_date")]),
        ({"orders": ORDERS + ORDERS.split("\n")[1] + "\n"}, [("orders.csv", 3, "order_id")]),
        ({"orders": ORDERS.replace("2018-01-02", "2.1.18")}, [("orders.csv", 2, "order_purchase_timestamp")]),
    ],
)
def test_what_is_wrong_is_told_by_file_line_and_column(
    files: Files, changed: dict[str, str], rejected: list[tuple[str, int, str]]
) -> None:
    _orders, refused = files(**changed)
    assert set(rejected) <= set(refused)
