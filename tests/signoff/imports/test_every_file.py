"""Every file of the shops in the collection: stored, or refused with a sentence; and the facts of Olist."""

import json
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import TruncDate

from signoff.imports.files.sniff import UnreadableFile
from signoff.imports.files.uploaded import open_source
from signoff.imports.formats.mapping import ColumnMapping, guess_columns
from signoff.models import Destination, Order, OrderLine, Parcel, Payment, Rating, ShippingCharge
from tests.datafiles import manifest, needed
from tests.factories import ShopFactory
from tests.steps.import_files import sentences, store

SHOPS = ("shopify", "woocommerce", "taobao", "jd", "douyin", "amazon", "magento", "dmc2016")
#: new orders, refused rows; what is not named here gets a sentence for the whole file
STORED = {
    "shopify/orders_export_header.csv": (0, 0),
    "shopify/orders_export_header_older.csv": (0, 0),
    "shopify/orders_export_sample_CONSTRUCTED.csv": (2, 0),
    "shopify/sdk_python/order.json": (1, 0),
    "shopify/sdk_python/orders.json": (0, 1),
    "woocommerce/orders_01_one.json": (1, 0),
    "woocommerce/orders_02_one.json": (1, 0),
    "woocommerce/orders_03_list.json": (2, 0),
    "woocommerce/orders_04_one.json": (1, 0),
    "woocommerce/orders_06_one.json": (3, 1),
    "taobao/ExportOrderList_header.csv": (0, 0),
    "taobao/ExportOrderList_sample_CONSTRUCTED_gbk.csv": (2, 0),
    "jd/order_export_header.csv": (0, 0),
    "douyin/order_export_header.csv": (0, 0),
}

pytestmark = pytest.mark.django_db


def files_of_shops() -> list[str]:
    return sorted(row["path"] for row in manifest("formats") if row["path"].partition("/")[0] in SHOPS)


def copied(name: str, folder: Path) -> Path:
    path = folder / Path(name).name
    path.write_bytes(needed(f"formats/{name}").read_bytes())
    return path


@pytest.mark.parametrize("name", files_of_shops())
def test_every_file_of_a_shop_is_stored_or_gets_a_sentence(tmp_path: Path, name: str) -> None:
    path, shop = copied(name, tmp_path), ShopFactory()
    if name not in STORED:
        with pytest.raises(UnreadableFile, match=r"\.$|\)\.$"):
            store(path, shop=shop)
        return
    outcome = store(path, shop=shop)
    assert (outcome.new, outcome.rejected) == STORED[name], sentences(outcome)
    for order in Order.objects.prefetch_related("lines", "shipping"):
        assert sum((part.gross for part in (*order.lines.all(), *order.shipping.all())), Decimal(0)) == order.total
    again = store(path, shop=shop)
    assert (again.new, again.changed, again.unchanged) == (0, 0, outcome.new)


def test_a_table_of_a_shop_that_nobody_knows_is_stored_by_a_mapping(tmp_path: Path) -> None:
    path = copied("dmc2016/order_lines_with_returnQuantity.csv", tmp_path)
    named = {"number": "orderID", "article": "articleID", "placed": "orderDate"}
    columns = guess_columns(open_source(path).table.header) | named
    outcome = store(path, shop=ShopFactory(), mapping=ColumnMapping(columns, currency="EUR"))
    assert (outcome.new, outcome.lines, outcome.rejected) == (5, 12, 0)


@pytest.mark.slow
def test_fifteen_thousand_orders_are_in_the_database_as_the_facts_say(tmp_path: Path) -> None:
    folder = needed("orders/olist")
    facts = json.loads((folder.parent / "FACTS.json").read_text())["olist_dev"]
    outcome = store(*sorted(folder.glob("*.csv")), shop=ShopFactory(), folder=tmp_path)
    assert (outcome.new, outcome.rejected, outcome.paid) == (15000, 0, {"BRL": Decimal("2397904.56")})
    assert dict(Order.objects.order_by().values_list("shop_status").annotate(Count("pk"))) == facts["status"]
    assert Payment.objects.aggregate(paid=Sum("captured"))["paid"] == Decimal(facts["sum_payment_value"])
    types = Payment.objects.order_by().values_list("provider").annotate(n=Count("pk"), paid=Sum("captured"))
    assert {name: [n, f"{paid:.2f}"] for name, n, paid in types} == facts["payments_by_type"]
    assert OrderLine.objects.aggregate(units=Sum("quantity"), goods=Sum("gross")) == {
        "units": facts["rows"]["order_items"], "goods": Decimal(facts["sum_price"]),
    }  # fmt: skip
    assert ShippingCharge.objects.aggregate(freight=Sum("gross"))["freight"] == Decimal(facts["sum_freight"])
    assert OrderLine.objects.count() == facts["order_lines_if_grouped_by_order_product_seller_price"]
    zone = ZoneInfo("America/Sao_Paulo")
    came = Parcel.objects.filter(delivered_at__isnull=False)
    late = came.annotate(day=TruncDate("delivered_at", tzinfo=zone)).filter(day__gt=F("promised_on"))
    assert came.values("order").distinct().count() == facts["delivered_status"]
    assert late.values("order").distinct().count() == facts["late_by_date(delivered_date > estimated_date)"] == 957
    stars = Rating.objects.filter(about="shop").order_by().values_list("stars").annotate(Count("pk"))
    assert {str(star): count for star, count in stars} == facts["review_score"]
    assert (
        Order.objects.annotate(sent=Count("parcels")).filter(sent__gte=2).count() == facts["orders_with_2plus_sellers"]
    )
    assert Order.objects.values("customer").distinct().count() == facts["distinct"]["customer_unique_id"]
    assert Order.objects.filter(is_cancelled=True).count() == facts["canceled"]["count"] + facts["unavailable"]["count"]
    assert Parcel.objects.exclude(seller="").values("seller").distinct().count() == facts["distinct"]["seller_id"]
    assert Destination.objects.filter(~Q(postcode="")).count() == 15000
    totals = Order.objects.aggregate(total=Sum("total"))["total"]
    assert totals == Decimal(facts["sum_price"]) + Decimal(facts["sum_freight"])
