"""Databases from before the word changed: every “withdrawn” that was stored is “cancelled” afterwards."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from feedback.messages.actions import write_message
from feedback.models import Message, MessageTemplate
from returns.lifecycle.actions import move
from returns.models import Case, LogEntry
from tests.factories import make_case
from tests.factories.case_messages import make_topic_entry

migration = import_module("returns.migrations.0009_cancelled")
rename_topics = import_module("feedback.migrations.0006_cancelled").rename

BACK = """
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE returns_case DROP CONSTRAINT case_status_known;
ALTER TABLE returns_case DISABLE TRIGGER USER;
ALTER TABLE returns_logentry DISABLE TRIGGER USER;
UPDATE returns_case SET status = 'withdrawn' WHERE status = 'cancelled';
UPDATE returns_historicalcase SET status = 'withdrawn' WHERE status = 'cancelled';
UPDATE returns_historicalcase SET history_change_reason = 'withdraw' WHERE history_change_reason = 'cancel';
UPDATE returns_logentry SET verb = 'withdraw' WHERE verb = 'cancel';
UPDATE returns_logentry SET source = 'withdrawn' WHERE source = 'cancelled';
UPDATE returns_logentry SET target = 'withdrawn' WHERE target = 'cancelled';
"""
TRIGGERS = """
SELECT tgname, tgenabled FROM pg_trigger
WHERE tgrelid IN ('returns_case'::regclass, 'returns_logentry'::regclass) AND NOT tgisinternal ORDER BY tgname
"""

pytestmark = pytest.mark.django_db


def stored() -> tuple[list, list, list]:
    """What cases, history and logbook hold of status and verb."""
    return (
        list(Case.objects.order_by("pk").values_list("number", "status")),
        list(Case.history.order_by("history_id").values_list("number", "status", "history_change_reason")),
        list(LogEntry.objects.order_by("pk").values_list("verb", "source", "target")),
    )


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def triggers() -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(TRIGGERS)
        return cursor.fetchall()


def test_stored_cases_get_the_new_word_and_the_triggers_are_awake_as_before() -> None:
    move(make_case(), Case.cancel, by=None)
    move(move(make_case(), Case.cancel, by=None), Case.close, by=None)
    move(make_case(), Case.reject, by=None)
    before, awake = stored(), triggers()
    assert [enabled for _name, enabled in awake] == ["A"] * 6
    run(BACK)
    assert stored() != before
    run(migration.RENAME)
    assert stored() == before
    run(migration.ALWAYS)
    assert triggers() == awake


def test_stored_messages_and_templates_get_the_new_topic() -> None:
    sent = write_message(make_topic_entry("cancelled"))
    assert sent is not None
    Message.objects.filter(pk=sent.pk).update(topic="withdrawn")
    MessageTemplate.objects.filter(topic="cancelled").update(topic="withdrawn")
    rename_topics(apps, None)
    assert Message.objects.get(pk=sent.pk).topic == "cancelled"
    assert MessageTemplate.objects.filter(topic="cancelled").count() == 3
    assert not MessageTemplate.objects.filter(topic="withdrawn").exists()
