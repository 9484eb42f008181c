"""The application's role reads and writes rows; what would undo the books is refused to it, whatever its SQL says."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection

from config import checks
from config.runtime import postgres
from returns.intake.automatic.from_signoff import open_from_sign_offs
from signoff.db import roles
from tests.factories import CheckpointFactory, make_entry
from tests.factories.signed_parcels import make_order, make_sign_off
from tests.proof.superuser import sql, undone
from tests.proof.test_state_sql import refusal_of

pytestmark = pytest.mark.django_db

SCRATCH = f"scratch_{os.getpid()}"
APPEND_ONLY = {
    "refunds_entry",
    "returns_checkpoint",
    "returns_logentry",
    "signoff_discrepancy",
    "signoff_signoff",
    "signoff_signoffline",
}
KEPT = {
    "auth_user",
    "feedback_answer",
    "feedback_digest",
    "feedback_inboundmail",
    "feedback_message",
    "feedback_post",
    "feedback_replyaddress",
    "feedback_savedreply",
    "feedback_survey",
    "feedback_thread",
    "inspection_appraisal",
    "inspection_finding",
    "inspection_inspection",
    "inspection_photo",
    "inspection_receipt",
    "inspection_surplus",
    "inspection_unknownparcel",
    "inspection_unknownparcelphoto",
    "refunds_approval",
    "refunds_claim",
    "refunds_item",
    "refunds_refund",
    "refunds_replacement",
    "refunds_resolution",
    "returns_case",
    "returns_caseorigin",
    "returns_line",
    "returns_statement",
    "signoff_customer",
    "signoff_order",
    "signoff_parcel",
    "signoff_parcelexception",
    "signoff_rating",
    "signoff_signoffnote",
    "signoff_staffprofile",
    "signoff_team",
    "signoff_trackingevent",
    "signoff_violation",
}
RIGHTS = """
    SELECT c.relname, array_agg(a.privilege_type::text ORDER BY a.privilege_type) FROM pg_class c,
    LATERAL aclexplode(c.relacl) a WHERE a.grantee = %s::regrole AND c.relkind = 'r' GROUP BY 1
"""


def rights() -> dict[str, str]:
    """What the application's role may do with each table, according to the catalogue."""
    with connection.cursor() as cursor:
        cursor.execute(RIGHTS, [postgres.APPLICATION])
        return {table: " ".join(allowed) for table, allowed in cursor.fetchall()}


def as_application() -> None:
    sql(f"SET LOCAL ROLE {postgres.APPLICATION}")


def as_owner() -> None:
    """The test's own connection owns the tables."""


@pytest.fixture
def books() -> None:
    make_entry()
    CheckpointFactory()
    connection.check_constraints()


def attacks() -> list[str]:
    """What would undo the books: DDL, TRUNCATE, DELETE, triggers asleep."""
    statements = [
        "CREATE TABLE mine (id int)",
        "CREATE TEMPORARY TABLE returns_logentry (id int)",
        "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE SCHEMA mine",
        "CREATE ROLE mine",
        f"ALTER TABLE refunds_entry OWNER TO {postgres.APPLICATION}",
        "DROP FUNCTION signoff_pieces(text)",
        "ALTER SEQUENCE returns_case_number RESTART",
        "SET session_replication_role = replica",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('refunds', 'mine', now())",
    ]
    for table in sorted(APPEND_ONLY | KEPT):
        statements += [
            f"TRUNCATE {table} CASCADE",
            f"DELETE FROM {table}",  # noqa: S608 - the names above
            f"ALTER TABLE {table} DISABLE TRIGGER USER",
            f"ALTER TABLE {table} ADD COLUMN mine int",
            f"DROP TABLE {table} CASCADE",
            f"CREATE INDEX mine ON {table} (id)",
        ]
    for table in sorted(APPEND_ONLY) + [name for name in rights() if "_historical" in name]:
        statements += [f"UPDATE {table} SET id = id", f"DELETE FROM {table}", f"TRUNCATE {table}"]  # noqa: S608
    return statements


def let_through(role: Callable[[], None]) -> list[str]:
    role()
    passed = []
    for statement in attacks():
        said = refusal_of(statement)
        if not ("permission denied" in said or "must be owner" in said):
            passed.append(statement)
    return passed


def test_what_would_undo_the_books_is_refused_to_the_application(books: None, figure: Callable[..., None]) -> None:
    roles.grant_to_application()  # a copied database has no rights of its own
    passed = let_through(as_application)
    figure("State", "statements that undo books, let through", len(passed), f"of {len(attacks())}", "= 0")
    assert passed == []


