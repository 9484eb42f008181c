"""Confirmed violations become claims, each once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from refunds.ledger.claims import book_claims
from refunds.models import Claim
from signoff.scorecards.violations import confirm, waive
from tests.factories import PLACED, ClaimFactory, UserFactory, ViolationFactory

pytestmark = pytest.mark.django_db
NOW = PLACED + timedelta(days=40)


def test_a_confirmed_violation_is_booked_once() -> None:
    violation = confirm(ViolationFactory(penalty="12.34", currency="GBP"), by=UserFactory(role="manager"))
    assert (book_claims(NOW), book_claims(NOW)) == (1, 0)
    claim = Claim.objects.get()
    assert (claim.violation, claim.against, claim.amount, claim.currency, claim.booked_at) == (
        violation, "DHL", Decimal("12.34"), "GBP", NOW,
    )  # fmt: skip


def test_open_and_waived_violations_are_no_claims() -> None:
    ViolationFactory()
    waive(ViolationFactory(name="UPS"), by=UserFactory(role="manager"), reason="Snow.")
    assert book_claims() == 0


@pytest.mark.django_db(transaction=True)
def test_two_workers_book_each_violation_once() -> None:
    manager = UserFactory(role="manager")
    for name in "ABCDEFGH":
        confirm(ViolationFactory(name=name), by=manager)

    def book(_place: int) -> int:
        try:
            return book_claims()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(book, range(4))) == 8
    assert sorted(Claim.objects.values_list("against", flat=True)) == list("ABCDEFGH")


def test_claims_are_listed_with_what_they_come_to(client: Client) -> None:
    client.force_login(UserFactory(role="finance"))
    for amount, currency in (("20.00", "EUR"), ("5.50", "EUR"), ("700", "JPY")):
        ClaimFactory(amount=amount, currency=currency, violation=ViolationFactory(name=amount))
    page = client.get("/desk/claims/")
    assert [(total["currency"], total["shown"], total["count"]) for total in page.context["totals"]] == [
        ("EUR", "€25.50", 2),
        ("JPY", "¥700", 1),
    ]
    assert len(client.get("/desk/claims/?currency=EUR").context["page"].rows) == 2
    assert len(client.get("/desk/claims/?currency=XXX").context["page"].rows) == 3


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_as_often_for_three_claims_as_for_one(
    client: Client, rows: int, django_assert_num_queries: Any
) -> None:
    client.force_login(UserFactory(role="finance"))
    for place in range(rows):
        ClaimFactory(violation=ViolationFactory(name=str(place)))
    with django_assert_num_queries(7):
        assert client.get("/desk/claims/").text.count("row-link") == rows
