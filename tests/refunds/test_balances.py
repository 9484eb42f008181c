"""Balances are added up once and kept; what is booked later is added, and nothing is counted twice."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from refunds.ledger.balances import balances, balances_of
from refunds.models import Entry
from tests.factories import make_entry

pytestmark = pytest.mark.django_db


def amounts(**options: Any) -> dict[str, Decimal]:
    return {one.account: one.amount for found in balances(recent=1, **options).values() for one in found}


def test_what_is_booked_after_the_old_was_added_up_is_added_to_it() -> None:
    make_entry(amount="20.00")
    assert amounts() == {"returns": Decimal(20), "payable": Decimal(-20)}
    make_entry(amount="5.00")
    assert amounts() == {"returns": Decimal(25), "payable": Decimal(-25)}


def test_kept_and_fresh_sums_are_what_the_whole_ledger_comes_to() -> None:
    for amount in ("20.00", "7.50"):
        make_entry(amount=amount)
        assert balances(recent=1) == balances_of(Entry.objects.all())


def test_the_old_part_is_not_added_up_again(django_assert_num_queries: Any) -> None:
    make_entry()
    balances(recent=1)
    with django_assert_num_queries(1):
        balances(recent=1)


def test_the_kept_sums_move_on_with_the_ledger() -> None:
    """Else each page adds up all that was booked since the sums were made."""
    make_entry()
    balances(recent=1)
    for _booking in range(3):
        make_entry()
    balances(recent=1)
    with CaptureQueriesContext(connection) as asked:
        assert balances(recent=1) == balances_of(Entry.objects.all())
    newest = Entry.objects.latest("pk").pk
    assert f'"refunds_entry"."id" > {newest - 1} ' in asked[0]["sql"]


def test_one_account_alone() -> None:
    make_entry(amount="20.00")
    assert amounts(account="returns") == {"returns": Decimal(20)}