def test_negative_control_the_owner_may_do_all_of_it(books: None) -> None:
    assert let_through(as_owner) == attacks()


def test_negative_control_a_role_with_all_rights_deletes_books(books: None) -> None:
    """It is the missing privilege that refuses, before any trigger is asked."""
    sql(f"GRANT DELETE ON signoff_trackingevent TO {postgres.APPLICATION}")
    as_application()
    assert refusal_of("DELETE FROM signoff_trackingevent") == ""


def test_each_table_has_the_rights_that_its_rows_need() -> None:
    found = rights()
    assert {name for name, allowed in found.items() if allowed == "INSERT SELECT"} == APPEND_ONLY | {
        name for name in found if "_historical" in name
    }
    assert {name for name, allowed in found.items() if allowed == "INSERT SELECT UPDATE"} == KEPT
    assert {name for name, allowed in found.items() if allowed == "SELECT"} == {"django_migrations"}
    assert set(found.values()) == {
        "SELECT",
        "INSERT SELECT",
        "INSERT SELECT UPDATE",
        "DELETE INSERT SELECT UPDATE",
    }
    assert set(connection.introspection.table_names()) == set(found)


def test_a_table_of_a_later_migration_can_be_used_at_once() -> None:
    """By default privileges: read and added to; the end of the migration adds the rest."""
    with undone():
        sql("CREATE TABLE later (id int GENERATED BY DEFAULT AS IDENTITY, word text)")
        assert rights()["later"] == "INSERT SELECT"
        as_application()
        assert sql("INSERT INTO later (word) VALUES ('x')") == 1
        assert "permission denied" in refusal_of("TRUNCATE later")


def test_rows_that_cannot_be_changed_are_worked_on_once_all_the_same() -> None:
    """A sweep that locked append-only rows would need the right to change them."""
    make_sign_off({make_order().lines.get(): {"missing": 1}})
    as_application()
    assert (open_from_sign_offs(), open_from_sign_offs()) == (1, 0)


@contextmanager
def connected_as(user: str) -> Iterator[None]:
    """Django's connection belongs to ``user`` until the block ends."""
    own = connection.settings_dict
    connection.close()
    connection.settings_dict = own | {"USER": user}
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict = own


def current_user() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
def test_a_migration_runs_as_the_owner_and_gives_the_application_its_rights() -> None:
    sql(f"REVOKE ALL ON refunds_refund FROM {postgres.APPLICATION}")
    with connected_as(postgres.APPLICATION):
        call_command("migrate", verbosity=0)
        assert current_user() == postgres.APPLICATION
    assert rights()["refunds_refund"] == "INSERT SELECT UPDATE"


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_a_database_that_the_owner_migrates_is_complete(settings: Any) -> None:
    """An owner without other rights can migrate an empty database, extensions included."""
    owner = settings.DATABASE_OWNER | {"USER": postgres.OWNER}
    with psycopg.connect(**postgres.dsn("postgres"), autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {SCRATCH}")
        server.execute(f"CREATE DATABASE {SCRATCH} OWNER {postgres.OWNER}")
    settings.DATABASE_OWNER = owner
    whole = connection.settings_dict["NAME"]
    try:
        connection.settings_dict["NAME"] = SCRATCH
        with connected_as(postgres.APPLICATION):
            call_command("migrate", verbosity=0)
            assert roles.excess_power() == ""
        found = rights()
    finally:
        connection.close()
        connection.settings_dict["NAME"] = whole
        with psycopg.connect(**postgres.dsn("postgres"), autocommit=True) as server:
            server.execute(f"DROP DATABASE {SCRATCH} WITH (FORCE)")
    assert found == rights()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("user", "said"), [(postgres.APPLICATION, ""), (postgres.ADMIN, "superuser"), (postgres.OWNER, "owner")]
)
def test_a_role_that_can_do_too_much_is_refused_in_production(
    settings: Any, caplog: pytest.LogCaptureFixture, user: str, said: str
) -> None:
    sql(f"ALTER DATABASE {connection.settings_dict['NAME']} OWNER TO {postgres.OWNER}")
    with connected_as(user):
        assert said in roles.excess_power()
        assert [error.id for error in checks.check_database_role()] == (["config.E004"] if said else [])
        settings.SECURE = False
        roles.refuse_excess_power()
        assert [said in record.getMessage() for record in caplog.records] == ([True] if said else [])
        settings.SECURE = True
        if said:
            with pytest.raises(SystemExit, match=said):
                roles.refuse_excess_power()
        else:
            roles.refuse_excess_power()
