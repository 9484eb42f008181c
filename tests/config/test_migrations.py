"""Squashed migrations leave what the migrations they replace leave, so that old databases and new ones are alike."""

from collections.abc import Iterable
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ModelState, ProjectState
from django.db.models import CharField

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
    fields = [(name, flat(field)) for name, field in model.fields.items()]
    options = {
        name: by_name(value) if name in {"constraints", "indexes", "triggers"} else value
        for name, value in model.options.items()
        if value not in ([], ())
    }
    return fields, options, model.bases


def by_name(parts: Iterable[Any]) -> dict[str, Any]:
    return {part.name: part for part in parts}
