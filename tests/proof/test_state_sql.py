"""The law holds in the database itself, whatever program or person talks to it as long as the triggers are on."""

from collections.abc import Callable
from itertools import permutations

import pytest
from django.db import DatabaseError, connection, transaction

from refunds.models import Entry
from returns.lifecycle.actions import move
from returns.models import Case, Checkpoint, LogEntry
from tests.factories import CheckpointFactory, make_case, make_entry
from tests.proof.superuser import sql, undone
from tests.returns.test_lifecycle import LAW, case_in

pytestmark = pytest.mark.django_db

GUARDED = (Case, LogEntry, Entry, Checkpoint)
APPEND_ONLY = (LogEntry, Entry, Checkpoint)
CLERK = """
    CREATE ROLE homeward_clerk NOSUPERUSER;
    GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON ALL TABLES IN SCHEMA public TO homeward_clerk;
    GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO homeward_clerk;
"""


def refusal_of(statement: str, *values: object) -> str:
    """What the database says to it; empty where it lets it happen. Whatever happened is taken back."""
    try:
        with undone():
            sql(statement, *values)
            connection.check_constraints()  # what a commit would ask
    except DatabaseError as refusal:
        return str(refusal)
    return ""


def as_owner() -> None:
    """Whoever owns the tables, as the product does."""


def as_clerk() -> None:
    """Somebody who may read and write every table, but owns none."""
    sql(CLERK)
    sql("SET LOCAL ROLE homeward_clerk")


def as_replica() -> None:
    """A session in which ordinary triggers sleep."""
    sql("SET LOCAL session_replication_role = replica")


@pytest.fixture(params=[as_owner, as_clerk, as_replica], ids=lambda role: role.__name__)
def role(request: pytest.FixtureRequest) -> Callable[[], None]:
    return request.param


def test_no_illegal_pair_and_no_legal_one_without_its_entry(
    role: Callable[[], None], figure: Callable[..., None]
) -> None:
    cases = {state: case_in(state) for state in LAW}
    connection.check_constraints()
    role()
    let_through = []
    for state, target in permutations(LAW, 2):
        said = refusal_of("UPDATE returns_case SET status = %s WHERE id = %s", target, cases[state].pk)
        legal = target in LAW[state].values()
        expected = "without a logbook entry" if legal else "closed" if state == "closed" else "no step leads"
        if expected not in said:
            let_through.append((state, target, said))
    pairs = len(LAW) * (len(LAW) - 1)
    figure("State", f"raw SQL let through, {role.__name__}", len(let_through), f"of {pairs} pairs", "= 0")


@pytest.mark.django_db(transaction=True)
def test_an_entry_of_an_earlier_transaction_does_not_count() -> None:
    case = move(make_case(), Case.request_information, by=None)
    case = move(case, Case.supply_information, by=None)
    with pytest.raises(DatabaseError, match="without a logbook entry"), transaction.atomic():
        sql("UPDATE returns_case SET status = 'waiting_on_shopper' WHERE id = %s", case.pk)


def test_an_entry_of_another_case_does_not_count(role: Callable[[], None]) -> None:
    move(make_case(), Case.cancel, by=None)
    case = make_case()
    connection.check_constraints()
    role()
    assert "without a logbook entry" in refusal_of(
        "UPDATE returns_case SET status = 'cancelled' WHERE id = %s", case.pk
    )


@pytest.mark.parametrize("column", [field.column for field in Case._meta.concrete_fields])
def test_no_column_of_a_closed_case_changes(column: str, role: Callable[[], None]) -> None:
    case = case_in("closed")
    connection.check_constraints()
    role()
    assert "is closed and cannot be changed" in refusal_of(
        f"UPDATE returns_case SET {column} = {column} WHERE id = %s",  # noqa: S608 - the model's own columns
        case.pk,
    )


@pytest.fixture
def books() -> None:
    make_entry()
    CheckpointFactory()
    connection.check_constraints()


@pytest.mark.parametrize("model", APPEND_ONLY)
@pytest.mark.parametrize("change", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_what_is_written_stays(books: None, model: type, change: str, role: Callable[[], None]) -> None:
    role()
    said = refusal_of(change.format(model._meta.db_table))
    assert "Cannot update or delete" in said or "append-only" in said


def test_no_case_is_deleted(books: None, role: Callable[[], None]) -> None:
    role()
    for change in ("DELETE FROM returns_case", "TRUNCATE returns_case", "TRUNCATE returns_case CASCADE"):
        assert refusal_of(change)


@pytest.mark.parametrize("model", GUARDED)
def test_who_does_not_own_the_tables_cannot_send_the_triggers_to_sleep(model: type) -> None:
    as_clerk()
    table = model._meta.db_table
    trigger = _triggers(table)[0][0]
    for attempt in (
        "SET LOCAL session_replication_role = replica",
        f"ALTER TABLE {table} DISABLE TRIGGER ALL",
        f"ALTER TABLE {table} DISABLE TRIGGER {trigger}",
        f"DROP TRIGGER {trigger} ON {table}",
        f"DROP TABLE {table}",
    ):
        said = refusal_of(attempt)
        assert "permission denied" in said or "must be owner" in said


@pytest.mark.parametrize("model", GUARDED)
def test_every_trigger_is_always_on(model: type) -> None:
    triggers = _triggers(model._meta.db_table)
    assert triggers
    assert {enabled for _name, enabled in triggers} == {"A"}


def test_with_the_triggers_off_all_of_this_would_happen() -> None:
    """Negative control: it is the triggers that refuse, nothing else."""
    case = case_in("closed")
    connection.check_constraints()
    for table in ("returns_case", "returns_logentry"):
        sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    assert refusal_of("UPDATE returns_case SET status = 'submitted' WHERE id = %s", case.pk) == ""
    assert refusal_of("UPDATE returns_logentry SET reason = 'x'") == ""
    assert refusal_of("DELETE FROM returns_logentry") == ""


def _triggers(table: str) -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname, tgenabled::text FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal", [table]
        )
        return cursor.fetchall()
