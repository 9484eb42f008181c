"""The logbook proves itself: green as written, red after any byte was changed behind its back."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from returns.lifecycle.actions import move
from returns.logbook.verify import Verification
from returns.models import Case
from returns.review.actions import request_information
from returns.review.assignment import take
from tests.factories import UserFactory, make_case
from tests.steps.logbook import note

pytestmark = pytest.mark.django_db

#: what no hash covers
GIVEN_BY_THE_DATABASE = ("id", "transaction")


@pytest.fixture
def case() -> Case:
    """Four entries: opened by the shopper, taken, asked, and a note without a row of the history."""
    agent = UserFactory(role="agent")
    case = request_information(take(make_case(), by=agent), by=agent, question="Which?")
    note(case, "refund_paid", by=None, amount="12.30", currency="EUR")
    make_case()
    return Case.objects.get(pk=case.pk)


def faults() -> list[tuple[str, int | None, str]]:
    return [(fault.case, fault.seq, fault.part) for fault in Verification().faults()]


def open_up(table: str) -> None:
    """What a superuser can do: no trigger and no foreign key speaks up any more."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")


def tamper(table: str, key: str, value: Any, column: str, kind: str) -> None:
    """Change one byte (or the smallest unit) of one column of one row."""
    changed = {
        "boolean": "NOT {0}",
        "jsonb": """{0} || '{{"pictures": 3}}'""",
        "timestamp with time zone": "coalesce({0}, now()) + interval '1 microsecond'",
        "bigint": "coalesce({0}, 0) + 100000",
        "integer": "coalesce({0}, 0) + 100000",
        "numeric": "{0} + 0.001",
        "state": "'rejected'",
    }.get(kind, "overlay(coalesce(nullif({0}, ''), ' ') placing 'Q' from 1)")
    open_up(table)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = {changed.format(column)} WHERE {key} = %s", [value])  # noqa: S608 - names from this file
        assert cursor.rowcount == 1


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def cut(table: str, condition: str, *values: Any) -> None:
    open_up(table)
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE {condition}", values)  # noqa: S608 - names from this file


def columns_of(table: str) -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s ORDER BY 1", [table]
        )
        return cursor.fetchall()


def test_what_was_written_properly_is_green(case: Case) -> None:
    move(case, Case.cancel, by=None)
    assert faults() == []


def test_the_command_says_what_it_read(case: Case) -> None:
    out = StringIO()
    call_command("verify_logbook", stdout=out)
    assert "5 entries of 2 cases and 0 sign-offs read, every chain holds." in out.getvalue()


def test_the_command_is_red_and_names_case_entry_and_part(case: Case) -> None:
    entry = case.log.get(seq=3)
    tamper("returns_logentry", "id", entry.pk, "reason", "text")
    err = StringIO()
    with pytest.raises(SystemExit) as exit_code:
        call_command("verify_logbook", stderr=err)
    assert exit_code.value.code == 1
    assert f"{case.number} #3: its hash does not match its content" in err.getvalue()


@pytest.mark.parametrize("column", GIVEN_BY_THE_DATABASE)
def test_a_restored_copy_with_other_keys_and_transaction_numbers_is_green(case: Case, column: str) -> None:
    tamper("returns_logentry", "id", case.log.get(seq=3).pk, column, "bigint")
    assert faults() == []


@pytest.mark.parametrize("seq", [1, 3, 4])
def test_a_change_of_any_column_of_an_entry_is_found(case: Case, seq: int) -> None:
    entry = case.log.get(seq=seq)
    missed = []
    for column, kind in columns_of("returns_logentry"):
        if column in GIVEN_BY_THE_DATABASE:
            continue
        with undone():
            tamper("returns_logentry", "id", entry.pk, column, kind)
            if not any(fault[0] == case.number for fault in faults()):
                missed.append(column)
    assert missed == []


def test_a_change_of_any_column_of_a_row_of_the_history_is_found(case: Case) -> None:
    row = case.history.latest()
    missed = []
    for column, kind in columns_of("returns_historicalcase"):
        with undone():
            tamper("returns_historicalcase", "history_id", row.pk, column, kind)
            if not any(fault[:2] == (case.number, 3) for fault in faults()):
                missed.append(column)
    assert missed == []


@pytest.mark.parametrize(("column", "kind"), [("seq", "integer"), ("head", "text"), ("status", "state")])
def test_a_change_of_what_the_case_remembers_is_found(case: Case, column: str, kind: str) -> None:
    tamper("returns_case", "id", case.pk, column, kind)
    assert [(fault[0], fault[1]) for fault in faults()] == [(case.number, None)]


def test_a_change_of_any_column_of_the_case_itself_is_found(case: Case) -> None:
    missed = []
    for column, kind in columns_of("returns_case"):
        with undone():
            tamper("returns_case", "id", case.pk, column, "state" if column == "status" else kind)
            if not faults():
                missed.append(column)
    assert missed == []


def test_the_changed_column_of_a_case_is_named(case: Case) -> None:
    tamper("returns_case", "id", case.pk, "value", "numeric")
    assert faults() == [(case.number, None, "its “value” differs from the last row of its history")]


def test_a_tail_that_was_cut_off_is_found(case: Case) -> None:
    cut("returns_logentry", "case_id = %s AND seq = 4", case.pk)
    assert (case.number, None, "the case should have 4 entries; the last one found is number 3") in faults()


def test_an_entry_that_was_cut_out_is_found(case: Case) -> None:
    cut("returns_logentry", "case_id = %s AND seq = 2", case.pk)
    assert (case.number, 3, "number 2 is missing before it") in faults()


def test_a_row_of_the_history_that_was_cut_out_is_found(case: Case) -> None:
    cut("returns_historicalcase", "history_id = %s", case.history.latest().pk)
    assert faults() == [(case.number, 3, "its history row is missing")]


def test_a_case_that_was_made_to_vanish_is_found(case: Case) -> None:
    for table in ("returns_logentry", "returns_line", "returns_statement"):
        cut(table, "case_id = %s", case.pk)
    cut("returns_case", "id = %s", case.pk)
    assert faults() == [(case.number, None, "the history contains this case, but it is missing")]
