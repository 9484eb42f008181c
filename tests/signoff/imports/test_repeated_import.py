"""The same file again, and one in which something has changed."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from signoff.imports.orders.run import ImportResult
from signoff.models import Order, OrderAnomaly, OrderLine, Parcel, ParcelException, Shop, Watch
from signoff.orders import in_use
from tests.factories import ParcelExceptionFactory, ParcelFactory, ShopFactory, SignOffFactory
from tests.signoff.imports.test_saved_orders import ROW, WHOLE
from tests.steps.import_files import only_order, sentences, store_rows

type Send = Callable[..., ImportResult]

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return ShopFactory()


@pytest.fixture
def send(tmp_path: Path, shop: Shop) -> Send:
    return lambda *rows, **options: store_rows(tmp_path, *rows, shop=shop, **options)


def counts(outcome: ImportResult) -> tuple[int, int, int, int]:
    return outcome.new, outcome.changed, outcome.unchanged, outcome.rejected


def test_the_same_file_again_changes_nothing(send: Send) -> None:
    send(WHOLE, ROW | {"order": "A2"})
    before = list(Order.objects.values()), list(OrderLine.objects.values()), list(Parcel.objects.values())
    assert counts(send(WHOLE, ROW | {"order": "A2"})) == (0, 0, 2, 0)
    assert (list(Order.objects.values()), list(OrderLine.objects.values()), list(Parcel.objects.values())) == before
    assert (Order.history.count(), Parcel.history.count()) == (2, 1)


@pytest.mark.parametrize(
    ("changed", "path", "value"),
    [
        ({"price": "11.00"}, "lines__list_total", Decimal(22)),
        ({"qty": "3"}, "lines__quantity", 3),
        ({"sku": "POT"}, "lines__sku", "POT"),
        ({"shipping": "5.90"}, "shipping__gross", Decimal("5.90")),
        ({"discount_code": "JUNE"}, "discounts__code", "JUNE"),
        ({"paid": "20.00"}, "payments__captured", Decimal(20)),
        ({"ship_street": "Weg 2"}, "destination__street", "Weg 2"),
        ({"customer": "K8"}, "customer__external_id", "K8"),
        ({"status": "closed"}, "shop_status", "closed"),
        ({"promised": "2024-05-06"}, "parcels__promised_on__day", 6),
        ({"date": "2024-05-01 13:00"}, "placed_at__hour", 13),
    ],
)
def test_what_has_changed_at_the_shop_changes_here(
    send: Send, changed: dict[str, str], path: str, value: object
) -> None:
    send(WHOLE)
    assert counts(send(WHOLE | changed)) == (0, 1, 0, 0)
    assert list(Order.objects.values_list(path, flat=True)) == [value]
    assert only_order().lines.count() == 1
    assert counts(send(WHOLE | changed)) == (0, 0, 1, 0)


def test_lines_may_come_and_go_and_parcels_hold_what_they_hold_now(send: Send) -> None:
    sent = {"carrier": "DHL", "tracking": "1"}
    first, second = ROW | sent, ROW | sent | {"sku": "POT", "qty": "1"}
    send(first, second)
    assert counts(send(second)) == (0, 1, 0, 0)
    order = only_order()
    assert list(order.lines.values_list("sku", "quantity")) == [("POT", 1)]
    assert list(order.parcels.values_list("lines__order_line__sku", "lines__quantity")) == [("POT", 1)]
    send(first, second)
    assert order.total != Order.objects.get().total == Decimal("30.00")
    assert sorted(order.parcels.values_list("lines__order_line__sku", "lines__quantity")) == [("CUP", 2), ("POT", 1)]
    assert Order.history.count() == 3


@pytest.mark.parametrize("column", ["returning", "returned", "refunded"])
def test_an_order_whose_units_are_in_a_case_stays_and_says_so(send: Send, column: str) -> None:
    send(WHOLE)
    OrderLine.objects.update(**{column: 1})
    outcome = send(WHOLE | {"qty": "3"})
    assert counts(outcome) == (0, 0, 0, 1)
    assert "A case, refund or sign-off depends on it" in sentences(outcome)[0]
    assert OrderLine.objects.get().quantity == 2


def test_an_order_that_an_upper_floor_builds_upon_stays(send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    send(WHOLE)
    monkeypatch.setattr(in_use, "_BUILT_UPON", [lambda orders: set(orders)])
    assert counts(send(WHOLE | {"price": "11.00"})) == (0, 0, 0, 1)
    assert counts(send(WHOLE)) == (0, 0, 1, 0)


def test_an_order_that_was_signed_for_stays(send: Send) -> None:
    send(WHOLE)
    SignOffFactory(order=only_order(), parcel=Parcel.objects.get())
    assert counts(send(WHOLE | {"price": "11.00"})) == (0, 0, 0, 1)


def test_what_we_have_refunded_since_is_no_difference(send: Send) -> None:
    send(WHOLE)
    order = only_order()
    order.payments.update(refunded=5)
    order.lines.update(refunded=5)
    assert counts(send(WHOLE)) == (0, 0, 1, 0)
    assert order.payments.get().refunded == 5


def test_news_are_taken_over_whatever_is_built_upon_the_order(send: Send) -> None:
    before = {name: text for name, text in WHOLE.items() if name not in ("delivered", "tracking")}
    send(before)
    OrderLine.objects.update(returning=1)
    assert counts(send(WHOLE | {"status": "delivered"})) == (0, 1, 0, 0)
    parcel = Parcel.objects.get()
    assert (parcel.tracking_number, parcel.delivered_at) == ("00340", datetime(2024, 5, 3, 10, tzinfo=UTC))
    assert only_order().shop_status == "delivered"
    assert [one.history_type for one in parcel.history.all()] == ["~", "+"]


def test_a_second_parcel_is_added_and_ours_stay(send: Send) -> None:
    send(WHOLE)
    ours = ParcelFactory(order=only_order(), tracking_number="", carrier="courier")
    sent = WHOLE | {"sku": "POT", "line": "8", "tracking": "00341", "discount": "", "tax": ""}
    send(WHOLE, sent | {"price": "0"})
    assert set(Parcel.objects.values_list("tracking_number", flat=True)) == {"00340", "00341", ""}
    assert Parcel.objects.get(pk=ours.pk).carrier == "courier"


def test_a_parcel_that_has_come_waits_to_be_signed_for_and_is_late_no_more(send: Send) -> None:
    now = timezone.now()
    day = {name: f"{now - timedelta(days=days):%Y-%m-%d}" for name, days in (("date", 9), ("sent", 8))}
    row = ROW | day | {"carrier": "DHL", "tracking": "1"}
    send(row)
    parcel = Parcel.objects.get()
    late = ParcelExceptionFactory(parcel=parcel, kind="late")
    harm = ParcelExceptionFactory(parcel=parcel, kind="damaged")
    send(row | {"delivered": f"{now - timedelta(days=1):%Y-%m-%d}"})
    parcel.refresh_from_db()
    assert Watch.objects.get().sign_due_at == parcel.delivered_at + timedelta(days=7)
    late.refresh_from_db()
    harm.refresh_from_db()
    assert (late.settled_as, harm.settled_at) == (ParcelException.Settled.ARRIVED, None)


def test_what_carriers_told_us_stays(send: Send) -> None:
    send(WHOLE)
    delivered_at = datetime(2024, 5, 3, 9, 58, tzinfo=UTC)
    Parcel.objects.update(delivered_at=delivered_at)
    assert counts(send(WHOLE)) == (0, 0, 1, 0)
    assert Parcel.objects.get().delivered_at == delivered_at


def test_an_oddity_that_is_put_right_leaves_the_queue(send: Send) -> None:
    send(WHOLE | {"paid": "20.00"})
    send(WHOLE)
    (odd,) = OrderAnomaly.objects.all()
    assert (odd.kind, odd.settled_at is not None, odd.settled_by) == ("unpaid", True, None)
    assert send(WHOLE | {"total": "22.00"}).anomalies == 0, "a stated total alone changes nothing that we keep"


def test_an_order_that_stands_far_apart_in_a_file_twice_is_refused(send: Send) -> None:
    outcome = send(ROW, ROW | {"order": "B1"}, ROW | {"order": "\u200eA1", "price": "11"}, batch_lines=1)
    assert Order.objects.filter(number__contains="A1").first().total == Decimal(20)
    assert outcome.new + outcome.rejected == 3


def test_the_address_of_somebody_erased_is_not_written_again(send: Send) -> None:
    send(WHOLE)
    order = only_order()
    order.destination.delete()
    customer = order.customer
    customer.name = customer.email = customer.phone = customer.address = customer.external_id = ""
    customer.erased_at = timezone.now()
    customer.save()
    assert counts(send(WHOLE)) == (0, 0, 1, 0)
    assert not hasattr(only_order(), "destination")


@pytest.mark.parametrize("changed", [{}, {"price": "11.00", "delivered": "2024-05-04", "ship_city": "Bonn"}])
def test_a_batch_asks_as_often_for_three_orders_as_for_one(tmp_path: Path, shop: Shop, changed: dict[str, str]) -> None:
    asked = []
    for count in (1, 3):
        rows = [WHOLE | {"order": f"{count}-{n}", "tracking": f"{count}{n}", "customer": f"K{n}"} for n in range(count)]
        before = [{name: text for name, text in row.items() if name != "delivered"} for row in rows]
        store_rows(tmp_path, *before, shop=shop)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            store_rows(tmp_path, *(row | changed for row in rows), shop=shop)
        asked.append(len(queries))
    assert asked[0] == asked[1]
