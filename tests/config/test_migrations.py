"""Squashed migrations leave what the migrations they replace leave, so that old databases and new ones are alike."""

from collections.abc import Iterable
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import CreateModel
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ModelState, ProjectState
from django.db.models import CASCADE, AutoField, CharField, ForeignKey

from signoff.db.create_models import CreateModels

#: words for people: only the squash has their newest text, as no table and no form of a migration reads them
LABELS = {"verbose_name", "verbose_name_plural", "help_text", "choices"}
OURS = ("config", "feedback", "refunds", "inspection", "returns", "signoff")


@pytest.fixture(scope="module")
def loader() -> MigrationLoader:
    return MigrationLoader(None, replace_migrations=False)


@pytest.fixture(scope="module")
def squashed(loader: MigrationLoader) -> dict[tuple[str, str], list[tuple[str, str]]]:
    return {key: found.replaces for key, found in loader.disk_migrations.items() if key[0] in OURS and found.replaces}


def test_every_squash_leaves_the_models_that_its_parts_leave(
    loader: MigrationLoader, squashed: dict[tuple[str, str], list[tuple[str, str]]]
) -> None:
    assert {app for app, _ in squashed} == set(OURS)
    new = loader.project_state(list(squashed))
    old = loader.project_state([parts[-1] for parts in squashed.values()])
    assert described(new) == described(old)


def test_a_field_that_differs_would_be_seen(
    loader: MigrationLoader, squashed: dict[tuple[str, str], list[tuple[str, str]]]
) -> None:
    state = loader.project_state(list(squashed))
    shop = state.models["signoff", "shop"] = state.models["signoff", "shop"].clone()
    shop.fields["name"] = CharField("name", max_length=121)
    assert described(state) != described(loader.project_state(list(squashed)))


def test_models_created_together_are_those_created_one_by_one(loader: MigrationLoader) -> None:
    tables = [
        CreateModel("Shelf", [("id", AutoField(primary_key=True))]),
        CreateModel(
            "Box", [("id", AutoField(primary_key=True)), ("shelf", ForeignKey("config.Shelf", on_delete=CASCADE))]
        ),
    ]
    single, together = ProjectState(), ProjectState()
    assert not together.apps.get_models()  # rendered now, so the operation has to render anew
    for table in tables:
        table.state_forwards("config", single)
    CreateModels(tables).state_forwards("config", together)
    assert described(together) == described(single)
    assert together.apps.get_model("config", "Box")._meta.get_field("shelf").related_model._meta.model_name == "shelf"


@pytest.mark.django_db
def test_tables_created_together_can_be_deleted_again() -> None:
    before, after = ProjectState(), ProjectState()
    operation = CreateModels([CreateModel("Shelf", [("id", AutoField(primary_key=True))])])
    operation.state_forwards("config", after)
    with connection.schema_editor() as editor:
        operation.database_forwards("config", editor, before, after)
        assert "config_shelf" in connection.introspection.table_names()
        operation.database_backwards("config", editor, after, before)
    assert "config_shelf" not in connection.introspection.table_names()


@pytest.mark.django_db
def test_a_new_database_counts_as_one_that_took_the_single_steps(
    squashed: dict[tuple[str, str], list[tuple[str, str]]],
) -> None:
    applied = set(MigrationRecorder(connection).applied_migrations())
    assert {key for key, parts in squashed.items() for key in (key, *parts)} <= applied


@pytest.mark.django_db
def test_models_and_migrations_agree() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def described(state: ProjectState) -> dict[tuple[str, str], Any]:
    return {key: of_model(found) for key, found in state.models.items() if key[0] in OURS}


def of_model(model: ModelState) -> Any:
    flat = MigrationAutodetector(ProjectState(), ProjectState()).deep_deconstruct
    fields = [(name, without_labels(flat(field))) for name, field in model.fields.items()]
    options = {name: value for name, value in model.options.items() if value not in ([], ()) and name not in LABELS}
    for name in options.keys() & {"constraints", "indexes", "triggers"}:
        options[name] = by_name(options[name])
    if "permissions" in options:
        options["permissions"] = [codename for codename, _label in options["permissions"]]
    return fields, options, model.bases


def without_labels(field: Any) -> Any:
    """A deconstructed field (path, arguments, keywords, with fields inside it likewise) without its labels."""
    if isinstance(field, dict):
        return {name: without_labels(value) for name, value in field.items() if name not in LABELS}
    return tuple(without_labels(part) for part in field) if isinstance(field, tuple | list) else field


def by_name(parts: Iterable[Any]) -> dict[str, Any]:
    return {part.name: part for part in parts}
