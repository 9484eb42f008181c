"""What stands in the database after an import: every table that an order has."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import timezone

from signoff.imports.formats.mapping import ColumnMapping
from signoff.models import Customer, Order, OrderAnomaly, Parcel, Shop, Watch
from tests.datafiles import needed
from tests.factories import CustomerFactory, OrderFactory, ShopFactory
from tests.steps.import_files import only_order, sentences, store, store_rows

ROW = {"order": "A1", "sku": "CUP", "qty": "2", "price": "10.00", "date": "2024-05-01 12:00"}
WHOLE = ROW | {
    "line": "7", "title": "Cup", "discount": "1.00", "tax": "3.03", "order_discount": "2.00", "discount_code": "MAY",
    "shipping": "4.90", "shipping_tax": "0.78", "total": "21.90", "paid": "21.90", "payment_method": "Visa card",
    "status": "sent", "customer": "K7", "email": "A@b.example", "phone": "+49 1", "language": "zh-CN",
    "ship_name": "A B", "ship_street": "Weg 1", "ship_city": "Ulm", "ship_postcode": "89073", "ship_country": "Germany",
    "carrier": "DHL", "tracking": "00340", "sent": "2024-05-02", "delivered": "2024-05-03 10:00",
    "promised": "2024-05-04",
}  # fmt: skip

pytestmark = pytest.mark.django_db


def test_everything_that_a_row_tells_is_written(tmp_path: Path) -> None:
    outcome = store_rows(tmp_path, WHOLE, shop=ShopFactory())
    order = only_order()
    assert (outcome.new, outcome.lines, outcome.anomalies, outcome.paid) == (1, 1, 0, {"EUR": Decimal("21.90")})
    assert (order.total, order.country, order.shop_status, order.source) == (Decimal("21.90"), "DE", "sent", "table")
    columns = ("sku", "title", "quantity", "list_total", "discount", "tax", "gross", "external_id")
    assert list(order.lines.values_list(*columns)) == [
        ("CUP", "Cup", 2, Decimal(20), Decimal(3), Decimal("3.03"), Decimal(17), "7"),
    ]  # fmt: skip
    assert list(order.shipping.values_list("amount", "tax", "gross")) == [
        (Decimal("4.90"), Decimal("0.78"), Decimal("4.90")),
    ]  # fmt: skip
    assert list(order.discounts.values_list("code", "amount")) == [("MAY", Decimal(2))]
    assert list(order.payments.values_list("method", "provider", "captured")) == [
        ("card", "Visa card", Decimal("21.90")),
    ]  # fmt: skip
    assert (order.destination.street, order.destination.postcode, order.destination.country) == ("Weg 1", "89073", "DE")
    parcel = order.parcels.get()
    assert (parcel.carrier, parcel.tracking_number, parcel.promised_on) == ("DHL", "00340", date(2024, 5, 4))
    assert parcel.delivered_at == datetime(2024, 5, 3, 10, tzinfo=UTC)
    assert list(parcel.lines.values_list("order_line", "quantity")) == [(order.lines.get().pk, 2)]
    assert [one.history.count() for one in (order, parcel)] == [1, 1]
    assert order.history.get().history_change_reason == "import: table"


def test_the_customer_is_who_the_file_names(tmp_path: Path) -> None:
    store_rows(tmp_path, WHOLE, shop=ShopFactory())
    customer = only_order().customer
    assert (customer.external_id, customer.name, customer.email, customer.phone, customer.language) == (
        "K7", "A B", "A@b.example", "+49 1", "zh-hans",
    )  # fmt: skip
    assert customer.address == "A B\nWeg 1\n89073 Ulm\nDE"


@pytest.mark.parametrize(
    ("paid", "captured"), [("", [Decimal("20.00")]), ("0", []), ("5.00", [Decimal("5.00")]), ("25.00", [Decimal(25)])]
)
def test_what_was_paid_is_captured_and_nothing_else(tmp_path: Path, paid: str, captured: list[Decimal]) -> None:
    outcome = store_rows(tmp_path, ROW | {"paid": paid}, shop=ShopFactory())
    assert list(only_order().payments.values_list("captured", flat=True)) == captured
    assert outcome.paid == {"EUR": sum(captured, Decimal(0))}


def test_parcels_of_the_past_are_not_waited_for_and_recent_ones_are(tmp_path: Path) -> None:
    now = timezone.now()
    days = {"old": 90, "sent": 3, "late": 5}
    rows = [
        ROW | {"order": name, "date": f"{now - timedelta(days=100):%Y-%m-%d}", "carrier": "DHL", "tracking": name,
               "sent": f"{now - timedelta(days=age):%Y-%m-%d}"}
        for name, age in days.items()
    ]  # fmt: skip
    rows.append(rows[1] | {"order": "come", "tracking": "come", "delivered": f"{now - timedelta(days=2):%Y-%m-%d}"})
    store_rows(tmp_path, *rows, shop=ShopFactory())
    watches = {watch.parcel.order.number: watch for watch in Watch.objects.select_related("parcel__order")}
    assert watches.keys() == {"sent", "late", "come"}
    assert watches["come"].sign_due_at == watches["come"].parcel.delivered_at + timedelta(days=7)
    assert watches["sent"].next_poll_at
    assert watches["sent"].sign_due_at is None


def test_a_customer_is_found_by_number_else_by_e_mail(tmp_path: Path) -> None:
    shop = ShopFactory()
    known = CustomerFactory(shop=shop, external_id="K7", email="old@b.example", name="Old")
    guest = CustomerFactory(shop=shop, email="Guest@b.example", name="", phone="")
    CustomerFactory(email="guest@b.example", shop=ShopFactory(slug="other"))
    store_rows(
        tmp_path,
        ROW | {"order": "1", "customer": "K7", "email": "new@b.example", "ship_name": "New"},
        ROW | {"order": "2", "email": "guest@B.example", "ship_name": "Guest"},
        ROW | {"order": "3", "customer": "K9", "email": "guest@b.example"},
        ROW | {"order": "4", "customer": "K8", "email": "new@b.example"},
        shop=shop,
    )
    owners = dict(Order.objects.values_list("number", "customer"))
    assert (owners["1"], owners["2"], owners["3"]) == (known.pk, guest.pk, guest.pk)
    assert owners["4"] not in (known.pk, guest.pk)
    known.refresh_from_db()
    guest.refresh_from_db()
    assert (known.email, known.name) == ("new@b.example", "New")
    assert (guest.external_id, guest.name) == ("K9", "Guest")


def test_an_older_order_only_fills_in_what_is_not_known_of_a_customer(tmp_path: Path) -> None:
    shop = ShopFactory()
    customer = CustomerFactory(shop=shop, external_id="K7", email="new@b.example", phone="")
    OrderFactory(shop=shop, customer=customer)  # of 2026
    store_rows(tmp_path, ROW | {"customer": "K7", "email": "old@b.example", "phone": "+49 2"}, shop=shop)
    customer.refresh_from_db()
    assert (customer.email, customer.phone) == ("new@b.example", "+49 2")


def test_somebody_who_was_erased_gets_no_data_again(tmp_path: Path) -> None:
    shop = ShopFactory()
    erased = CustomerFactory(shop=shop, external_id="K7", name="", email="", phone="", erased_at=timezone.now())
    store_rows(tmp_path, WHOLE, shop=shop)
    erased.refresh_from_db()
    assert (erased.name, erased.email, erased.phone, erased.address) == ("", "", "", "")
    assert (only_order().customer, Customer.objects.count()) == (erased, 1)


def test_a_word_that_is_no_e_mail_address_is_not_kept_as_one(tmp_path: Path) -> None:
    store_rows(tmp_path, ROW | {"customer": "K7", "email": "see the note"}, shop=ShopFactory())
    assert only_order().customer.email == ""


@pytest.mark.parametrize(
    ("changed", "kind", "facts"),
    [
        ({"ship_city": ""}, "address", {"missing": ["city"]}),
        ({"paid": "20.00"}, "unpaid", {"paid": "20.00", "total": "21.90"}),
        ({"total": "22.00"}, "totals", {"stated": "22.00", "total": "21.90"}),
        ({"total": "", "paid": "30.00"}, "totals", {"paid": "30.00", "total": "21.90"}),
    ],
)
def test_what_is_odd_about_an_order_is_put_into_the_queue(
    tmp_path: Path, changed: dict[str, str], kind: str, facts: dict[str, object]
) -> None:
    outcome = store_rows(tmp_path, WHOLE | changed, shop=ShopFactory())
    assert (outcome.anomalies, outcome.rejected) == (1, 0)
    assert list(OrderAnomaly.objects.values_list("kind", "facts")) == [(kind, facts)]


def test_what_a_file_can_never_give_is_not_missed(tmp_path: Path) -> None:
    row = {name: text for name, text in WHOLE.items() if name != "ship_city"}
    assert store_rows(tmp_path, row, shop=ShopFactory()).anomalies == 0


def test_no_postcode_is_missed_where_there_are_none(tmp_path: Path) -> None:
    row = WHOLE | {"ship_postcode": "", "ship_country": "HK"}
    assert store_rows(tmp_path, row, shop=ShopFactory()).anomalies == 0


def test_two_orders_may_be_in_one_parcel_however_its_number_is_written(tmp_path: Path) -> None:
    outcome = store(
        needed("faults/one_parcel_two_orders.csv"),
        shop=ShopFactory(),
        folder=tmp_path,
        mapping=ColumnMapping(
            {
                "number": "Order", "placed": "Date", "email": "Email", "article": "SKU", "title": "Title",
                "quantity": "Quantity", "price": "Price", "tracking": "Tracking",
            },
            currency="EUR",
        ),
    )  # fmt: skip
    assert (outcome.new, outcome.rejected) == (5, 0)
    parcels = Parcel.objects.tracked("1Z999SPC01").values_list("order__number", flat=True)
    assert sorted(parcels) == ["S7501", "S7502"]
    assert Parcel.objects.filter(order__number__in=["S7503", "S7504"]).count() == 0
    assert sorted(Parcel.objects.filter(order__number="S7505").values_list("tracking_number", flat=True)) == [
        "1ZAAA1", "1ZAAA2",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["N/A", "n/a", "-", "—", "无", "無", "自提", "自提点3号", "None", "pick up", "0000", "Entfällt", "TBD", "No: -"],
)
def test_a_word_instead_of_a_tracking_number_is_none(tmp_path: Path, text: str) -> None:
    store_rows(tmp_path, ROW | {"tracking": text}, shop=ShopFactory())
    assert Parcel.objects.count() == 0
    store_rows(tmp_path, ROW | {"order": "A2", "tracking": text, "sent": "2026-09-02"}, shop=Shop.objects.get())
    assert list(Parcel.objects.values_list("tracking_number", flat=True)) == [""]


def test_a_parcel_that_is_written_in_another_way_is_the_same(tmp_path: Path) -> None:
    shop = ShopFactory()
    store_rows(tmp_path, ROW | {"tracking": "1Z 999 AA1 01"}, shop=shop)
    outcome = store_rows(tmp_path, ROW | {"tracking": "1z999aa101", "carrier": "UPS"}, shop=shop)
    parcel = Parcel.objects.get()
    assert (outcome.changed, parcel.tracking_number, parcel.carrier) == (1, "1Z 999 AA1 01", "UPS")


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (ROW | {"order_discount": "21.00"}, "more than the 20.00 it applies to"),
        (ROW | {"tax": "21.00"}, "The tax of 21.00 is more than"),
        (ROW | {"paid": "1.001"}, "has more decimals than the currency allows"),
    ],
)
def test_an_order_whose_amounts_cannot_be_true_is_refused_and_others_are_not(
    tmp_path: Path, row: dict[str, str], sentence: str
) -> None:
    outcome = store_rows(tmp_path, row, ROW | {"order": "A2"}, shop=ShopFactory())
    assert (outcome.new, outcome.rejected, only_order().number) == (1, 1, "A2")
    assert sentence in sentences(outcome)[0]


def test_an_order_number_that_is_written_in_two_ways_is_one_order(tmp_path: Path) -> None:
    outcome = store_rows(tmp_path, ROW, ROW | {"order": "B1"}, ROW | {"order": "Ａ1", "sku": "POT"}, shop=ShopFactory())
    assert Order.objects.filter(number="A1").count() == 1
    assert outcome.new + outcome.rejected == 3


def test_names_with_emoji_and_marks_that_turn_text_are_kept_or_dropped_and_never_executed(tmp_path: Path) -> None:
    row = WHOLE | {"ship_name": "\u202eAnna \u200f👩‍👧 נעמי", "title": "<script>alert(1)</script>"}
    store_rows(tmp_path, row, shop=ShopFactory())
    assert only_order().destination.name == "Anna 👩‍👧 נעמי"
    assert only_order().lines.get().title == "<script>alert(1)</script>"


def test_goods_named_twice_in_a_parcel_are_added_up(tmp_path: Path) -> None:
    sent = {"carrier": "DHL", "tracking": "1"}
    store_rows(tmp_path, ROW | sent, ROW | sent | {"sku": "POT"}, shop=ShopFactory())
    assert list(Parcel.objects.get().lines.values_list("quantity", flat=True)) == [2, 2]


MAPPED = {
    "number": "Order", "placed": "Date", "email": "Email", "ship_name": "Name", "article": "SKU", "title": "Title",
    "quantity": "Quantity", "price": "Price",
}  # fmt: skip


def contact_anomalies() -> dict[str, dict[str, object]]:
    found = OrderAnomaly.objects.filter(kind__in=["contact", "email"]).order_by("order__number")
    return dict(found.values_list("order__number", "facts"))


def test_the_first_usable_address_is_taken_and_what_was_dropped_is_told(tmp_path: Path) -> None:
    mapping = ColumnMapping(MAPPED, currency="EUR")
    store(needed("faults/accents_and_names.csv"), shop=ShopFactory(), folder=tmp_path, mapping=mapping)
    emails = Customer.objects.order_by("email").values_list("email", flat=True)
    assert list(emails) == [f"buyer{n}@example.com" for n in range(1, 5)]
    assert contact_anomalies() == {"S7601": {"email": "more"}, "S7602": {"email": "more"}}


@pytest.mark.parametrize(
    ("text", "email", "facts"),
    [
        ("anna@b.example", "anna@b.example", None),
        ("<anna@b.example>", "anna@b.example", None),
        ("mailto:anna@b.example", "anna@b.example", None),
        ("A B <anna@b.example>", "anna@b.example", None),
        ("Shop <anna@b.example>", "anna@b.example", {"email": "more"}),
        ("anna@b.example / bert@b.example", "anna@b.example", {"email": "more"}),
        ("anna@b.example bert@b.example", "anna@b.example", {"email": "more"}),
        ("anna@; bert@b.example", "bert@b.example", {"email": "more"}),
        ("anna schmidt@b.example", "", {"email": "unusable", "phone": True}),
        ("none", "", {"email": "unusable", "phone": True}),
        ("", "", {"email": "missing", "phone": True}),
    ],
)
def test_addresses_are_read_as_people_write_them(
    tmp_path: Path, text: str, email: str, facts: dict[str, object] | None
) -> None:
    outcome = store_rows(tmp_path, ROW | {"email": text, "ship_name": "A B", "phone": "+49 1"}, shop=ShopFactory())
    assert (only_order().customer.email, contact_anomalies().get("A1")) == (email, facts)
    assert outcome.report.get("unreachable", 0) == (not email)


def test_a_file_without_a_column_for_e_mails_misses_none(tmp_path: Path) -> None:
    outcome = store_rows(tmp_path, ROW | {"ship_name": "A B"}, shop=ShopFactory())
    assert (contact_anomalies(), "unreachable" in outcome.report) == ({}, False)


def test_shopifys_orders_on_delivery_are_not_unpaid_and_nobody_to_write_to_is_told(tmp_path: Path) -> None:
    outcome = store(needed("faults/numbers_with_hash_shopify.csv"), shop=ShopFactory(), folder=tmp_path)
    assert (outcome.new, outcome.rejected, outcome.report["unreachable"]) == (2, 0, 1)
    anomalies = OrderAnomaly.objects.values_list("order__number", "kind", "facts")
    assert list(anomalies) == [("#HH7002", "contact", {"email": "missing", "phone": True})]


@pytest.mark.parametrize(
    "method", ["Cash on Delivery (COD)", "cod", "Nachnahme", "货到付款", "Contra reembolso", "Dobírka"]
)
def test_an_order_that_is_paid_on_delivery_is_not_unpaid(tmp_path: Path, method: str) -> None:
    store_rows(tmp_path, ROW | {"paid": "0", "payment_method": method}, shop=ShopFactory())
    assert not OrderAnomaly.objects.exists()
    store_rows(tmp_path, ROW | {"order": "A2", "paid": "0", "payment_method": "card"}, shop=Shop.objects.get())
    assert list(OrderAnomaly.objects.values_list("order__number", "kind")) == [("A2", "unpaid")]
