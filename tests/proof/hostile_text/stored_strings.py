"""Puts hostile text into every column that people fill, as an import, an integrator or a form may do."""

from collections.abc import Iterator

from django.apps import apps
from django.contrib.auth.models import User
from django.db import connection, models

APPS = ("signoff", "returns", "inspection", "refunds", "feedback")
#: written by the product itself, or names of things it must find again
OURS = frozenset(
    """
    body book browser_hash code_hash colour country currency dedupe_key dhash digest encoding external_id fingerprint
    format gateway hash head history_digest idempotency_key key key_hash language lease_token link_hash original_format
    picture prefix previous reader sha256 source subject target time_zone title_zh_hans token topic trail verb
    """.split()  # noqa: SIM905 - a table
)
#: unique, or refused by a trigger, or part of an address
NUMBERS = {
    "refunds.Refund.provider_reference",
    "returns.Case.number",
    "signoff.Order.number",
    "returns.LogEntry.reason",
    "refunds.Entry.text",
    "signoff.Violation.name",
}


def plant(texts: tuple[str, ...]) -> list[str]:
    """Write texts into the columns of every row, in turn; returns the names of the columns."""
    planted = []
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE feedback_post DISABLE TRIGGER USER")  # until it is undone: no post is ever changed
    for at, (model, column) in enumerate(columns()):
        text = texts[at % len(texts)].replace("\x00", "")
        model._default_manager.update(**{column.name: text[: column.max_length] if column.max_length else text})
        planted.append(f"{model._meta.label}.{column.name}")
    User.objects.update(first_name=texts[0][:150].replace("\x00", ""), last_name=texts[-1][:150].replace("\x00", ""))
    return planted


def columns() -> Iterator[tuple[type[models.Model], models.Field]]:
    for model in apps.get_models():
        if model._meta.app_label not in APPS or model.__name__.startswith("Historical"):
            continue
        for column in model._meta.concrete_fields:
            free = type(column) in (models.CharField, models.TextField) and not column.choices and not column.unique
            if free and column.name not in OURS and f"{model._meta.label}.{column.name}" not in NUMBERS:
                yield model, column
