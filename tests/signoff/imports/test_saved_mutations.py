"""Whatever becomes of a file that was stored before: it is stored, or refused with sentences, and never breaks off."""

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import transaction
from django.db.models import F, Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from signoff.imports.files.sniff import UnreadableFile
from signoff.imports.formats.mapping import ColumnMapping
from signoff.models import Order, OrderLine, ShippingCharge, Shop
from tests.datafiles import needed
from tests.factories import ShopFactory
from tests.signoff.imports import test_china, test_olist
from tests.signoff.imports.test_mutations import cells_spoilt, spoilt, values_spoilt
from tests.signoff.imports.test_saved_orders import WHOLE
from tests.steps.import_files import store
from tests.steps.read_files import header_of, text_of

OFTEN = settings(
    max_examples=20, deadline=None, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def shop() -> Shop:
    return ShopFactory()


def again(send: Callable[[], object]) -> None:
    """Send the file; nothing of it stays for the next example, and what was stored adds up."""
    with transaction.atomic():
        try:
            send()
        except UnreadableFile as why:
            assert str(why)  # noqa: PT017 - a sentence is what we wish for
        lines = OrderLine.objects.aggregate(sum=Sum("gross"))["sum"] or Decimal(0)
        shipping = ShippingCharge.objects.aggregate(sum=Sum("gross"))["sum"] or Decimal(0)
        assert lines + shipping == (Order.objects.aggregate(sum=Sum("total"))["sum"] or 0)
        included = OrderLine.objects.filter(order__prices_include_tax=True)
        assert not included.exclude(gross=F("list_total") - F("discount")).exists()
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    "name", ["woocommerce/orders_06_one.json", "woocommerce/orders_03_list.json", "shopify/sdk_python/order.json"]
)
@OFTEN
@given(data=st.data())
def test_values_of_json(tmp_path: Path, shop: Shop, name: str, data: st.DataObject) -> None:
    document = json.loads(needed(f"formats/{name}").read_text())
    path = tmp_path / "orders.json"

    def send() -> None:
        path.write_text(json.dumps(document))
        assert store(path, shop=shop).new
        path.write_bytes(json.dumps(data.draw(values_spoilt(document))).encode())
        store(path, shop=shop)

    again(send)


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        (test_china.TAOBAO, [test_china.BOUGHT]),
        (test_china.JD, [test_china.JD_FIRST, test_china.JD_SECOND]),
        (test_china.DOUYIN, [test_china.SUB, test_china.OTHER_SUB]),
    ],
)
@OFTEN
@given(data=st.data())
def test_cells_of_known_columns(
    tmp_path: Path, shop: Shop, header: Path, rows: list[dict[str, str]], data: st.DataObject
) -> None:
    columns = header_of(header)
    whole = [dict.fromkeys(columns, "") | row for row in rows]
    path = tmp_path / "orders.csv"

    def send() -> None:
        for some in (whole, data.draw(cells_spoilt(whole))):
            path.write_bytes(text_of(columns, some).encode("utf-8", "replace"))
            store(path, shop=shop)

    again(send)


@OFTEN
@given(data=st.data())
def test_cells_of_a_table_with_a_mapping(tmp_path: Path, shop: Shop, data: st.DataObject) -> None:
    names = {"order": "number", "sku": "article", "qty": "quantity", "date": "placed"}
    currency = data.draw(st.sampled_from(["EUR", "JPY"]))
    recipe = ColumnMapping({names.get(title, title): title for title in WHOLE}, currency=currency)
    path = tmp_path / "orders.csv"

    def send() -> None:
        for some in ([WHOLE], data.draw(cells_spoilt([WHOLE]))):
            path.write_bytes(text_of(list(WHOLE), some).encode("utf-8", "replace"))
            store(path, shop=shop, mapping=recipe)

    again(send)


@OFTEN
@given(data=st.data())
def test_files_of_olist(tmp_path: Path, shop: Shop, data: st.DataObject) -> None:
    texts = {
        "o": test_olist.ORDERS, "i": test_olist.ITEMS, "p": test_olist.PAYMENTS, "r": test_olist.REVIEWS,
        "c": test_olist.CUSTOMERS,
    }  # fmt: skip
    chosen = data.draw(st.sampled_from(sorted(texts)))

    def send() -> None:
        for spoil in (False, True):
            for name, text in texts.items():
                raw = text.encode()
                (tmp_path / name).write_bytes(data.draw(spoilt(raw)) if spoil and name == chosen else raw)
            store(*(tmp_path / name for name in texts), shop=shop)

    again(send)
