"""Past returns read from a file and played as cases; December 2010 of the Online Retail data, in full."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Sum

from refunds.history_import.file import PastReturns
from refunds.history_import.parallel import independent
from refunds.ledger.audit.consistency import faults
from refunds.models import Entry, Refund
from returns.models import Case, Line
from returns.models.logbook import LogEntry
from signoff.imports.files.csv import CsvTable
from signoff.models import OrderLine
from tests.datafiles import data_file, needed
from tests.factories import OrderFactory, OrderLineFactory, ShopFactory

pytestmark = pytest.mark.django_db(transaction=True)

DATA = data_file("online_retail")
HEADER = "return_invoice,return_date,stock_code,quantity,original_invoice,original_unit_price\n"


@pytest.fixture
def returned(tmp_path: Path) -> Any:
    """Call it with rows to import them; returns the refused file's text, or ""."""

    def run(*rows: str, **options: Any) -> str:
        file = tmp_path / "returns.csv"
        file.write_text(HEADER + "".join(f"{row}\n" for row in rows))
        call_command("import_returns", file, **options)
        refused = tmp_path / "returns.csv.refused.csv"
        return refused.read_text() if refused.exists() else ""

    return run


def sold(**options: Any) -> OrderLine:
    """Three units of A1 at 20.00 each in order 5001."""
    line = OrderFactory(number="5001", **options).lines.get()
    OrderLine.objects.filter(pk=line.pk).update(sku="A1")
    return line


def test_a_return_lives_its_whole_life_at_the_time_of_the_file(returned: Any) -> None:
    sold()

    assert returned("C9,2011-01-05 10:00:00,a1,2,5001,20.00") == ""

    at = datetime(2011, 1, 5, 10, tzinfo=UTC)
    case = Case.objects.get()
    assert (case.status, case.channel, case.opened_at) == ("closed", "import", at)
    assert [(entry.verb, entry.at, entry.by and entry.by.username) for entry in case.log.select_related("by")] == [
        ("open", at, "import-agent"),
        ("propose", at, "import-agent"),
        ("approve", at, "import-manager"),
        ("authorise", at, "import-manager"),
        ("receive", at, "import-inspector"),
        ("inspect", at, "import-inspector"),
        ("settle", at, None),
        ("refund_paid", at, "import-finance"),
        ("resolve", at, None),
        ("close", at + timedelta(days=14), None),
    ]
    refund = case.refunds.get()
    assert (refund.amount, refund.provider_reference, refund.paid_at) == (Decimal(40), "C9", at)
    assert list(case.ledger.values_list("account", "amount")) == [
        ("returns", 40),
        ("payable", -40),
        ("payable", 40),
        ("bank", -40),
    ]
    line = OrderLine.objects.get()
    assert (line.returning, line.returned, line.refunded) == (0, 2, 40)


def test_the_stand_ins_cannot_sign_in(returned: Any) -> None:
    sold()
    returned("C9,2011-01-05 10:00:00,A1,1,5001,20.00")

    people = User.objects.filter(username__startswith="import-")
    assert people.count() == 5
    assert not any(person.has_usable_password() for person in people)


def test_what_exceeds_what_was_bought_is_refused_with_line_column_and_sentence(returned: Any) -> None:
    sold()

    refused = returned(
        "C9,2011-01-05 10:00:00,A1,2,5001,20.00",
        "C10,2011-01-06 10:00:00,A1,2,5001,20.00",
        "C11,2011-01-07 10:00:00,B2,1,5001,20.00",
        "C12,2011-01-08 10:00:00,A1,1,5002,20.00",
        "C13,yesterday,A1,1,5001,20.00",
        "C14,2011-01-08 10:00:00,A1,-1,5001,20.00",
    )

    assert Case.objects.count() == 1
    assert [line.split(",", 3)[:3] for line in refused.splitlines()[1:]] == [
        ["3", "quantity", '"Order 5001 has 1 unit of A1 left to return'],
        ["4", "stock_code", "Order 5001 has no paid item B2."],
        ["5", "original_invoice", "Order 5002 doesn't exist in this shop. Import the orders first."],
        ["6", "return_date", "“yesterday” is not a date and time such as 2010-12-03 14:23:00."],
        ["7", "quantity", "“-1” is not a whole number of units above zero."],
    ]


def test_a_second_run_changes_nothing_and_refuses_the_same(returned: Any) -> None:
    sold()
    rows = ["C9,2011-01-05 10:00:00,A1,2,5001,20.00", "C9,2011-01-05 10:00:00,A1,2,5001,20.00"]
    first = returned(*rows)
    before = list(Case.objects.values())

    assert returned(*rows) == first != ""

    assert list(Case.objects.values()) == before
    assert Refund.objects.count() == 1


