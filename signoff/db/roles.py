"""Roles of the database: an owner that migrates, and the application's role that only reads and writes rows.

The application's role cannot TRUNCATE, change tables or triggers, or make temporary tables (which a trigger's function
would take for the real ones). It cannot delete rows of tables named to ``register_kept_rows``; rows of append-only
tables and of histories it can neither change nor delete. Why: docs/decisions/0036-an-owner-and-an-application-role.md.
"""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, OperationalError, connections, models, transaction
from psycopg import sql

logger = logging.getLogger(__name__)

ADD, CHANGE, DELETE = "SELECT, INSERT", "SELECT, INSERT, UPDATE", "SELECT, INSERT, UPDATE, DELETE"
HINT = "Name a role without rights of its own in DATABASE_URL, the owner in DATABASE_OWNER_URL, and run 'migrate'."
LOGIN = ("USER", "PASSWORD", "HOST", "PORT")
POWER = """
    SELECT
        (SELECT rolsuper FROM pg_roles WHERE rolname = current_user),
        EXISTS (SELECT 1 FROM pg_database WHERE datname = current_database() AND pg_has_role(datdba, 'MEMBER')),
        EXISTS (
            SELECT 1 FROM pg_class WHERE relnamespace = to_regnamespace('public') AND relkind = 'r'
            AND (pg_has_role(relowner, 'MEMBER') OR has_table_privilege(oid, 'TRUNCATE'))
        )
"""

_kept_rows: set[type[models.Model]] = set()


def register_kept_rows(*kept: type[models.Model]) -> None:
    """Rows of these models are changed, never deleted; append-only models and histories need not be named."""
    _kept_rows.update(kept)


def privileges() -> dict[str, str]:
    """What the application's role may do with each table of a model."""
    return {
        model._meta.db_table: _privileges_of(model)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    }


def _privileges_of(model: type[models.Model]) -> str:
    if _is_history(model) or _is_append_only(model):
        return ADD
    return CHANGE if model in _kept_rows else DELETE


def _is_history(model: type[models.Model]) -> bool:
    # what django-simple-history puts on its models, and on those for the members of a many-to-many field
    return hasattr(model, "history_type") or hasattr(model, "m2m_history_id")


def _is_append_only(model: type[models.Model]) -> bool:
    return any(trigger.name.endswith("_append_only") for trigger in getattr(model._meta, "triggers", ()))


@contextmanager
def as_owner(alias: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Connect this thread as the owner (``settings.DATABASE_OWNER``) until the block ends."""
    connection = connections[alias]
    application = connection.settings_dict
    login = {name: settings.DATABASE_OWNER[name] for name in LOGIN}
    if all(application[name] == value for name, value in login.items()):
        yield
        return
    connection.close()
    connection.settings_dict = application | login
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict = application


def grant_to_application(alias: str = DEFAULT_DB_ALIAS) -> None:
    """Give ``settings.DATABASE_ROLE`` exactly the privileges of this module; the connection must be the owner's.

    New tables get them at the end of the migration that makes them; until then they can be read and added to.
    """
    connection = connections[alias]
    role = sql.Identifier(settings.DATABASE_ROLE)
    with transaction.atomic(using=alias), connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_database()")
        owner, database = cursor.fetchone()
        if settings.DATABASE_ROLE in ("", owner):
            return
        statements = [
            sql.SQL("REVOKE TEMPORARY ON DATABASE {} FROM PUBLIC, {}").format(sql.Identifier(database), role),
            sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(role),
            sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}").format(role),
            sql.SQL("GRANT SELECT ON ALL TABLES IN SCHEMA public TO {}").format(role),
            sql.SQL("REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {}").format(role),
            sql.SQL("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {}").format(role),
            sql.SQL("ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT ON TABLES TO {}").format(role),
            sql.SQL("ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO {}").format(role),
        ]
        existing = set(connection.introspection.table_names(cursor))
        statements += [
            sql.SQL("GRANT {} ON {} TO {}").format(sql.SQL(allowed), sql.Identifier(table), role)
            for table, allowed in sorted(privileges().items())
            if table in existing
        ]
        for statement in statements:
            cursor.execute(statement.as_string())


def excess_power(alias: str = DEFAULT_DB_ALIAS) -> str:
    """A sentence why the connection's role can do more than the application needs; "" if it can not.

    Also "" while the database does not answer: then nothing can be asked.
    """
    try:
        with connections[alias].cursor() as cursor:
            cursor.execute(POWER)
            superuser, owns_database, owns_tables = cursor.fetchone()
    except OperationalError:
        return ""
    if superuser:
        return "The application connects to the database as a superuser."
    if owns_database or owns_tables:
        return "The application connects to the database as the owner of its tables, or as a role that may empty them."
    return ""


def refuse_excess_power() -> None:
    """At the start of a process: end it in production if its role can do too much, warn elsewhere.

    The connection is closed, so that a fork does not share it.
    """
    reason = excess_power()
    connections.close_all()
    if reason and settings.SECURE:
        sys.exit(f"{reason} {HINT}")
    if reason:
        logger.warning("%s %s", reason, HINT)
