"""Every model has a factory, and what it makes is valid."""

import pytest
from django.apps import apps
from django.db import connection, models
from django.utils import timezone
from factory.django import DjangoModelFactory

from refunds.models import Entry
from returns.models import Case, Line, LogEntry, Statement
from tests import factories

APPS = ("signoff", "returns", "inspection", "refunds", "feedback")
FACTORIES = [made for name in factories.__all__ if name.endswith("Factory") for made in [getattr(factories, name)]]
MADE_BY_ACTIONS = {
    Case: factories.make_case,
    Line: factories.make_line,
    LogEntry: factories.make_log_entry,
    Statement: factories.make_statement,
    Entry: factories.make_entry,
}

pytestmark = pytest.mark.django_db


def check(row: models.Model) -> None:
    """Ask the deferred triggers and constraints now; without this they would wait for a commit that never comes."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    row.refresh_from_db()


def make_refund() -> models.Model:
    """A refund whose plan somebody has approved, which the database asks for at commit."""
    answer = factories.ApprovalFactory(resolution__approved_at=timezone.now())
    return factories.RefundFactory(resolution=answer.resolution, approved_by=answer.by)


def _left_alone(row: models.Model, field: models.Field) -> bool:
    """Empty columns, which the database judges, and the status, which only transitions may set."""
    return not getattr(row, field.attname) or getattr(field, "protected", False)


@pytest.mark.parametrize("made", FACTORIES, ids=lambda made: made.__name__)
def test_a_factory_makes_a_valid_row(made: type[DjangoModelFactory]) -> None:
    row = make_refund() if made is factories.RefundFactory else made()
    row.clean_fields(exclude=[field.name for field in row._meta.fields if _left_alone(row, field)])
    row.validate_constraints()
    check(row)


@pytest.mark.parametrize("made", MADE_BY_ACTIONS)
def test_a_deed_makes_a_row(made: type[models.Model]) -> None:
    row = MADE_BY_ACTIONS[made]()
    assert type(row) is made
    check(row)


def test_every_model_of_the_floors_can_be_made() -> None:
    kept = {model for app in APPS for model in apps.get_app_config(app).get_models()}
    history = {model for model in kept if hasattr(model, "instance_type")}
    assert kept - history - {made._meta.model for made in FACTORIES} - MADE_BY_ACTIONS.keys() == set()
