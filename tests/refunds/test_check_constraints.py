"""Payments, order lines, shipping charges and case lines written by raw SQL: the database itself refuses what is false.

Every CHECK of these tables is tried alone, with all others dropped, so that none hides behind another.
"""

from dataclasses import dataclass

import pytest
from django.db import IntegrityError, connection, models, transaction

from returns.models import Line
from signoff.models import OrderLine, Payment, ShippingCharge
from tests.factories import make_case
from tests.steps.plans import add_shipping

pytestmark = pytest.mark.django_db
TABLES = (Payment, OrderLine, ShippingCharge, Line)
OF_TABLE = "SELECT conname FROM pg_constraint WHERE contype = 'c' AND conrelid = %s::regclass"


@dataclass(frozen=True)
class Check:
    """What a CHECK just allows, and what it refuses, each as the SET clause of an UPDATE."""

    model: type[models.Model]
    allows: str
    refuses: tuple[str, ...]


#: a paid line of 3 units at 20.00, a payment of 64.95, a charge of 4.95, a case line of one unit
CHECKS = {
    "payment_refunded_within_captured": Check(
        Payment, "refunded = captured", ("refunded = captured + 0.001", "refunded = -0.001")
    ),
    "signoff_payment_position_check": Check(Payment, "position = 0", ("position = -1",)),
    "line_amounts_not_negative": Check(
        OrderLine,
        "list_total = 0, discount = 0, tax = 0, gross = 0",
        ("list_total = -0.001", "discount = -0.001", "tax = -0.001", "gross = -0.001"),
    ),
    "payment_elsewhere_is_refunded": Check(
        Payment,
        "reported = 20, elsewhere = 20, refunded = 20",
        ("reported = 20, elsewhere = 20, refunded = 19", "elsewhere = -1"),
    ),
    "payment_reported_is_counted_once": Check(
        Payment,
        "reported = 20, elsewhere = 12, ours = 8, refunded = 12",
        ("reported = 20, elsewhere = 12, ours = 9, refunded = 12", "ours = -1"),
    ),
    "line_quantity_positive": Check(OrderLine, "quantity = 1", ("quantity = 0",)),
    "line_refunded_within_paid": Check(
        OrderLine, "refunded = gross", ("refunded = gross + 0.001", "refunded = -0.001")
    ),
    "line_units_within_bought": Check(
        OrderLine,
        '"returning" = 1, returned = quantity - 1',
        ('"returning" = quantity + 1', "returned = quantity + 1", '"returning" = 1, returned = quantity'),
    ),
    "signoff_orderline_position_check": Check(OrderLine, "position = 0", ("position = -1",)),
    "signoff_orderline_quantity_check": Check(OrderLine, "quantity = 0", ("quantity = -1",)),
    "signoff_orderline_returned_check": Check(OrderLine, "returned = 0", ("returned = -1",)),
    "signoff_orderline_returning_check": Check(OrderLine, '"returning" = 0', ('"returning" = -1',)),
    "shipping_refunded_within_paid": Check(
        ShippingCharge, "refunded = gross", ("refunded = gross + 0.001", "refunded = -0.001")
    ),
    "case_line_quantities_in_order": Check(
        Line,
        "authorised = requested, accepted = 1, received = 1",
        ("authorised = requested + 1", "accepted = received + 1"),
    ),
    "case_line_requested_positive": Check(Line, "requested = 1", ("requested = 0",)),
    "returns_line_accepted_check": Check(Line, "accepted = 0", ("accepted = -1",)),
    "returns_line_authorised_check": Check(Line, "authorised = 0", ("authorised = -1",)),
    "returns_line_received_check": Check(Line, "received = 0", ("received = -1",)),
    "returns_line_requested_check": Check(Line, "requested = 0", ("requested = -1",)),
    "returns_line_shipped_check": Check(Line, "shipped = 0", ("shipped = -1",)),
}
REFUSED = [(name, refused) for name, check in CHECKS.items() for refused in check.refuses]


@pytest.fixture(autouse=True)
def _rows() -> None:
    """One row in each table, with everything checked that the database would check at commit."""
    add_shipping(make_case())
    execute("SET CONSTRAINTS ALL IMMEDIATE")


def execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def names_in(table: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(OF_TABLE, [table])
        return {name for (name,) in cursor.fetchall()}


def drop(table: str, *names: str) -> None:
    for name in names:
        execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')


def write(table: str, changed: str) -> None:
    execute(f"UPDATE {table} SET {changed}")  # noqa: S608 - from the table above


@pytest.mark.parametrize("model", TABLES)
def test_every_check_in_the_catalogue_has_its_case_here(model: type[models.Model]) -> None:
    assert names_in(model._meta.db_table) == {name for name, check in CHECKS.items() if check.model is model}


@pytest.mark.parametrize(("name", "changed"), REFUSED)
def test_a_check_refuses_by_itself_what_cannot_be_true(name: str, changed: str) -> None:
    table = CHECKS[name].model._meta.db_table
    drop(table, *names_in(table) - {name})
    with pytest.raises(IntegrityError, match=f'check constraint "{name}"'), transaction.atomic():
        write(table, changed)
    drop(table, name)
    write(table, changed)  # the negative control: nothing else refuses it


@pytest.mark.parametrize("name", CHECKS)
def test_a_check_allows_what_is_just_true(name: str) -> None:
    table = CHECKS[name].model._meta.db_table
    drop(table, *names_in(table) - {name})
    write(table, CHECKS[name].allows)