def test_a_run_that_was_cut_off_is_taken_up_where_it_stood(returned: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    sold()
    with monkeypatch.context() as cut:
        cut.setattr("refunds.history_import.replay_case.settlement.meet_verdict", None)
        with pytest.raises(TypeError):
            returned("C9,2011-01-05 10:00:00,A1,2,5001,20.00")
    assert Case.objects.get().status == "inspected"

    returned("C9,2011-01-05 10:00:00,A1,2,5001,20.00")

    assert Case.objects.get().status == "closed"
    assert Refund.objects.get().amount == 40


def test_the_line_of_the_same_price_comes_first_then_the_next_with_enough_left(returned: Any) -> None:
    order = OrderFactory(number="5001", lines=[(3, "20.00")])
    OrderLineFactory(order=order, position=2, quantity=5, unit_price=Decimal("18.00"))
    order.payments.update(captured=Decimal(150))
    OrderLine.objects.update(sku="A1")

    returned(
        "C1,2011-01-05 10:00:00,A1,2,5001,18.00",
        "C2,2011-01-06 10:00:00,A1,3,5001,18.00",
        "C3,2011-01-07 10:00:00,A1,3,5001,18.00",
    )

    assert list(Refund.objects.order_by("pk").values_list("amount", flat=True)) == [36, 54, 60]


def test_several_processes_do_what_one_does(returned: Any) -> None:
    sold()
    OrderFactory(number="5002", shop=ShopFactory(), lines=[(2, "7.50")])
    OrderLine.objects.update(sku="A1")

    returned("C1,2011-01-05 10:00:00,A1,2,5001,20.00", "C2,2011-01-06 10:00:00,A1,1,5002,7.50", workers=2)

    assert [float(amount) for amount in Refund.objects.order_by("amount").values_list("amount", flat=True)] == [7.5, 40]
    assert set(Case.objects.values_list("status", flat=True)) == {"closed"}


def test_slips_that_share_an_order_stay_together(tmp_path: Path) -> None:
    file = tmp_path / "returns.csv"
    rows = [("C1", "5001"), ("C2", "5002"), ("C3", "5001"), ("C3", "5003"), ("C4", "5003"), ("C5", "5004")]
    lines = [f"{invoice},2011-01-0{day},A1,1,{order},1\n" for day, (invoice, order) in enumerate(rows, start=1)]
    file.write_text(HEADER + "".join(lines))

    groups = independent(PastReturns(CsvTable(file), shop=ShopFactory()).slips)

    assert [[slip.invoice for slip in group] for group in groups] == [["C1", "C3", "C4"], ["C2"], ["C5"]]


def test_an_unknown_shop_and_a_file_that_is_none_are_refused_with_a_sentence(returned: Any) -> None:
    with pytest.raises(CommandError, match="no shop yet"):
        returned("C1,2011-01-05,A1,1,5001,1")
    ShopFactory()
    with pytest.raises(CommandError, match="--shop: lantern"):
        returned("C1,2011-01-05,A1,1,5001,1", shop="nowhere")
    with pytest.raises(CommandError, match="no column"):
        call_command("import_returns", DATA / "ATTRIBUTION.md")


@pytest.mark.slow
def test_a_december_of_real_returns_ends_in_order(tmp_path: Path) -> None:
    """The figures are computed by the published rule from the same two files, apart from this code."""
    call_command(
        "import_orders", DATA / "online_retail_2010_12_slice.csv.gz", format="online-retail", refused=tmp_path / "r.csv"
    )

    call_command("import_returns", DATA / "linked_returns_2010_12.csv", refused=tmp_path / "refused.csv")

    assert len((tmp_path / "refused.csv").read_text().splitlines()) - 1 == 4
    assert Line.objects.count() == 136
    assert list(Case.objects.values_list("status").distinct()) == [("closed",)]
    assert Refund.objects.aggregate(sum=Sum("amount"))["sum"] == Decimal("5891.58")
    assert Entry.objects.filter(account="payable").aggregate(sum=Sum("amount"))["sum"] == 0
    assert list(faults()) == []
    assert LogEntry.objects.filter(verb="close").count() == Case.objects.count() == 67


def test_a_return_that_cannot_be_completed_is_listed_and_the_rest_goes_on(returned: Any, tmp_path: Path) -> None:
    """The database refuses the plan of the first return, by a constraint that is planted here."""
    sold()
    OrderFactory(number="5002", shop=ShopFactory(), lines=[(2, "7.50")])
    OrderLine.objects.update(sku="A1")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE refunds_resolution ADD CONSTRAINT planted CHECK (total < 10)")

    with pytest.raises(CommandError, match="Rows not played to their end: 1"):
        returned("C1,2011-01-05 10:00:00,A1,2,5001,20.00", "C2,2011-01-06 10:00:00,A1,1,5002,7.50")

    listed = (tmp_path / "returns.csv.refused.csv").read_text().splitlines()[1:]
    assert [row.split(",", 2)[:2] for row in listed] == [["2", "return_invoice"]]
    assert "This return could not be completed" in listed[0]
    assert Case.objects.get(order__number="5002").status == "closed"


@pytest.mark.parametrize(
    "row",
    [
        "C1,0001-01-01 00:00:00,A1,1,5001,20.00",
        "C1,9999-12-31 23:59:59-05:00,A1,1,5001,20.00",
        "C\x001,2011-01-05,A1,1,5001,20.00",
        f"{'C' * 400},2011-01-05,A1,1,5001,20.00",
        "C1,2011-01-05,A1,1,5001,NaN",
        "C1,2011-01-05,A1,1",
    ],
)
@pytest.mark.parametrize("workers", [1, 2])
def test_no_row_ends_the_import(returned: Any, row: str, workers: int) -> None:
    sold()
    refused = returned(row, "C2,2011-01-06 10:00:00,A1,1,5001,20.00", workers=workers)
    assert [line.split(",", 1)[0] for line in refused.splitlines()[1:]] == ["2"]
    assert Case.objects.get().status == "closed"


def test_a_report_of_amazon_s_returns_is_played(tmp_path: Path) -> None:
    order = OrderFactory(number="114-0000000-0000001", placed_at=datetime(2025, 5, 1, tzinfo=UTC))
    OrderLine.objects.filter(order=order).update(sku="LVA1004-UPC")
    file = tmp_path / "returns.tsv"
    file.write_bytes(needed("formats/amazon/fba_customer_returns.tsv").read_bytes())
    call_command("import_returns", file)
    case = Case.objects.get()
    assert (case.status, case.order, case.lines.get().requested) == ("closed", order, 1)
