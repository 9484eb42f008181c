"""The books: they balance, they are chained, and nobody changes them unseen."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from refunds.ledger import booking
from refunds.ledger.audit.consistency import faults
from refunds.ledger.booking import DoesNotBalance, Occasion, Side
from refunds.models import Entry, Refund
from refunds.payouts.gateways import Paid, Waiting
from refunds.payouts.manual import confirm_paid, mark_failed
from refunds.payouts.worker import claim, settle
from returns.models import Case
from signoff.models import OrderLine, Payment, ShippingCharge
from tests.factories import make_case
from tests.factories.settlements import make_case_paid_by_two, make_refund, make_settled_case

pytestmark = pytest.mark.django_db

#: every column with a change of it as SQL
CHANGES = {
    "case_id": "case_id + 1",
    "seq": "seq + 100",
    "voucher": "voucher + 1",
    "at": "at + interval '1 microsecond'",
    "account": "'tax'",
    "amount": "amount + 0.001",
    "currency": "'EUS'",
    "refund_id": "NULL",
    "customer_id": "NULL",
    "text": "'paie'",
    "previous": "overlay(previous placing '_' from 1 for 1)",
    "hash": "overlay(hash placing '_' from 64 for 1)",
}


def paid_case() -> Case:
    """A case with four entries: owed, and paid as store credit."""
    refund = make_refund(gateway="store_credit")
    settle(claim(timezone.now(), only=refund), Paid("SC-1"))
    return refund.case


def as_superuser(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE refunds_entry DISABLE TRIGGER ALL")
        cursor.execute(sql)


def test_the_books_of_a_paid_case_are_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    paid_case()

    call_command("verify_ledger")

    assert "4 entries" in capsys.readouterr().out


def test_every_column_has_its_change() -> None:
    """But for the key: no hash covers it, so that a restored copy may have others."""
    assert {field.column for field in Entry._meta.concrete_fields} == {"id", *CHANGES}


@pytest.mark.parametrize("column", CHANGES)
def test_a_changed_column_is_found_and_named(column: str, capsys: pytest.CaptureFixture[str]) -> None:
    case, _other = paid_case(), make_case()
    touched = Entry.objects.get(case=case, account="store_credit")

    as_superuser(f"UPDATE refunds_entry SET {column} = {CHANGES[column]} WHERE id = {touched.pk}")  # noqa: S608

    with pytest.raises(CommandError, match="not in order"):
        call_command("verify_ledger")
    found = Case.objects.get(pk=case.pk + 1) if column == "case_id" else case
    assert found.number in capsys.readouterr().err


@pytest.mark.parametrize("entries", ["seq = 4", "voucher = 2", "seq > 0", "seq = 1"])
def test_a_cut_chain_is_found(entries: str) -> None:
    paid_case()

    as_superuser(f"DELETE FROM refunds_entry WHERE {entries}")  # noqa: S608

    assert list(faults())


@pytest.mark.parametrize("model", [Payment, OrderLine])
def test_a_counter_that_disagrees_is_found(model: type[Payment | OrderLine]) -> None:
    case = paid_case()
    model.objects.update(refunded=Decimal("20.01"))

    assert [fault.location.split(",")[0] for fault in faults()] == [f"order {case.order.number}"]


def test_a_shipping_charge_that_counts_without_a_refund_is_found() -> None:
    order = paid_case().order
    ShippingCharge.objects.create(order=order, title="Parcel", amount=5, gross=5, refunded=5)

    assert [str(fault) for fault in faults()] == [
        f"order {order.number}, “Parcel”: it counts 5.000 as refunded, its refunds come to 0"
    ]


def test_a_failed_refund_counts_nowhere_but_is_still_owed() -> None:
    case = make_settled_case(make_case_paid_by_two(), gross="50.00", gateway="manual")
    first, second = case.refunds.order_by("payment__position")
    confirm_paid(settle(claim(timezone.now(), only=second), Waiting()), by=None, reference="TRX-1")
    mark_failed(settle(claim(timezone.now(), only=first), Waiting()), by=None, why="account closed")

    assert list(faults()) == []
    assert list(OrderLine.objects.order_by("pk").values_list("refunded", flat=True)) == [20, 0]

    Refund.objects.filter(pk=first.pk).update(status="due")
    assert [fault.problem for fault in faults()] == [
        "it counts 0.000 as refunded, its refunds come to 30.000",
        "it counts 20.000 as refunded, its refunds come to 50.000",
        "its “status” is not what the last row of its history says",
    ]


def test_a_voucher_that_does_not_balance_is_refused_by_us_and_by_the_database() -> None:
    case = make_case()
    sides = [Side(Entry.Account.RETURNS, Decimal(2)), Side(Entry.Account.PAYABLE, Decimal(-1))]
    with pytest.raises(DoesNotBalance, match="settled"):
        booking.book(case, sides=sides, currency="EUR", occasion=Occasion.SETTLED)

    one = Entry(case=case, seq=1, voucher=1, at=datetime.now(UTC), account="bank", amount=1, currency="EUR", hash="-")
    with pytest.raises(DatabaseError, match="does not balance"), transaction.atomic():
        one.save()
        connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_voucher_of_nothing_writes_nothing() -> None:
    case = make_case()
    sides = [Side(Entry.Account.RETURNS, Decimal(0)), Side(Entry.Account.PAYABLE, Decimal(0))]
    assert booking.book(case, sides=sides, currency="EUR", occasion=Occasion.SETTLED) == []
    assert not case.ledger.exists()


def test_the_database_refuses_to_change_the_books() -> None:
    paid_case()
    connection.check_constraints()  # nothing is pending, so that the refusal is the trigger's

    for sql, refusal in {
        "UPDATE refunds_entry SET amount = 1": "Cannot update or delete rows from refunds_entry",
        "DELETE FROM refunds_entry": "Cannot update or delete rows from refunds_entry",
        "TRUNCATE refunds_entry": "ledger is append-only and cannot be emptied",
    }.items():
        with pytest.raises(DatabaseError, match=refusal), transaction.atomic():
            connection.cursor().execute(sql)
