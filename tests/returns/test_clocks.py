"""What happens by itself when time is over."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from returns.lifecycle.actions import move
from returns.models import Case
from returns.review.expiry import run_due
from signoff.models import OrderLine
from tests.factories import make_case

pytestmark = pytest.mark.django_db

NOW = timezone.now()


def statuses(*cases: Case) -> list[str]:
    return [Case.objects.get(pk=case.pk).status for case in cases]


def test_only_what_is_due_moves() -> None:
    asked_long_ago = move(make_case(), Case.request_information, by=None, now=NOW - timedelta(days=7))
    asked_today = move(make_case(), Case.request_information, by=None, now=NOW)
    forgotten_by_staff = make_case(now=NOW - timedelta(days=30))

    assert run_due(NOW) == 1
    assert statuses(asked_long_ago, asked_today, forgotten_by_staff) == ["expired", "waiting_on_shopper", "submitted"]


def test_an_expired_case_frees_its_units_and_is_closed_later() -> None:
    case = move(make_case(quantity=2), Case.request_information, by=None, now=NOW)
    order_line = case.lines.get().order_line

    run_due(NOW + timedelta(days=7))
    order_line.refresh_from_db()
    assert (order_line.returning, order_line.available) == (0, 3)

    run_due(NOW + timedelta(days=21))
    assert statuses(case) == ["closed"]


def test_a_second_run_finds_nothing() -> None:
    move(make_case(), Case.request_information, by=None, now=NOW - timedelta(days=8))
    run_due(NOW)
    assert run_due(NOW) == 0


def test_a_case_whose_step_fails_keeps_no_other_clock_waiting(caplog: pytest.LogCaptureFixture) -> None:
    broken = move(make_case(), Case.request_information, by=None, now=NOW - timedelta(days=30))
    sound = move(make_case(), Case.request_information, by=None, now=NOW - timedelta(days=8))
    OrderLine.objects.filter(case_lines__case=broken).update(returning=0)  # its units cannot be let go

    assert run_due(NOW) == 1
    assert statuses(broken, sound) == ["waiting_on_shopper", "expired"]
    assert [record.getMessage() for record in caplog.records] == [f"The sweep leaves case {broken.pk} as it is"]


def test_a_clock_locks_the_order_lines_before_its_case() -> None:
    move(make_case(), Case.request_information, by=None, now=NOW - timedelta(days=8))

    with CaptureQueriesContext(connection) as queries:
        run_due(NOW)

    locks = [query["sql"] for query in queries if "FOR UPDATE" in query["sql"]]
    assert ["signoff_orderline" in locks[0].split("WHERE")[0], "returns_case" in locks[1]] == [True, True]
