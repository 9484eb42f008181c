"""The positions of readers moved from feedback to returns: table, rows and permissions stay."""

from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType

from returns.models import ReadingPlace

MOVE = import_module("feedback.migrations.0007_place_in_the_logbook")
pytestmark = pytest.mark.django_db


def permission() -> Permission:
    return Permission.objects.get(codename="view_readingplace")


def test_a_permission_that_was_given_before_the_move_stays_the_same() -> None:
    ContentType.objects.filter(app_label="returns", model="readingplace").update(app_label="feedback")
    before = permission()
    MOVE.move_content_type(apps, None)
    assert (permission().pk, permission().content_type.app_label) == (before.pk, "returns")


def test_the_move_can_be_taken_back() -> None:
    before = permission()
    MOVE.move_content_type_back(apps, None)
    assert (permission().pk, permission().content_type.app_label) == (before.pk, "feedback")


def test_a_content_type_that_returns_has_already_is_left_alone() -> None:
    ContentType.objects.create(app_label="feedback", model="readingplace")
    MOVE.move_content_type(apps, None)
    assert ContentType.objects.filter(model="readingplace").count() == 2


def test_the_table_keeps_its_name() -> None:
    assert ReadingPlace._meta.db_table == "feedback_readingplace"
